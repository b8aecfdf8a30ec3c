"""What SQLite can do by ALTER TABLE, without copying a row.

What exactly, depends on its version: statements made here are tried on an empty copy.
https://www.sqlite.org/lang_altertable.html
"""

from collections.abc import Iterator
from dataclasses import replace

from flask_migrate.database.sqlite.catalog import uses_column
from flask_migrate.database.sqlite.ddl import Clause, Column, Kind
from flask_migrate.database.sqlite.edit import add_clause, for_column
from flask_migrate.database.sqlite.tokens import fold, mentions, quote, same
from flask_migrate.execution.sqlite.changes import (
    AddColumn,
    AddConstraint,
    DropColumn,
    RenameColumn,
)
from flask_migrate.execution.sqlite.goal import Goal
from flask_migrate.execution.sqlite.resolve import rename_statements
from flask_migrate.execution.sqlite.scratch import Scratch

_CHECKS_ROWS = (3, 37)
"""Since this version, ADD COLUMN looks whether the rows that are there fit a CHECK."""


def native_statements(
    goal: Goal, copy: Scratch, version: tuple[int, ...]
) -> tuple[str, ...] | None:
    """Return statements that change the table without copying it.

    Args:
        goal: Where the table is to get.
        copy: An empty copy of the schema.
        version: That of SQLite.

    Returns:
        The statements, which SQLite may still refuse, or None where there are none.
    """
    added = _added_columns(goal)
    if added is None or goal.is_reshaped:
        return None
    is_checked = version >= _CHECKS_ROWS or not goal.catalog.has_rows
    if not is_checked and any(column.clause(Kind.CHECK) for column in added):
        return None
    schema = goal.schema
    dropped = [name for name in dropped_indexes(goal, copy) if copy.has_index(name)]
    return (
        *(f"DROP INDEX {schema}.{quote(name)}" for name in dropped),
        *(f"ALTER TABLE {goal.address} DROP COLUMN {quote(one)}" for one in goal.dropped_columns),
        *(f"ALTER TABLE {goal.address} ADD COLUMN {column.definition}" for column in added),
        *last_statements(goal),
    )


def last_statements(goal: Goal) -> Iterator[str]:
    """Yield what comes last, however the table was changed."""
    yield from rename_statements(goal.base.name, goal.catalog.schema, goal.last)
    yield from goal.created
    if goal.new_name is not None:
        yield f"ALTER TABLE {goal.address} RENAME TO {quote(goal.new_name)}"


def dropped_indexes(goal: Goal, copy: Scratch) -> tuple[str, ...]:
    """Return the indexes that go: by name, or with a column that they are about."""
    entries = copy.entries("index", goal.base.name)
    orphaned = (
        name
        for _, name, sql in entries
        if any(uses_column(sql, column) for column in goal.dropped_columns)
    )
    return tuple(dict.fromkeys((*goal.dropped, *orphaned)))


def twin_statements(goal: Goal) -> Iterator[str]:
    """Yield statements that try new columns on a table with a row in it.

    Some definitions SQLite accepts for an empty table only, and the copy of the schema is
    empty. The table tried here has the same columns, and nothing that could forbid a row.
    """
    added = _added_columns(goal)
    if not added or not goal.catalog.has_rows:
        return
    twin = f"{goal.schema}.{quote(goal.catalog.free_name('_godwit_twin'))}"
    yield f"CREATE TABLE {twin} ({', '.join(quote(one.name) for one in goal.base.columns)})"
    yield f"INSERT INTO {twin} DEFAULT VALUES"
    dropped = {fold(name) for name in goal.dropped_columns}
    names = (fold(column.name) for column in added)
    for name in dropped.intersection(names):
        yield f"ALTER TABLE {twin} RENAME COLUMN {quote(name)} TO {quote('_godwit_' + name)}"
    for column in added:
        yield f"ALTER TABLE {twin} ADD COLUMN {column.definition}"


def _added_columns(goal: Goal) -> tuple[Column, ...] | None:
    """Return the new columns with their constraints, or None if there is more to do."""
    added: dict[str, Column] = {}
    for change in goal.needed:
        match change:
            case AddColumn(is_primary_key=False):
                added[fold(change.column.name)] = change.column
            case DropColumn():
                added.pop(fold(change.name), None)
            case RenameColumn():
                column = added.pop(fold(change.name))
                added[fold(change.new_name)] = replace(column, written=quote(change.new_name))
            case AddConstraint():
                name = _only_column(goal, change.constraint.clause)
                if name not in added:
                    return None
                added[name] = _with_clause(added[name], change.constraint.clause)
            case _:
                return None
    return tuple(added.values()) if _is_at_the_end(goal, added) else None


def _is_at_the_end(goal: Goal, added: dict[str, Column]) -> bool:
    """Return whether the new columns come behind the others, in order."""
    dropped = {fold(name) for name in goal.dropped_columns}
    kept = [fold(column.name) for column in goal.base.columns]
    expected = [*(name for name in kept if name not in dropped), *added]
    return expected == [fold(column.name) for column in goal.target.columns]


def _only_column(goal: Goal, clause: Clause) -> str | None:
    """Return the column that a constraint can stand behind, or None."""
    names = [column.name for column in goal.target.columns]
    match clause.kind:
        case Kind.FOREIGN_KEY:
            about = list(clause.columns)
        case Kind.CHECK:
            about = [name for name in names if mentions(clause.expression, name)]
        case _:
            return None
    return fold(about[0]) if len(about) == 1 else None


def _with_clause(column: Column, clause: Clause) -> Column:
    return add_clause(column, for_column(clause), name=clause.name)


def is_kept(name: str, dropped: tuple[str, ...]) -> bool:
    """Return whether an index stays."""
    return not any(same(name, other) for other in dropped)
