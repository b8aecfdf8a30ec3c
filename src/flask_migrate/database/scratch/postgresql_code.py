"""Views, functions and triggers among the statements that make models. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Table

from flask_migrate.database.scratch.postgresql_parts import name_of
from flask_migrate.database.scratch.statements import Statement

_ROWS = re.compile(r"\bWITH\s+(?:NO\s+)?DATA[\s;]*\Z", re.IGNORECASE)


def is_first(statement: Statement) -> bool:
    """Return whether a statement makes something that tables need."""
    return statement.code is not None and statement.code.is_first


def with_code(
    made: Sequence[Statement], code: Iterable[Statement], tables: Collection[Table]
) -> list[Statement]:
    """Return statements with those that make views, functions and triggers.

    Args:
        made: What makes types, sequences and tables, in this order.
        code: The others.
        tables: The tables.
    """
    every = [_without_rows(one) for one in code]
    names = {name_of(table) for table in tables}
    place = next((at for at, one in enumerate(made) if one.owner in names), len(made))
    return [
        *made[:place],
        *(one for one in every if is_first(one)),
        *made[place:],
        *(one for one in every if not is_first(one)),
    ]


def _without_rows(statement: Statement) -> Statement:
    """Return a statement that reads no rows: a view may be one of a table that is not ours."""
    code = statement.code
    if code is None or code.kind != "materialized view" or _ROWS.search(statement.sql):
        return statement
    return replace(statement, sql=f"{statement.sql.rstrip().rstrip(';')}\nWITH NO DATA")


def mentioned(tables: Iterable[Table], code: Iterable[Statement]) -> list[Table]:
    """Return the tables that statements may speak of."""
    words = {word.lower() for one in code for word in _words(one.sql)}
    return [table for table in tables if {word.lower() for word in _words(table.name)} <= words]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
