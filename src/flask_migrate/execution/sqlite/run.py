"""Carry out a plan: all of it or nothing."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from flask_migrate.database.sqlite.catalog import Catalog
from flask_migrate.errors import RowsRefused
from flask_migrate.execution.sqlite.foreign_keys import ForeignKeysOn, foreign_key_violations
from flask_migrate.execution.sqlite.plan import Plan
from flask_migrate.execution.sqlite.rows import explain_refusal
from flask_migrate.execution.sqlite.values import refuse_lost_values
from flask_migrate.values.sqlite import Violation

_SAVEPOINT = "godwit_table"


def run_plan(connection: Connection, plan: Plan, catalog: Catalog) -> None:
    """Change a table.

    Raises:
        ForeignKeysOn: Its rows have children, and foreign keys cannot be turned off here.
        ValuesWouldBeLost: A new type has no place for a value.
        RowsRefused: A new constraint forbids a row.
    """
    if not plan.statements:
        return
    protects = plan.rebuilds and bool(catalog.references) and _pragma(connection, "foreign_keys")
    if protects and is_in_transaction(connection):
        raise ForeignKeysOn(plan.table)
    for new in plan.types:
        refuse_lost_values(connection, plan.before, plan.schema, new)
    if protects:
        _run_without_foreign_keys(connection, plan, catalog)
    else:
        _run(connection, plan)


def is_in_transaction(connection: Connection) -> bool:
    """Return whether SQLite has a transaction open; SQLAlchemy may say so before it has."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", True))


def _run_without_foreign_keys(connection: Connection, plan: Plan, catalog: Catalog) -> None:
    tables = dict.fromkeys([plan.table, *(one.table for one in catalog.references)])
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    try:
        with _all_or_nothing(connection):
            before = _violations(connection, tables, plan.schema)
            _run(connection, plan)
            _refuse_violations(plan, _violations(connection, tables, plan.schema) - before)
    finally:
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _violations(connection: Connection, tables: Iterable[str], schema: str) -> set[Violation]:
    return {
        one
        for table in tables
        for one in foreign_key_violations(connection, table=table, schema=schema)
    }


def _refuse_violations(plan: Plan, violations: set[Violation]) -> None:
    if not violations:
        return
    first = min(violations, key=lambda one: (one.table, one.rowid or 0))
    raise RowsRefused(
        f"The table {plan.table!r} was not changed: {len(violations):,} rows would refer to rows "
        f"that do not exist, the first of them in {first.table!r} with the rowid {first.rowid}.",
        hint="Correct these rows before, in this migration.",
    )


def _run(connection: Connection, plan: Plan) -> None:
    legacy = _pragma(connection, "legacy_alter_table")
    try:
        with _all_or_nothing(connection):
            for sql in plan.statements:
                connection.exec_driver_sql(sql)
    except IntegrityError as error:
        raise explain_refusal(connection, plan, str(error.orig)) from error
    finally:
        # SQLite does not take this back with the transaction.
        connection.exec_driver_sql(f"PRAGMA legacy_alter_table = {legacy:d}")


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)


@contextmanager
def _all_or_nothing(connection: Connection) -> Generator[None]:
    """Hold a transaction, or a part of the one that is open, and undo it after an error."""
    is_part = is_in_transaction(connection)
    connection.exec_driver_sql(f"SAVEPOINT {_SAVEPOINT}" if is_part else "BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql(f"RELEASE {_SAVEPOINT}" if is_part else "COMMIT")
    except BaseException:
        with suppress(OperationalError):  # after a full disk SQLite has undone it already
            connection.exec_driver_sql(f"ROLLBACK TO {_SAVEPOINT}" if is_part else "ROLLBACK")
            if is_part:
                connection.exec_driver_sql(f"RELEASE {_SAVEPOINT}")
        raise
