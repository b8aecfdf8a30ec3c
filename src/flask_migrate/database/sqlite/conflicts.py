"""ON CONFLICT: what is to happen where a constraint is not kept. Pure: text in, text out."""

from dataclasses import replace

from flask_migrate.database.sqlite.ddl import Column, Kind, Table
from flask_migrate.database.sqlite.edit import change_column
from flask_migrate.database.sqlite.parse import parse_column, parse_constraint
from flask_migrate.database.sqlite.tokens import significant

NOT_NULL_CONFLICT = "sqlite_on_conflict_not_null"
"""What SQLAlchemy calls that of a NOT NULL, an argument of a column."""

KEY_CONFLICT = "sqlite_on_conflict_primary_key"
"""What it calls that of a primary key, an argument of a column too."""


def set_not_null_conflict(column: Column, action: str) -> Column:
    """Change what is to happen to a row without a value, if NULL is forbidden.

    Args:
        column: The column.
        action: IGNORE, REPLACE ...; empty for what happens anyway.
    """
    places = (at for at, one in enumerate(column.clauses) if one.kind is Kind.NOT_NULL)
    place = max(places, default=None)
    return column if place is None else _in_column(column, place, action)


def set_key_conflict(table: Table, action: str) -> Table:
    """Change what is to happen to a row whose primary key is there already.

    Args:
        table: The table; without a primary key, it stays as it is.
        action: IGNORE, REPLACE ...; empty for what happens anyway.
    """
    found = next(table.found(Kind.PRIMARY_KEY), None)
    if found is None:
        return table
    if found.column is not None:
        return change_column(
            table, found.column, lambda column: _in_column(column, found.position, action)
        )
    constraints = list(table.constraints)
    old = constraints[found.position]
    clause = parse_constraint(with_conflict(old.clause.text, action)).clause
    constraints[found.position] = replace(old, clause=clause)
    return replace(table, constraints=tuple(constraints))


def _in_column(column: Column, place: int, action: str) -> Column:
    clauses = list(column.clauses)
    (clauses[place],) = parse_column(f"x{with_conflict(clauses[place].text, action)}").clauses
    return replace(column, clauses=tuple(clauses))


def with_conflict(clause: str, action: str) -> str:
    """Return a clause with another ON CONFLICT, or none.

    >>> with_conflict("PRIMARY KEY ON CONFLICT FAIL AUTOINCREMENT", "REPLACE")
    'PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT'
    >>> with_conflict(" NOT NULL on conflict ignore", "")
    ' NOT NULL'
    """
    words = significant(clause)
    keywords = [word.keyword for word in words]
    if "CONFLICT" in keywords:
        at = keywords.index("CONFLICT")
        clause = clause[: words[at - 2].end] + clause[words[at + 1].end :]
    if not action:
        return clause
    words = significant(clause)
    before = words[-2] if words[-1].keyword == "AUTOINCREMENT" else words[-1]
    return f"{clause[: before.end]} ON CONFLICT {action}{clause[before.end :]}"
