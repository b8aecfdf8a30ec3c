"""The row that stands for a lock where no session does, on PostgreSQL behind a pooler.

Every time in it is one of the server's clock, every statement is a transaction of its own.
"""

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Double,
    Row,
    cast,
    func,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from flask_migrate.database.lease import TEXT_LENGTH, lease_table
from flask_migrate.execution.drivers import sqlstate
from flask_migrate.execution.locks.asking import no_transaction_left
from flask_migrate.execution.locks.facts import from_row
from flask_migrate.values.locks import LockHolder

_UNDEFINED = frozenset({"42P01", "XX000"})  # no such table; it went while we opened it
# The table is there, or its type is, or both would have been at once.
_MADE_BY_OTHERS = frozenset({"42P07", "42710", "23505", "40P01"})
_TRIES = 5

_SILENT = "silent since, and a statement that it has begun still runs"

# Nobody can add a row between the look and the DROP. What is not ours, or is in use, stays.
_DROP_IF_EMPTY = """
DO $$ BEGIN
    LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF NOT EXISTS (SELECT FROM {table}) THEN DROP TABLE {table}; END IF;
EXCEPTION WHEN lock_not_available OR undefined_table OR insufficient_privilege THEN NULL;
END $$
"""


class LeaseRow:
    """The row of a version table: who changes it, and until when that is certain.

    Args:
        name: The name of the lock.
        schema: Where the table is, or would be.
    """

    def __init__(self, name: str, *, schema: str | None) -> None:
        self._name = name
        self._table = lease_table(schema)
        self._token = secrets.token_hex(16)
        self._is_this = self._table.c.lock_name == name

    def row(self, connection: Connection) -> Row[Any] | None:
        """Return the row, with `expired`, or None if there is none."""
        expired = (self._table.c.expires_at <= _now()).label("expired")
        statement = select(self._table, expired).where(self._is_this)
        try:
            with no_transaction_left(connection):
                # Not by the error: that would end in the log of the server every time.
                inspector = inspect(connection)
                if not inspector.has_table(self._table.name, schema=self._table.schema):
                    return None
                return connection.execute(statement).one_or_none()
        except DBAPIError as error:
            if sqlstate(error) not in _UNDEFINED:
                raise
            return None  # dropped between the two

    def holder(self, connection: Connection) -> LockHolder | None:
        """Return who has it, or None if nobody has."""
        row = self.row(connection)
        return None if row is None or row.expired else from_row(row)

    def last_holder(self, connection: Connection) -> LockHolder | None:
        """Return who had it last and did not give it back, or None if there is nobody."""
        row = self.row(connection)
        return None if row is None else replace(from_row(row), doing=_SILENT)

    def take(self, connection: Connection, me: LockHolder, *, seconds: float) -> bool:
        """Return whether the row is ours now, for a number of seconds; make the table for it.

        Args:
            connection: Not in a transaction.
            me: This process.
            seconds: For how long.
        """
        for _ in range(_TRIES):
            try:
                return self._take(connection, me, seconds)
            except DBAPIError as error:
                if sqlstate(error) not in _UNDEFINED:
                    raise
            self._create_table(connection)
        return self._take(connection, me, seconds)

    def renew(self, connection: Connection, *, doing: str | None, seconds: float) -> bool:
        """Return whether the row was still ours, and is for a number of seconds more."""
        columns = self._table.c
        statement = (
            self._table.update()
            .where(self._is_this, columns.token == self._token, columns.expires_at > _now())
            .values(expires_at=_now(seconds), doing=_shortened(doing))
        )
        with no_transaction_left(connection):
            return connection.execute(statement).rowcount == 1

    def is_ours(self, connection: Connection) -> bool:
        """Return whether the row is ours; part of whatever transaction there is."""
        columns = self._table.c
        ours = (self._is_this, columns.token == self._token, columns.expires_at > _now())
        return connection.scalar(select(literal(1)).where(*ours)) == 1

    def give_back(self, connection: Connection) -> None:
        """Remove the row, and the table with its last one."""
        ours = self._table.c.token == self._token
        with no_transaction_left(connection):
            connection.execute(self._table.delete().where(self._is_this, ours))
        table = connection.dialect.identifier_preparer.format_table(self._table)
        with no_transaction_left(connection):
            connection.execute(text(_DROP_IF_EMPTY.format(table=table.replace(":", r"\:"))))

    def _create_table(self, connection: Connection) -> None:
        try:
            with no_transaction_left(connection):
                connection.execute(CreateTable(self._table, if_not_exists=True))
        except DBAPIError as error:
            if sqlstate(error) not in _MADE_BY_OTHERS:
                raise

    def _take(self, connection: Connection, me: LockHolder, seconds: float) -> bool:
        facts = {
            "token": self._token,
            "process": me.process,
            "host": _shortened(me.host),
            "application": _shortened(me.application),
            "doing": _shortened(me.doing),
            "taken_at": _now(),
            "expires_at": _now(seconds),
        }
        statement = insert(self._table).values(lock_name=self._name, **facts)
        taken = statement.on_conflict_do_update(
            index_elements=[self._table.c.lock_name],
            set_=facts,
            where=self._table.c.expires_at <= _now(),
        ).returning(self._table.c.token)
        with no_transaction_left(connection):
            return connection.execute(taken).one_or_none() is not None


def _now(seconds: float = 0) -> ColumnElement[Any]:
    """Return the time of the server, or one after it."""
    now = func.clock_timestamp(type_=DateTime(timezone=True))
    later = func.make_interval(0, 0, 0, 0, 0, 0, cast(literal(seconds), Double))
    return now + later if seconds else now


def _shortened(text: str | None) -> str | None:
    return (text or "")[:TEXT_LENGTH] or None
