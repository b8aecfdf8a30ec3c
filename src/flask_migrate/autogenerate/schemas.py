"""Schemas that the models use: seen without a setting, created before their first table."""

from collections.abc import Callable, Iterable
from typing import Any

from alembic.operations import ops
from sqlalchemy import Connection, MetaData, inspect

from flask_migrate.database.lease import LEASE_TABLE
from flask_migrate.database.sqlite.copies import BATCH_COPY
from flask_migrate.revisions.created import TableName
from flask_migrate.values.revision import Problem

IncludeName = Callable[[str | None, str, Any], bool]
IncludeObject = Callable[[Any, str | None, str, bool, Any], bool]


def schemas_of(metadatas: Iterable[MetaData]) -> frozenset[str]:
    """Return every schema that a table of the models names."""
    return frozenset(
        table.schema for metadata in metadatas for table in metadata.tables.values() if table.schema
    )


def tables_of(connection: Connection, *, schemas: Iterable[str]) -> set[str]:
    """Return the tables of the default schema and of these, named as metadata names them."""
    inspector = inspect(connection)
    qualified = {
        f"{schema}.{name}"
        for schema in set(schemas).intersection(inspector.get_schema_names())
        for name in inspector.get_table_names(schema=schema)
    }
    return qualified.union(inspector.get_table_names())


def schemas_left_out(schemas: Iterable[str]) -> Problem:
    """Return what to say when the application names schemas and does not compare them."""
    names = ", ".join(map(repr, sorted(schemas)))
    return Problem(
        code="schemas-left-out",
        message=f"Models name the schema {names}, and include_schemas=False leaves it out: what "
        "is there already is taken for missing.",
        hint="Remove include_schemas: the schemas that models name are compared by themselves.",
    )


def only_schemas(schemas: frozenset[str], include_name: IncludeName | None) -> IncludeName:
    """Return a filter that lets the default schema and these through, and asks the other one.

    Args:
        schemas: What the models use.
        include_name: The application's own filter, or None.
    """

    def include(name: str | None, type_: str, parent_names: Any) -> bool:
        if type_ == "schema" and name is not None and name not in schemas:
            return False
        return include_name is None or include_name(name, type_, parent_names)

    return include


def only_known_tables(
    *,
    is_ours: Callable[[TableName], bool],
    leave_alone: Callable[[TableName], None],
    include_object: IncludeObject | None,
) -> IncludeObject:
    """Return a filter that keeps tables of others in a schema from being dropped.

    A schema that the models share with another program was not looked at before,
    so nobody has said that its other tables may go.

    Args:
        is_ours: Whether a revision made a table.
        leave_alone: Is told of each table that is left out.
        include_object: The application's own filter, or None.
    """

    def include(
        item: Any,
        name: str | None,
        type_: str,
        reflected: bool,  # noqa: FBT001  (the signature is Alembic's)
        compare_to: Any,
    ) -> bool:
        is_only_in_database = type_ == "table" and reflected and compare_to is None
        if is_only_in_database and item.schema and not is_ours((item.schema, item.name)):
            leave_alone((item.schema, item.name))
            return False
        return include_object is None or include_object(item, name, type_, reflected, compare_to)

    return include


def without_our_tables(version_table: str, include_object: IncludeObject | None) -> IncludeObject:
    """Return a filter that leaves our own tables alone, and asks the other one.

    Alembic does so with the version table in the schema that `version_table_schema` names,
    and takes the same table for another one where it comes to it as that of the default
    schema, or of `search_path`; other schemas may have version tables of their own. The
    table of leases is there while a migration runs, or where one was killed, and so is the
    copy of a table that Alembic's batch mode makes.

    Args:
        version_table: The name of version tables.
        include_object: The application's own filter, or None.
    """
    ours = frozenset({version_table, LEASE_TABLE})

    def include(
        item: Any,
        found: str | None,
        type_: str,
        reflected: bool,  # noqa: FBT001  (the signature is Alembic's)
        compare_to: Any,
    ) -> bool:
        is_left = type_ == "table" and reflected and compare_to is None
        if is_left and (found in ours or str(found).startswith(BATCH_COPY)):
            return False
        return include_object is None or include_object(item, found, type_, reflected, compare_to)

    return include


def table_left_alone(table: TableName) -> Problem:
    """Return what is said of a table that only the database has."""
    name = ".".join(filter(None, table))
    return Problem(
        code="table-left-alone",
        message=f"The table {name} is in the database and not in the models, and no "
        "revision made it: it is left alone.",
        hint="If it is to go: flask db migrate --drop-unknown",
    )


def create_missing_schemas(
    connection: Connection, *, upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps
) -> None:
    """Put the creation of schemas that the database lacks before their first table.

    Only PostgreSQL: what MariaDB and MySQL call a schema is another database, and
    SQLite attaches files. The downgrade drops them after their last table; the
    server refuses that if something else is in them.

    Args:
        connection: The database.
        upgrade: Operations that may create tables.
        downgrade: What undoes them.
    """
    created = {table.schema for table in upgrade.ops if isinstance(table, ops.CreateTableOp)}
    wanted = sorted(schema for schema in created if schema)
    if not wanted or connection.dialect.name != "postgresql":
        return
    existing = set(inspect(connection).get_schema_names())
    quote = connection.dialect.identifier_preparer.quote
    missing = [quote(schema) for schema in wanted if schema not in existing]
    upgrade.ops[:0] = [ops.ExecuteSQLOp(f"CREATE SCHEMA IF NOT EXISTS {name}") for name in missing]
    downgrade.ops += [ops.ExecuteSQLOp(f"DROP SCHEMA IF EXISTS {name}") for name in missing]
