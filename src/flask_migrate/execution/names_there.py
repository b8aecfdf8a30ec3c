"""What MariaDB and MySQL call a constraint that has no name in the models.

A script that names it was written on another database, by the name that PostgreSQL would give
it: `things_email_key`. Here it is called otherwise: `email`, `things_ibfk_1`, `CONSTRAINT_1`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import NoSuchTableError

from flask_migrate.database.snapshots.mysql import named_by_server, read
from flask_migrate.database.sqlite.default_names import Nameless, default_names, nameless
from flask_migrate.database.sqlite.tokens import fold
from flask_migrate.values.schema import Constraint, Index, Kind, Name, Table

_KINDS = {Kind.UNIQUE, Kind.FOREIGN_KEY, Kind.CHECK}


def name_there(
    connection: Connection, table: str, name: str, *, kind: str | None, schema: str | None = None
) -> str:
    """Return what a constraint is called that is to go.

    Args:
        connection: The database.
        table: The table that has it.
        name: What the script calls it.
        kind: What it is, in Alembic's words; None if nobody says.
        schema: Where the table is; None for the default schema.

    Returns:
        The name that it has there, or the name of the script where that is no other's: if it is
        there, if nothing fits, and if more than one thing does.
    """
    if kind not in _KINDS or name in _names(connection, table, schema):
        return name
    found = read(connection, [schema or ""]).tables.get(Name(schema or "", table))
    if found is None:
        return name
    fitting = [there for called, there in _called(found, Kind(kind)) if called == name]
    return fitting[0] if len(fitting) == 1 else name


def _names(connection: Connection, table: str, schema: str | None) -> set[Any]:
    inspector = inspect(connection)
    try:
        parts = (
            *inspector.get_foreign_keys(table, schema=schema),
            *inspector.get_check_constraints(table, schema=schema),
            *inspector.get_indexes(table, schema=schema),
        )
    except NoSuchTableError:
        return set()
    return {part["name"] for part in parts}


def _called(table: Table, kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield what a script calls each constraint without a name, and what the server does."""
    parts: tuple[Constraint | Index, ...] = (
        table.indexes if kind is Kind.UNIQUE else tuple(table.of_kind(kind))
    )
    for part in parts:
        if named_by_server(part, table):
            one = _nameless(part, table)
            names = default_names(table.name.name, [one], taken=[])
            yield names[one], str(part.name)


def _nameless(part: Constraint | Index, table: Table) -> Nameless:
    if isinstance(part, Index):
        return Nameless(Kind.UNIQUE, tuple(map(str, part.columns)), "")
    if part.kind is Kind.FOREIGN_KEY:
        return Nameless(part.kind, part.columns, fold(part.target.name if part.target else ""))
    return nameless(part, table)
