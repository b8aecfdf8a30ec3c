"""Name the rows that a new constraint forbids."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from flask_migrate.database.sqlite.ddl import Kind
from flask_migrate.database.sqlite.edit import find_column
from flask_migrate.database.sqlite.tokens import quote, rename_in
from flask_migrate.errors import RowsRefused
from flask_migrate.execution.sqlite.plan import Plan
from flask_migrate.execution.sqlite.rebuild import in_words_of
from flask_migrate.execution.sqlite.values import SHOWN, row_key, show_row, show_value

_SAID = re.compile(r"(?P<kind>NOT NULL|UNIQUE|CHECK) constraint failed: (?P<what>.*)", re.DOTALL)


def explain_refusal(connection: Connection, plan: Plan, said: str) -> RowsRefused:
    """Return the error for rows that the changed table would not take.

    Args:
        connection: Where the table is as it was.
        plan: What was tried.
        said: The words of SQLite.
    """
    said = in_words_of(plan.table, said)
    rows = _rows(connection, plan, said)
    named = f": {'; '.join(rows)}" if rows else ""
    return RowsRefused(
        f"The table {plan.table!r} was not changed, because it has rows that it may not have "
        f"then ({said}){named}.",
        hint="Correct these rows before, in this migration: op.execute('UPDATE ...').",
    )


def _rows(connection: Connection, plan: Plan, said: str) -> list[str]:
    match = _SAID.search(said)
    if match is None:
        return []
    try:
        match match["kind"]:
            case "NOT NULL":
                return _nulls(connection, plan, match["what"].rpartition(".")[2])
            case "UNIQUE":
                columns = [part.rpartition(".")[2] for part in match["what"].split(", ")]
                return _duplicates(connection, plan, columns)
            case _:
                return _unchecked(connection, plan, match["what"])
    except OperationalError:
        return []  # it is about something that is not there yet


def _nulls(connection: Connection, plan: Plan, name: str) -> list[str]:
    column = plan.resolved.original(name)
    if find_column(plan.before, column) is None:
        return [f"no row has a value for the new column {name!r}, and it has no default"]
    return _select(connection, plan, f"{quote(column)} IS NULL", ())


def _duplicates(connection: Connection, plan: Plan, names: Sequence[str]) -> list[str]:
    columns = [plan.resolved.original(name) for name in names]
    quoted = ", ".join(quote(column) for column in columns)
    rows = connection.exec_driver_sql(
        f"SELECT count(*), {quoted} FROM {_address(plan)} "
        f"GROUP BY {quoted} HAVING count(*) > 1 LIMIT {SHOWN}"
    ).all()
    return [
        f"{count} rows have {show_row(tuple(map(quote, columns)), values)}"
        for count, *values in rows
    ]


def _unchecked(connection: Connection, plan: Plan, what: str) -> list[str]:
    """Return the rows that a CHECK forbids; SQLite says its name, or what it checks."""
    for found in plan.after.found(Kind.CHECK):
        if what in {found.clause.name, found.clause.expression.strip()}:
            names = [(now, was) for now, was in plan.resolved.originals.items()]
            expression = rename_in(found.clause.expression, names)
            shown = [one for one in plan.before.columns if one.name in expression]
            return _select(
                connection, plan, f"NOT ({expression})", tuple(quote(one.name) for one in shown)
            )
    return []


def _select(
    connection: Connection, plan: Plan, condition: str, columns: tuple[str, ...]
) -> list[str]:
    names = tuple(dict.fromkeys((*row_key(plan.before), *columns)))
    found = connection.exec_driver_sql(
        f"SELECT {', '.join(names)} FROM {_address(plan)} WHERE {condition} LIMIT {SHOWN}"
    ).all()
    count: Any = connection.exec_driver_sql(
        f"SELECT count(*) FROM {_address(plan)} WHERE {condition}"
    ).scalar()
    more = [f"and {show_value(count - len(found))} more"] if count > len(found) else []
    return [*(show_row(names, list(row)) for row in found), *more]


def _address(plan: Plan) -> str:
    return f"{quote(plan.schema)}.{quote(plan.before.name)}"
