"""The tables of a PostgreSQL database as SQLAlchemy's: made anew, they are the same.

SQLAlchemy's own reflection knows the types. Of constraints and indexes it loses some: operator
classes, directions and collations of expressions, EXCLUDE, NO INHERIT. A snapshot has it all.
"""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.types import TypeEngine

from flask_migrate.database.models.postgresql_parts import (
    add_foreign_key,
    check_of,
    index_of,
    key_of,
    parts_of,
    unquoted,
)
from flask_migrate.database.models.postgresql_text import stable
from flask_migrate.values.schema import Column, Constraint, Identity, Kind, Name, Snapshot, Table

_UNLOGGED = "unlogged"
_WITH = "with."
_NUMBERS = {"cache", "increment", "maxvalue", "minvalue", "start"}


def models_of(
    connection: Connection, snapshot: Snapshot, names: Collection[Name]
) -> dict[Name, sa.Table]:
    """Return tables of a database as SQLAlchemy's.

    What has no such object is left out: a constraint then only is in the snapshot.

    Args:
        connection: The database.
        snapshot: What there is in it.
        names: The tables, all of them in the snapshot.
    """
    types = _types(connection, names)
    metadata = sa.MetaData()
    made = {name: _table(snapshot.tables[name], types[name], metadata) for name in sorted(names)}
    for name, table in made.items():
        for key in snapshot.tables[name].of_kind(Kind.FOREIGN_KEY):
            add_foreign_key(key, table)
    return made


def _types(connection: Connection, names: Collection[Name]) -> dict[Name, dict[str, Any]]:
    found: dict[Name, dict[str, Any]] = {}
    for schema in sorted({name.schema for name in names}):
        only = [name.name for name in names if name.schema == schema]
        metadata = sa.MetaData()
        metadata.reflect(connection, schema=schema or None, only=only, resolve_fks=False)
        for table in metadata.tables.values():
            types = {str(column.name): column.type for column in table.columns}
            found[Name(table.schema or "", str(table.name))] = types
    return found


def _table(table: Table, types: dict[str, TypeEngine[Any]], metadata: sa.MetaData) -> sa.Table:
    inherited = [one for one in table.inherited if not _is_local(one, table)]
    columns = [
        _column(one, types[one.name], table) for one in table.columns if one.name not in inherited
    ]
    return sa.Table(
        table.name.name,
        metadata,
        *columns,
        *_constraints(table),
        *map(index_of, table.indexes),
        schema=table.name.schema or None,
        comment=table.comment,
        **_options(table),
    )


def _is_local(name: str, table: Table) -> bool:
    """Return whether a column stands in the statement that made the table, a parent's or not."""
    column = table.column(name)
    return column is not None and "local" in dict(column.options)


def _constraints(table: Table) -> Iterator[sa.Constraint]:
    for constraint in table.constraints:
        made = _constraint(constraint)
        if made is not None:
            yield made


def _constraint(constraint: Constraint) -> sa.Constraint | None:
    match constraint.kind:
        case Kind.PRIMARY_KEY | Kind.UNIQUE:
            return key_of(constraint)
        case Kind.CHECK:
            return check_of(constraint)
        case _:
            return None


def _options(table: Table) -> dict[str, Any]:
    given = dict(table.options)
    options: dict[str, Any] = {}
    if _UNLOGGED in given:
        options["prefixes"] = ["UNLOGGED"]
    if "partition_by" in given:
        options["postgresql_partition_by"] = given["partition_by"]
    if "inherits" in given:
        options["postgresql_inherits"] = tuple(map(unquoted, parts_of(given["inherits"])))
    if "using" in given:
        options["postgresql_using"] = given["using"]
    if "tablespace" in given:
        options["postgresql_tablespace"] = given["tablespace"]
    stored = {name.removeprefix(_WITH): one for name, one in given.items() if _WITH in name}
    if stored and _knows_storage():
        options["postgresql_with"] = stored
    return options


def _knows_storage() -> bool:
    """Return whether SQLAlchemy has storage parameters of tables: 2.1 has."""
    given = dict(PGDialect.construct_arguments or ())
    return "with" in (given.get(sa.Table) or {})


def _column(column: Column, type_: TypeEngine[Any], table: Table) -> sa.Column[Any]:
    default: list[Any] = []
    if column.computed is not None:
        computed = _text(column.computed.expression)
        default.append(sa.Computed(computed, persisted=column.computed.is_stored))
    elif column.identity is not None:
        default.append(_identity(column.identity))
    return sa.Column(
        column.name,
        _collated(type_, column.collation),
        *default,
        nullable=column.nullable,
        server_default=_text(column.default) if column.default is not None else None,
        autoincrement=_autoincrement(column, table),
        comment=column.comment,
    )


def _autoincrement(column: Column, table: Table) -> Any:
    """Return what makes SQLAlchemy number a column if the server does, and only then."""
    keys = [one.columns for one in table.of_kind(Kind.PRIMARY_KEY)]
    if not any(column.name in key for key in keys) or column.identity or column.default:
        return "auto"
    if not column.is_numbered:
        return False
    return "auto" if any(len(key) == 1 for key in keys) else True


def _identity(identity: Identity) -> sa.Identity:
    given: dict[str, Any] = {name: int(one) for name, one in identity.options if name in _NUMBERS}
    cycle = dict(identity.options).get("cycle") == "true" or None
    return sa.Identity(always=identity.is_always, cycle=cycle, **given)


def _collated(type_: TypeEngine[Any], collation: str | None) -> TypeEngine[Any]:
    if collation is None or getattr(type_, "collation", collation) == collation:
        return type_
    made: Any = type_.copy() if hasattr(type_, "copy") else type_
    made.collation = collation
    return made  # type: ignore[no-any-return]  # (a type, as before)


def _text(sql: str) -> sa.TextClause:
    return sa.text(stable(sql).replace(":", "\\:"))
