"""A lock that belongs to the session of a migration."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from flask_migrate.errors import LockLost
from flask_migrate.execution.locks.announcement import Announcement, announced
from flask_migrate.execution.locks.asking import no_transaction_left
from flask_migrate.execution.locks.polling import Polling
from flask_migrate.execution.locks.servers import Server
from flask_migrate.values.locks import Claim, LockHolder


class SessionLock:
    """A lock that the session of a migration has.

    Args:
        server: What it is made of.
        connection: That of the migration.
        announcement: What others are told.
        polling: What it took to get the lock.
    """

    def __init__(
        self,
        server: Server,
        connection: Connection,
        *,
        announcement: Announcement,
        polling: Polling,
    ) -> None:
        self.waited = polling.waited
        self._server = server
        self._connection = connection
        self._announcement = announcement
        self._database = polling.database

    def claim(self, doing: str) -> Claim | None:
        """Return what each transaction of a revision has to ask; None if `verify` asks.

        Args:
            doing: What those who wait are told that is done now, when it is asked.
        """
        condition = self._server.condition(self._announcement.of(doing))
        return Claim(condition=condition, database=self._database) if condition else None

    def verify(self, doing: str | None = None) -> None:
        """Make sure that the lock is still ours, and tell those who wait what is done now.

        Args:
            doing: What they are told; None for what they were told before.

        Raises:
            LockLost: It is not.
        """
        has = self._announcement.tell(doing)
        if not (self._ask_directly() if has is None else has):
            raise LockLost(self._database)

    def guard_transaction(self) -> None:
        """Do nothing: the session is guarded, with every transaction in it."""

    def _ask_directly(self) -> bool:
        if self._connection.closed or self._connection.invalidated:
            return False
        try:
            return self._server.has(self._connection)
        except DBAPIError as error:
            raise LockLost(self._database) from error


@contextmanager
def session_lock(
    server: Server, connection: Connection, *, me: LockHolder, polling: Polling
) -> Generator[SessionLock]:
    """Hold the lock of a version table with the session of a migration.

    Args:
        server: What it is made of.
        connection: That of the migration.
        me: This process.
        polling: How long we wait for others.

    Raises:
        LockNotAcquired: Others were there for too long.
        SessionChanges: There is a pooler between.
    """
    polling.wait_for(lambda: server.take(connection), look=lambda: server.holder(connection))
    with _freed(connection, server):
        polling.wait_for(lambda: server.is_alone(connection), look=lambda: server.other(connection))
        with announced(server, me, connection.engine) as announcement:
            yield SessionLock(server, connection, announcement=announcement, polling=polling)


@contextmanager
def _freed(connection: Connection, server: Server) -> Generator[None]:
    """Free the lock in the end, or when the connection goes back to its pool before that."""
    if server.free is None:
        yield
        return
    free = server.free
    ours: Any = connection.connection.dbapi_connection

    def free_first(dbapi_connection: Any, *_: object) -> None:
        if dbapi_connection is ours:
            cursor = ours.cursor()
            cursor.execute(free)
            cursor.close()
            ours.commit()

    pool = connection.engine.pool
    event.listen(pool, "reset", free_first)
    try:
        yield
    finally:
        event.remove(pool, "reset", free_first)
        if not connection.closed and not connection.invalidated:
            _free(connection, free)


def _free(connection: Connection, statement: str) -> None:
    try:
        with no_transaction_left(connection):
            connection.exec_driver_sql(statement)
    except SQLAlchemyError:
        # In a transaction that has failed nothing is freed, and a ROLLBACK frees nothing
        # either: the lock goes with the session.
        connection.invalidate()
