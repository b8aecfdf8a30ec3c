"""Build a table anew: create, copy, drop, rename. https://www.sqlite.org/lang_altertable.html.

What belongs to the table is created again as it was written. What only speaks of it, in
views, in triggers of other tables, in foreign keys, stays: SQLite is told not to look while
the table is away (`PRAGMA legacy_alter_table`).
"""

import re
from collections.abc import Iterator

from flask_migrate.database.sqlite.affinity import Affinity, affinity_of
from flask_migrate.database.sqlite.ddl import Column, Kind, Table
from flask_migrate.database.sqlite.edit import find_column, is_rowid, rename_table
from flask_migrate.database.sqlite.tokens import fold, literal, qualify, quote
from flask_migrate.execution.sqlite.changes import AddColumn, ChangeColumn
from flask_migrate.execution.sqlite.goal import Goal
from flask_migrate.execution.sqlite.native import dropped_indexes, is_kept, last_statements
from flask_migrate.execution.sqlite.readings import DAY_LENGTH
from flask_migrate.execution.sqlite.scratch import Scratch

_PREFIX = "_godwit_"
_ROWIDS = ("rowid", "_rowid_", "oid")


def in_words_of(table: str, said: str) -> str:
    """Return what SQLite says of the table in between as if it were said of the table.

    >>> in_words_of("t", 'NOT NULL constraint failed: _godwit_t.a')
    'NOT NULL constraint failed: t.a'
    """
    return re.sub(rf"\b{_PREFIX}{re.escape(table)}(_\d+)?\b", lambda _: table, said)


def rebuild_statements(goal: Goal, copy: Scratch) -> tuple[str, ...]:
    """Return the statements that build a table anew, its rows and all that belongs to it.

    Args:
        goal: Where the table is to get.
        copy: An empty copy of the schema, the columns renamed.
    """
    name = goal.catalog.free_name(f"{_PREFIX}{goal.base.name}")
    dropped = dropped_indexes(goal, copy)
    indexes = [one for one in copy.entries("index", goal.base.name) if is_kept(one[1], dropped)]
    triggers = copy.entries("trigger", goal.base.name)
    return (
        qualify(rename_table(goal.target, name).text, goal.catalog.schema),
        _copy_statement(goal, name),
        f"DROP TABLE {goal.address}",
        "PRAGMA legacy_alter_table = ON",
        f"ALTER TABLE {goal.schema}.{quote(name)} RENAME TO {quote(goal.base.name)}",
        "PRAGMA legacy_alter_table = OFF",
        *_sequence_statements(goal),
        *(qualify(sql, schema) for schema, _, sql in (*indexes, *triggers)),
        *last_statements(goal),
    )


def _copy_statement(goal: Goal, name: str) -> str:
    """Return the statement that copies the rows, and fails where one would be left out.

    OR ABORT counts more than an ON CONFLICT of the table, which may say IGNORE or REPLACE.
    """
    pairs = list(_copied(goal))
    rowid = _rowid(goal, [column for column, _ in pairs])
    if rowid is not None:
        pairs.insert(0, (rowid, rowid))
    elif not pairs:
        pairs.append((quote(goal.target.columns[0].name), "NULL"))
    into = f"{goal.schema}.{quote(name)}"
    columns = ", ".join(column for column, _ in pairs)
    values = ", ".join(value for _, value in pairs)
    return f"INSERT OR ABORT INTO {into} ({columns}) SELECT {values} FROM {goal.address}"


def _copied(goal: Goal) -> Iterator[tuple[str, str]]:
    """Yield each column that has values to keep, with what is taken for them."""
    fresh = {fold(one.column.name) for one in goal.needed if isinstance(one, AddColumn)}
    for column in goal.target.columns:
        old = find_column(goal.base, column.name)
        if old is None or fold(column.name) in fresh or column.clause(Kind.GENERATED):
            continue
        yield quote(column.name), _value(goal, old)


def _value(goal: Goal, old: Column) -> str:
    """Return what is copied: the value as it is, but text as bytes where bytes are read."""
    name = quote(old.name)
    for change in goal.needed:
        if isinstance(change, ChangeColumn) and change.name == old.name and change.reading:
            if change.reading.is_day:
                return _day(name)
            is_binary = affinity_of(old.declared_type) is Affinity.BLOB
            if change.reading.kind == "bytes" and not is_binary:
                return f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
            if change.reading.kind == "text" and is_binary:
                return f"CASE typeof({name}) WHEN 'blob' THEN CAST({name} AS TEXT) ELSE {name} END"
    return name


def _day(name: str) -> str:
    """Return a moment without its time, if that is midnight."""
    is_midnight = (
        f"{name} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] 00:00:00*' "
        f"AND rtrim(substr({name}, {DAY_LENGTH + 1}), '0.') = ' 00:00:'"
    )
    return f"CASE WHEN {is_midnight} THEN substr({name}, 1, {DAY_LENGTH}) ELSE {name} END"


def _rowid(goal: Goal, copied: list[str]) -> str | None:
    """Return a name for the number of a row, if it has one that no column holds."""
    base, target = goal.base, goal.target
    if not (base.has_rowid and target.has_rowid):
        return None
    names = [column.name for column in target.columns if quote(column.name) in copied]
    if any(is_rowid(target, name) for name in names):
        return None
    taken = {fold(column.name) for table in (base, target) for column in table.columns}
    return next((name for name in _ROWIDS if name not in taken), None)


def _sequence_statements(goal: Goal) -> Iterator[str]:
    """Yield what lets AUTOINCREMENT go on where it was, even if the last rows are gone."""
    if goal.catalog.sequence is None or not _counts(goal.target):
        return
    table = f"{goal.schema}.sqlite_sequence"
    name = literal(goal.base.name)
    yield f"DELETE FROM {table} WHERE name = {name}"
    yield f"INSERT INTO {table} (name, seq) VALUES ({name}, {goal.catalog.sequence})"


def _counts(table: Table) -> bool:
    return any(found.clause.is_autoincrement for found in table.found(Kind.PRIMARY_KEY))
