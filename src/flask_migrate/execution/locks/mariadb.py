"""The lock of a session on MariaDB and MySQL: GET_LOCK, polled."""

import secrets
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, text
from sqlalchemy.dialects.mysql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable, DropTable

from flask_migrate.database.lease import TEXT_LENGTH, lease_table
from flask_migrate.execution.locks.asking import ask, no_transaction_left
from flask_migrate.execution.locks.facts import from_row, with_statement
from flask_migrate.execution.locks.keys import lock_key
from flask_migrate.values.locks import LockHolder

_LONGEST = 2_147_483  # seconds; Windows takes no more
_PATIENCE = 2  # seconds that a note may wait for a lock on its table

_HOLDERS = """
SELECT IS_USED_LOCK(:name) AS session, IS_USED_LOCK(:client) AS client
"""
_SESSION = """
SELECT user, host, info FROM information_schema.processlist WHERE id = :session
"""


class MariaDBLock:
    """The lock of a version table on MariaDB and MySQL.

    It belongs to the session of the migration: an ALTER goes on after its client was
    killed, and the server frees the lock when it has ended, and no sooner.

    A session without a statement says nothing that others could read, so who it is
    stands in a note: a row of a table that is there for as long as the lock is held.

    On a cluster with several masters the lock is one of the node that took it.

    Args:
        connection: That of the migration; the database that it uses counts.
        schema: What the version table says.
        table: Its name.
    """

    def __init__(self, connection: Connection, *, schema: str | None, table: str) -> None:
        here = ask(connection, "SELECT DATABASE() AS name, CONNECTION_ID() AS session")
        place = schema or here.name
        self._name = lock_key(place, None, table).name
        self._client = f"{self._name}:client"
        self._session = int(here.session)
        self._notes = lease_table(place)
        self._has_notes = False
        self._token = f"{self._session} {secrets.token_hex(8)}"
        self.free: str | None = f"DO RELEASE_LOCK('{self._name}')"

    def take(self, connection: Connection) -> bool:
        """Return whether the lock is ours now; does not wait."""
        return bool(ask(connection, "SELECT GET_LOCK(:name, 0) AS taken", name=self._name).taken)

    def has(self, connection: Connection) -> bool:
        """Return whether the session of the migration has the lock."""
        row = ask(connection, "SELECT IS_USED_LOCK(:name) AS session", name=self._name)
        return row.session is not None and int(row.session) == self._session

    def holder(self, connection: Connection) -> LockHolder | None:
        """Return who has the lock, or None if nobody has it any more."""
        found = ask(connection, _HOLDERS, name=self._name, client=self._client)
        if found.session is None:
            return None
        session = int(found.session)
        ended_by = f"KILL {session}"
        note = self._note(connection) if found.client is not None else None
        if note is not None and note.token.split()[0] == str(session):
            return replace(from_row(note), ended_by=ended_by)
        with no_transaction_left(connection):
            row = connection.execute(text(_SESSION), {"session": session}).one_or_none()
        if row is None:
            return LockHolder(ended_by=ended_by)
        host = str(row.host or "").partition(":")[0] or None
        return with_statement(LockHolder(host=host, ended_by=ended_by), row.info)

    def is_alone(self, connection: Connection) -> bool:  # noqa: ARG002  (there is one kind)
        """Return whether nobody is at work who has another kind of lock."""
        return True

    def other(self, connection: Connection) -> LockHolder | None:  # noqa: ARG002  (as above)
        """Return who is at work with another kind of lock."""
        return None

    def introduce(self, beside: Connection, me: LockHolder) -> LockHolder:
        """Tell others who has the lock; return it with the time of the server."""
        beside.execute(
            text(f"SET SESSION wait_timeout = {_LONGEST}, lock_wait_timeout = {_PATIENCE}")
        )
        row = ask(
            beside, "SELECT GET_LOCK(:name, 0) AS taken, UTC_TIMESTAMP() AS now", name=self._client
        )
        return replace(me, since=row.now)

    def condition(self, me: LockHolder) -> str | None:  # noqa: ARG002  (a note is a row)
        """Return None: no expression writes a note."""
        return None

    def tell(self, beside: Connection, me: LockHolder) -> bool:
        """Tell others what we do now, and return whether the session has the lock."""
        if not self._has_notes:
            beside.execute(CreateTable(self._notes, if_not_exists=True))
        # Whoever ends may drop the table between our look and our note.
        self._has_notes = False
        note = {
            "token": self._token,
            "process": me.process,
            "host": (me.host or "")[:TEXT_LENGTH] or None,
            "application": (me.application or "")[:TEXT_LENGTH] or None,
            "doing": (me.doing or "")[:TEXT_LENGTH] or None,
            "taken_at": me.since,
        }
        statement = insert(self._notes).values(lock_name=self._name, **note)
        beside.execute(statement.on_duplicate_key_update(note))
        self._has_notes = True
        return self.has(beside)

    def withdraw(self, beside: Connection) -> None:
        """Remove our note, and the table with the last one."""
        table = self._notes
        beside.execute(table.delete().where(table.c.lock_name == self._name))
        if not beside.scalar(select(func.count()).select_from(table)):
            beside.execute(DropTable(table, if_exists=True))

    def _note(self, connection: Connection) -> Row[Any] | None:
        statement = select(self._notes).where(self._notes.c.lock_name == self._name)
        with suppress(DBAPIError), no_transaction_left(connection):
            return connection.execute(statement).one_or_none()
        return None
