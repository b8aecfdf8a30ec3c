"""One runner at a time, whatever the server."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from typing import Protocol

from sqlalchemy import Connection, Table

from flask_migrate.database.urls import show_url
from flask_migrate.execution.locks.lease import Terms, lease
from flask_migrate.execution.locks.mariadb import MariaDBLock
from flask_migrate.execution.locks.polling import Listener, Polling, say_who_is_waited_for
from flask_migrate.execution.locks.postgresql import Place, PostgreSQLLock, place_of
from flask_migrate.execution.locks.servers import SessionChanges
from flask_migrate.execution.locks.session import session_lock
from flask_migrate.execution.transactions import is_autocommit
from flask_migrate.values.locks import Claim, LockHolder


class HeldLock(Protocol):
    """A lock that we have.

    Attributes:
        waited: Whether somebody else had it first, so that what was read before is old.
    """

    waited: bool

    def claim(self, doing: str) -> Claim | None:
        """Return what each transaction of a revision has to ask; None if `verify` asks.

        Args:
            doing: What those who wait are told that is done now, when it is asked.
        """
        ...

    def verify(self, doing: str | None = None) -> None:
        """Make sure that the lock is still ours, where there is no claim: before each revision.

        Args:
            doing: What those who wait are told that is done now, as in "upgrade to
                1975ea83b712"; None for what they were told before.

        Raises:
            LockLost: It is not.
        """
        ...

    def guard_transaction(self) -> None:
        """Protect the transaction of the migration that has just begun.

        Behind a pooler, a transaction is the longest for which a session is ours.

        Raises:
            LockLost: The lock is no longer ours.
        """
        ...


class NoLock:
    """What there is where no lock is needed, or none can be had."""

    waited = False

    def claim(self, doing: str) -> Claim | None:  # noqa: ARG002  (there is nothing to lose)
        """Return None."""
        return None

    def verify(self, doing: str | None = None) -> None:
        """Do nothing."""

    def guard_transaction(self) -> None:
        """Do nothing."""


@contextmanager
def migration_lock(
    connection: Connection,
    *,
    version_table: Table,
    me: LockHolder,
    limit: float,
    waiting: Listener = say_who_is_waited_for,
    terms: Terms | None = None,
) -> Generator[HeldLock]:
    """Keep every other runner from changing what a version table describes.

    On PostgreSQL, MariaDB and MySQL. SQLite locks its file, and the transaction of the
    migration does that; what other servers have is not known here.

    Args:
        connection: That of the migration. If it is in a transaction, the lock may last to
            the end of that.
        version_table: The table that says which revisions are applied.
        me: This process, see `this_process`.
        limit: Seconds to wait for others; 0 to try once.
        waiting: Is told who holds the lock, and for how many seconds we have waited.
        terms: How long a lease lasts behind a pooler; None for what is usual.

    Raises:
        LockNotAcquired: Others were there for too long.
    """
    polling = Polling(limit=limit, waiting=waiting, database=show_url(connection.engine.url))
    with ExitStack() as stack:
        match connection.dialect.name:
            case "postgresql":
                place = place_of(connection, schema=version_table.schema, table=version_table.name)
                yield _on_postgresql(stack, connection, place, me=me, polling=polling, terms=terms)
            case "mysql" | "mariadb":
                server = MariaDBLock(
                    connection, schema=version_table.schema, table=version_table.name
                )
                yield stack.enter_context(session_lock(server, connection, me=me, polling=polling))
            case _:
                yield NoLock()


def _on_postgresql(
    stack: ExitStack,
    connection: Connection,
    place: Place,
    *,
    me: LockHolder,
    polling: Polling,
    terms: Terms | None,
) -> HeldLock:
    if not place.is_pooled:
        is_nested = connection.in_transaction() and not is_autocommit(connection)
        server = PostgreSQLLock(place, is_nested=is_nested)
        with suppress(SessionChanges):  # the driver did not tell
            return stack.enter_context(session_lock(server, connection, me=me, polling=polling))
    return stack.enter_context(lease(connection, place, me=me, polling=polling, terms=terms))
