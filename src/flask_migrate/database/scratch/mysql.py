"""What MariaDB and MySQL say of models, tried in scratch databases."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from flask_migrate._sqlalchemy import sequences_of
from flask_migrate.database.pools import engine_beside
from flask_migrate.database.scratch.databases import Part, new_parts, said, scratch_databases
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.database.scratch.statements import Statement, creation
from flask_migrate.database.snapshots.mysql.places import Places, places_of
from flask_migrate.database.snapshots.mysql.whole import read_counters, read_places
from flask_migrate.values.schema import Name, Snapshot


def read_models(connection: Connection, tables: Collection[Table]) -> Judged:
    """Make tables in scratch databases, return what the server says of them, and drop them.

    Every statement of DDL ends a transaction here, so all of it is done beside the one of the
    connection. There is one scratch database for each schema of the metadata.

    Where AUTO_INCREMENT begins is an option of a table only if the real one has not come that
    far: then it is not what the models say.

    A server that lets us make no database has no other place: temporary tables take neither
    foreign keys nor partitions, and what they are is not in information_schema.

    Args:
        connection: To the real database, which is neither changed nor locked.
        tables: The tables of the models.

    Raises:
        NoScratchPlace: The server lets us make no database, or no second connection.
    """
    real = _places(connection, tables)
    parts = _parts(real)
    scratch = Places(
        databases=tuple(part.name for part in parts),
        schemas={**real.schemas, **{part.name: part.schema for part in parts}},
    )
    with scratch_databases(engine_beside(connection.engine), parts) as beside:
        failed = _make(beside, tables, parts)
        starts = _starts(read_counters(beside, scratch), read_counters(beside, real))
        found = read_places(beside, scratch)
    return Judged(snapshot=_judged(found, failed, starts), failed=failed)


def _places(connection: Connection, tables: Collection[Table]) -> Places:
    was_in_transaction = connection.in_transaction()
    places = places_of(connection, {"", *_schemas(tables)})
    if not was_in_transaction:
        connection.rollback()
    return places


def _schemas(tables: Collection[Table]) -> Iterator[str]:
    """Yield the schemas of all that the metadata has: a foreign key may refer to any of it."""
    for metadata in {id(table.metadata): table.metadata for table in tables}.values():
        yield from (one.schema for one in metadata.tables.values() if one.schema)
        yield from (one.schema for one in sequences_of(metadata) if one.schema)


def _parts(real: Places) -> tuple[Part, ...]:
    databases: dict[str, str | None] = {"": None}
    databases |= {real.schema(database): database for database in real.databases}
    return new_parts(databases.items())


def _make(
    beside: Connection, tables: Collection[Table], parts: Sequence[Part]
) -> Mapping[Name, str]:
    """Run what makes the tables; return those that failed, and why."""
    failed: dict[Name, str] = {}
    names = {part.schema: part.name for part in parts}
    # A schema that is the database of the connection, by its name, has no part of its own.
    schemas = {one: names.get(one, names[""]) for one in _schemas(tables)}
    for statement in creation(tables, dialect=beside.dialect, schemas=schemas):
        owner = replace(
            statement.owner,
            schema=statement.owner.schema if statement.owner.schema in names else "",
        )
        problem = None if owner in failed else _run(beside, statement)
        if problem is not None:
            failed[owner] = _with_real_names(problem, parts)
    return failed


def _run(beside: Connection, statement: Statement) -> str | None:
    """Run a statement; return what the server or SQLAlchemy says against it."""
    if statement.problem is not None:
        return statement.problem
    # Without checks MariaDB takes the RESTRICT of a key that is added for NO ACTION.
    checks = statement.sql.startswith("ALTER TABLE")
    try:
        beside.exec_driver_sql(f"SET SESSION foreign_key_checks = {checks:d}")
        beside.exec_driver_sql(statement.sql)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return said(error)
    return None


def _with_real_names(message: str, parts: Sequence[Part]) -> str:
    for part in parts:
        message = message.replace(part.name, part.real or part.schema)
    return message


def _starts(models: Mapping[Name, int], database: Mapping[Name, int]) -> Mapping[Name, int]:
    """Return where tables begin to count that have not come that far.

    Args:
        models: The next number of each table that was just made.
        database: That of each table that is there.
    """
    return {
        name: start
        for name, start in models.items()
        if start > 1 and name in database and database[name] < start
    }


def _judged(found: Snapshot, failed: Mapping[Name, str], starts: Mapping[Name, int]) -> Snapshot:
    """Return a snapshot without what was made by halves, and with where tables begin to count."""
    tables = {name: table for name, table in found.tables.items() if name not in failed}
    for name, start in starts.items():
        if name in tables:
            options = (*tables[name].options, ("auto_increment", str(start)))
            tables[name] = replace(tables[name], options=tuple(sorted(options)))
    return replace(found, tables=tables)
