"""A lock for whoever is behind a pooler of PostgreSQL: a lease, renewed while it is held."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from flask_migrate._sqlalchemy import run_anew
from flask_migrate.database.pools import engine_beside
from flask_migrate.errors import LockLost
from flask_migrate.execution.locks.asking import ask
from flask_migrate.execution.locks.keys import LockKey
from flask_migrate.execution.locks.lease_row import LeaseRow
from flask_migrate.execution.locks.polling import Polling
from flask_migrate.execution.locks.postgresql import (
    FENCE,
    RUN,
    Place,
    holder_of,
    is_held,
    notice_death,
)
from flask_migrate.execution.transactions import is_autocommit
from flask_migrate.values.locks import Claim, LockHolder

_FENCE = "SELECT pg_try_advisory_xact_lock(CAST(:number AS bigint)) AS taken"
# What a runner that is gone had begun in autocommit mode goes on without it. It cannot be told
# from what others do; only that it began during the lease, and writes.
_STILL_WRITING = """
SELECT count(*) > 0 AS busy FROM pg_catalog.pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
  AND state = 'active' AND query_start BETWEEN :taken_at AND :expires_at
  AND (backend_xid IS NOT NULL OR query ILIKE '%concurrently%')
"""
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long a lease lasts.

    Attributes:
        seconds: After its last renewal.
        heartbeat: Seconds between two renewals.
    """

    seconds: float = 30.0
    heartbeat: float = 5.0


class LeaseLock:
    """A lease that we have.

    Args:
        row: The row that stands for the lock.
        key: The key of the lock.
        connection: That of the migration.
        heartbeat: Renews it.
        polling: What it took to get it.
    """

    def __init__(
        self,
        row: LeaseRow,
        key: LockKey,
        connection: Connection,
        *,
        heartbeat: "Heartbeat",
        polling: Polling,
    ) -> None:
        self.waited = polling.waited
        self._row = row
        self._key = key
        self._connection = connection
        self._heartbeat = heartbeat
        self._database = polling.database

    def claim(self, doing: str) -> Claim | None:  # noqa: ARG002  (the row is asked, and renewed)
        """Return None."""
        return None

    def verify(self, doing: str | None = None) -> None:
        """Make sure that the lock is still ours, and for how long it can be.

        Args:
            doing: What those who wait are told; None for what they were told before.

        Raises:
            LockLost: It is not.
        """
        self._heartbeat.doing = doing or self._heartbeat.doing
        try:
            is_ours = self._heartbeat.renew()
        except (SQLAlchemyError, OSError) as error:
            raise LockLost(self._database) from error
        if not is_ours:
            raise LockLost(self._database)

    def guard_transaction(self) -> None:
        """Let nobody else begin before this transaction has ended, with us or without us.

        Raises:
            LockLost: The lock is no longer ours.
        """
        if not self._connection.in_transaction() or is_autocommit(self._connection):
            return
        fence = ask(self._connection, _FENCE, number=self._key.number(FENCE))
        # In this order: who takes the lease over looks for a fence after that.
        if not fence.taken or not self._row.is_ours(self._connection):
            raise LockLost(self._database)
        notice_death(self._connection, is_local=True)


class Heartbeat:
    """Renews a lease, in a thread and when asked.

    The thread has a connection of its own, so that it renews while the migration waits
    for a statement. Where connections are those of an asynchronous driver, it has an
    event loop of its own as well.

    Args:
        row: The row that stands for the lock.
        line: The connection for when it is asked.
        engine: Opens that of the thread.
        terms: How long the lease lasts.
        doing: What others are told.
    """

    def __init__(
        self, row: LeaseRow, line: "Line", engine: Engine, *, terms: Terms, doing: str | None
    ) -> None:
        self.doing = doing
        self._row = row
        self._line = line
        self._engine = engine
        self._terms = terms
        self._is_over = threading.Event()

    def renew(self, line: "Line | None" = None) -> bool:
        """Return whether the lease was still ours, and now is for its whole time."""
        return (line or self._line).ask(
            lambda connection: self._row.renew(
                connection, doing=self.doing, seconds=self._terms.seconds
            )
        )

    @contextmanager
    def beating(self) -> Generator[None]:
        """Renew the lease for as long as this lasts."""
        thread = threading.Thread(
            target=run_anew,
            args=(self._engine, self._beat),
            name="flask-migrate-lease",
            daemon=True,
        )
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join(self._terms.heartbeat)

    def _beat(self) -> None:
        line = Line(self._engine)
        try:
            while not self._is_over.wait(self._terms.heartbeat):
                # What fails now may go well the next time; if it does not, `verify` says so.
                with suppress(Exception):
                    self.renew(line)
        finally:
            line.close()


class Line:
    """A connection beside the migration, opened when it is needed and again when it is lost.

    Args:
        engine: That of the migration; its pool stays as it is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine_beside(engine)
        self._connection: Connection | None = None

    def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Return the answer of the connection, or of the next one if it is lost."""
        if self._connection is not None:
            try:
                return question(self._connection)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                self.close()
        # Not in autocommit mode: asyncpg runs a statement in two steps, and only a transaction
        # keeps a pooler from giving the second one to another session.
        connection = self._engine.connect().execution_options(isolation_level="READ COMMITTED")
        prepare_nothing(connection)
        self._connection = connection
        return question(connection)

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, OSError):
                connection.close()


@contextmanager
def lease(
    connection: Connection,
    place: Place,
    *,
    me: LockHolder,
    polling: Polling,
    terms: Terms | None = None,
) -> Generator[LeaseLock]:
    """Hold the lock of a version table with a lease.

    Args:
        connection: That of the migration.
        place: Where the version table is.
        me: This process.
        polling: How long we wait for others.
        terms: How long the lease lasts.

    Raises:
        LockNotAcquired: Others were there for too long.
    """
    terms = terms or Terms()
    row = LeaseRow(place.key.name, schema=place.schema)
    line = Line(connection.engine)
    try:
        polling.wait_for(
            lambda: line.ask(lambda beside: _take(beside, row, place.key, me, terms)),
            look=lambda: line.ask(lambda beside: _holder(beside, row, place.key)),
        )
        heartbeat = Heartbeat(row, line, connection.engine, terms=terms, doing=me.doing)
        try:
            with heartbeat.beating(), nothing_prepared(connection):
                yield LeaseLock(row, place.key, connection, heartbeat=heartbeat, polling=polling)
        finally:
            with suppress(SQLAlchemyError, OSError):
                line.ask(row.give_back)
    finally:
        line.close()


def _take(beside: Connection, row: LeaseRow, key: LockKey, me: LockHolder, terms: Terms) -> bool:
    """Return whether the lease is ours now, and nobody is at work all the same."""
    last = row.row(beside)
    if last is not None and (not last.expired or _still_writes(beside, last)):
        return False
    if is_held(beside, key, RUN, FENCE) or not row.take(beside, me, seconds=terms.seconds):
        return False
    if not is_held(beside, key, RUN, FENCE):
        return True
    # Who reaches the server without a pooler came at the same moment, and does not give way.
    row.give_back(beside)
    return False


def _holder(beside: Connection, row: LeaseRow, key: LockKey) -> LockHolder | None:
    return row.holder(beside) or holder_of(beside, key) or row.last_holder(beside)


def _still_writes(beside: Connection, last: Row[Any]) -> bool:
    times = {"taken_at": last.taken_at, "expires_at": last.expires_at}
    return bool(ask(beside, _STILL_WRITING, **times).busy)


@contextmanager
def nothing_prepared(connection: Connection) -> Generator[None]:
    """Keep psycopg from preparing what it runs often, for as long as this lasts.

    Args:
        connection: That of the migration, with another session in each transaction.
    """
    driver: Any = connection.connection.driver_connection
    before = getattr(driver, "prepare_threshold", None)
    prepare_nothing(connection)
    try:
        yield
    finally:
        if before is not None:
            driver.prepare_threshold = before


def prepare_nothing(connection: Connection) -> None:
    """Keep psycopg from preparing what it runs often: another session would not know of it."""
    driver: Any = connection.connection.driver_connection
    if hasattr(driver, "prepare_threshold"):
        driver.prepare_threshold = None
