"""Tables that Alembic's batch mode left behind when it was killed.

It copies a table to `_alembic_tmp_<name>`, drops the table, and renames the copy. Killed
before the drop, it leaves a copy that makes its next try fail. Killed after it, the copy is
the only place where the rows are.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from flask_migrate.database.sqlite.catalog import Catalog, read_catalog
from flask_migrate.database.sqlite.copies import BATCH_COPY
from flask_migrate.database.sqlite.ddl import Kind, Table
from flask_migrate.database.sqlite.edit import find_column
from flask_migrate.database.sqlite.parse import parse_table
from flask_migrate.database.sqlite.reader import UnreadableDDL
from flask_migrate.database.sqlite.tokens import quote
from flask_migrate.values.revision import Problem
from flask_migrate.values.sqlite import Leftover

_LONGEST = 50
"""Alembic cuts longer names off."""
_CODE = "batch-leftover"


def leftovers(connection: Connection) -> tuple[Leftover, ...]:
    """Return the tables that Alembic's batch mode left behind.

    Args:
        connection: A connection to SQLite.
    """
    catalog = read_catalog(connection, "", schema=None)
    return tuple(
        _leftover(connection, catalog, entry.name)
        for entry in catalog.entries
        if entry.kind == "table" and entry.schema == "main" and entry.name.startswith(BATCH_COPY)
    )


def rename_back(connection: Connection, found: Iterable[Leftover]) -> tuple[Problem, ...]:
    """Give a copy that is the only one the name of its table, and say so.

    If the table that it was made of is missing, the rows are nowhere else. Where a table of
    that name lacks rows, nothing is done: a person has to look.

    Args:
        connection: A connection to SQLite, in the transaction of the run.
        found: What was left behind.
    """
    return tuple(_rename_back(connection, one) for one in found if not one.is_copy)


def drop_copies(connection: Connection, found: Iterable[Leftover]) -> tuple[Problem, ...]:
    """Drop what is a mere copy, and say so.

    Belongs behind the revisions that run: one that autogenerate wrote while the copy was
    there drops it itself.

    Args:
        connection: A connection to SQLite, in the transaction of the run.
        found: What was left behind, as it was before the revisions.
    """
    tables = read_catalog(connection, "", schema=None)
    there = [one for one in found if one.is_copy and tables.find("table", one.name)]
    return tuple(_drop(connection, one) for one in there)


def _leftover(connection: Connection, catalog: Catalog, name: str) -> Leftover:
    wanted = name.removeprefix(BATCH_COPY)
    original = catalog.find("table", wanted)
    rows = _count(connection, f"SELECT count(*) FROM {quote(name)}")
    if len(name) >= _LONGEST and original is None:
        wanted = ""
    is_copy = False
    if original is not None:
        read_catalog_entry = catalog.find("table", name)
        sqls = (read_catalog_entry.sql if read_catalog_entry else "", original.sql)
        is_copy = rows == 0 or _has_every_row(connection, sqls[0] or "", sqls[1] or "")
    return Leftover(name=name, table=wanted or None, is_copy=is_copy, rows=rows)


def _has_every_row(connection: Connection, copy_sql: str, original_sql: str) -> bool:
    """Return whether each row of a copy is in the original, by its primary key."""
    try:
        copy, original = parse_table(copy_sql), parse_table(original_sql)
    except UnreadableDDL:
        return False
    key = _common_key(copy, original)
    if key is None:
        return False
    listed = ", ".join(key)
    missing = _count(
        connection,
        f"SELECT count(*) FROM (SELECT {listed} FROM {quote(copy.name)} "
        f"EXCEPT SELECT {listed} FROM {quote(original.name)})",
    )
    return missing == 0


def _common_key(copy: Table, original: Table) -> tuple[str, ...] | None:
    """Return what tells rows apart in both tables, or None."""
    found = next(original.found(Kind.PRIMARY_KEY), None)
    if found is None:
        shared = [one.name for one in original.columns if find_column(copy, one.name)]
        return tuple(quote(name) for name in shared) or None
    if all(find_column(copy, name) for name in found.columns):
        return tuple(quote(name) for name in found.columns)
    return None


def _count(connection: Connection, sql: str) -> int:
    return int(connection.exec_driver_sql(sql).scalar() or 0)


def _drop(connection: Connection, leftover: Leftover) -> Problem:
    connection.exec_driver_sql(f"DROP TABLE {quote(leftover.name)}")
    return Problem(
        code=_CODE,
        message=f"{_about(leftover)}; {leftover.table!r} had all of its {leftover.rows:,} rows, so "
        "it was dropped.",
    )


def _rename_back(connection: Connection, leftover: Leftover) -> Problem:
    if leftover.table is not None and _is_missing(connection, leftover.table):
        _rename(connection, leftover.name, leftover.table)
        return Problem(
            code=_CODE,
            message=f"{_about(leftover)} after it had dropped {leftover.table!r}: the "
            f"{leftover.rows:,} rows were nowhere else, so it was renamed to {leftover.table!r}.",
            hint="It has the columns that the killed migration gave it, and may lack its indexes "
            "and triggers. If that migration fails now because its change is there already: "
            "flask db stamp <its revision>",
        )
    return Problem(
        code=_CODE,
        message=f"{_about(leftover)}, and has {leftover.rows:,} rows, some of which are nowhere "
        "else. It was left as it is.",
        hint="Look at it, and drop or rename it yourself.",
    )


def _about(leftover: Leftover) -> str:
    return f"The table {leftover.name!r} was left behind by a migration that was killed"


def _is_missing(connection: Connection, table: str) -> bool:
    return read_catalog(connection, "", schema=None).find("table", table) is None


def _rename(connection: Connection, name: str, table: str) -> None:
    """Rename a table although views may speak of one that is not there."""
    legacy = _count(connection, "PRAGMA legacy_alter_table")
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    try:
        connection.exec_driver_sql(f"ALTER TABLE {quote(name)} RENAME TO {quote(table)}")
    finally:
        connection.exec_driver_sql(f"PRAGMA legacy_alter_table = {legacy:d}")
