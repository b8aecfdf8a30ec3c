"""Views, functions and triggers among the statements that make models. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Dialect, Table

from flask_migrate.database.scratch.postgresql_parts import name_of
from flask_migrate.database.scratch.postgresql_places import ScratchPlace
from flask_migrate.database.scratch.statements import Statement

_ROWS = re.compile(r"\bWITH\s+(?:NO\s+)?DATA[\s;]*\Z", re.IGNORECASE)


def is_first(statement: Statement) -> bool:
    """Return whether a statement makes something that tables need."""
    return statement.code is not None and statement.code.is_first


def with_code(
    made: Sequence[Statement],
    code: Iterable[Statement],
    tables: Collection[Table],
    *,
    place: ScratchPlace,
    dialect: Dialect,
) -> list[Statement]:
    """Return statements with those that make views, functions and triggers.

    Args:
        made: What makes types, sequences and tables, in this order.
        code: The others.
        tables: The tables.
        place: The scratch place.
        dialect: The server.
    """
    every = [part for one in code for part in _guarded(_without_rows(one), place, dialect)]
    names = {name_of(table) for table in tables}
    start = next((at for at, one in enumerate(made) if one.owner in names), len(made))
    return [
        *made[:start],
        *(one for one in every if is_first(one)),
        *made[start:],
        *(one for one in every if not is_first(one)),
    ]


def _without_rows(statement: Statement) -> Statement:
    """Return a statement that reads no rows: a view may be one of a table that is not ours."""
    code = statement.code
    if code is None or code.kind != "materialized view" or _ROWS.search(statement.sql):
        return statement
    return replace(statement, sql=f"{statement.sql.rstrip().rstrip(';')}\nWITH NO DATA")


def _guarded(statement: Statement, place: ScratchPlace, dialect: Dialect) -> list[Statement]:
    """Return a statement, and what fails before it if its table is not in the scratch place.

    A trigger names no schema: it would find the real table, and lock it.
    """
    table = statement.code.table if statement.code else None
    if table is None:
        return [statement]
    schema = place.names.get(table.schema or None)
    if schema is None:
        return [replace(statement, problem=f"The models have no table {table}.")]
    quoted = dialect.identifier_preparer.quote(table.name).replace("'", "''")
    # In two pieces, for one would be taken for the name of what is not made here.
    guard = f"SELECT concat('{schema}.', '{quoted}')::regclass"
    return [replace(statement, sql=guard), statement]
