"""Let connections that a revision opens by itself take part in the transaction of the run.

Revisions move data with ``db.session``, ``Session(db.engine)`` or ``engine.begin()``. In a
transaction of their own they would neither see what the revision has changed nor ever get the
write lock, which the run has.
"""

import os
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from pathlib import Path
from sqlite3 import Connection as Driver
from sqlite3 import Error
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    Pool,
    PoolProxiedConnection,
    SingletonThreadPool,
    StaticPool,
    event,
)
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from flask_migrate._sqlalchemy import opened_anew, speak_through
from flask_migrate.errors import CommandRefused
from flask_migrate.execution.locks.sqlite import file_of
from flask_migrate.execution.sqlite.file import File
from flask_migrate.execution.sqlite.shared import Common, Shared


class Sharing:
    """The connections to the database of the run that this thread gets from any pool.

    What a pool hands out speaks through the run for as long as this lasts. A connection that
    it has to open is one to an empty database in memory: what the application sets on it, such
    as ``PRAGMA journal_mode``, can neither wait for the run nor change it. In the end each has
    its own connection again, or a new one. Other threads are not concerned.

    Args:
        file: The database, seen through the connection of the run.
        held: What sessions of the application held before.

    Raises:
        CommandRefused: The run is one that a revision on the same database has started.
    """

    def __init__(self, file: File, *, held: Iterable[Connection] = ()) -> None:
        self._run = file.connection
        self._common = Common(file)
        if isinstance(self._common.driver, Shared):
            raise CommandRefused(
                "A revision cannot migrate the database that it is a part of.",
                hint="Run one command after the other, not one within the other.",
            )
        self._held = tuple(held)
        self._thread: int | None = threading.get_ident()
        path = file_of(self._common.driver)
        self._path = _real(path) if path else None
        self._shared: WeakKeyDictionary[PoolProxiedConnection, ConnectionPoolEntry | None] = (
            WeakKeyDictionary()
        )
        self._substitutes: WeakSet[ConnectionPoolEntry] = WeakSet()
        self._sessions: WeakSet[Session] = WeakSet()

    @contextmanager
    def lasting(self) -> Generator[None]:
        """Share the transaction of the run for as long as this lasts."""
        with ExitStack() as stack:
            for target, name, listener in self._listeners():
                event.listen(target, name, listener)
                stack.callback(event.remove, target, name, listener)
            stack.callback(self._give_back)
            stack.enter_context(_one_connection_twice(self._run.engine, self._common.driver))
            for connection in self._held:
                self._share_held(connection)
            yield

    def refuse_unfinished(self) -> None:
        """Refuse to end a revision that has left a transaction of its own open.

        Raises:
            SessionOpen: It has.
        """
        self._common.refuse_unfinished()

    def forget(self) -> None:
        """Take note that the revision was undone, and all that it did."""
        self._common.forget()

    def can_not_begin_again(self) -> None:
        """Take note that the run is in a transaction that it cannot undo."""
        self._common.may_begin_again = False

    def begin_again(self) -> None:
        """Let sessions forget what a revision began, since all of it runs once more."""
        for session in tuple(self._sessions):
            session.rollback()

    def _listeners(self) -> Iterable[tuple[Any, str, Callable[..., Any]]]:
        return (
            (Engine, "do_connect", self._open),
            (Pool, "checkout", self._share_if_same),
            (self._run.engine.pool, "checkout", self._share),
            (self._run.engine, "before_cursor_execute", self._check_statement),
            (self._run.engine, "commit", self._check_commit),
            (Session, "after_transaction_create", self._note_session),
        )

    def _is_here(self) -> bool:
        return threading.get_ident() == self._thread

    def _open(
        self,
        dialect: Dialect,
        record: ConnectionPoolEntry | None,
        arguments: list[Any],
        options: dict[str, Any],
    ) -> Any:
        if record is None or dialect.name != "sqlite" or not self._is_here():
            return None
        if self._path is None or self._path != _named(arguments, options):
            return None
        self._substitutes.add(record)
        return dialect.connect(":memory:", *arguments[1:], **options)

    def _share_if_same(
        self, driver: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        is_substitute = record in self._substitutes
        if is_substitute and not self._is_here():
            # It has come into the pool, and out again in another thread.
            self._substitutes.discard(record)
            raise DisconnectionError
        if is_substitute or self._is_same(driver):
            self._share(driver, record, proxy)

    def _share(
        self, driver: Any, record: ConnectionPoolEntry | None, proxy: PoolProxiedConnection
    ) -> None:
        if self._is_here() and not isinstance(proxy.dbapi_connection, Shared):
            speak_through(proxy, Shared(self._common, driver))
            self._shared[proxy] = record

    def _share_held(self, connection: Connection) -> None:
        if connection.closed or connection.invalidated or connection is self._run:
            return
        proxy = connection.connection
        if proxy is not self._run.connection and self._is_same(proxy.dbapi_connection):
            self._share(proxy.dbapi_connection, None, proxy)

    def _is_same(self, driver: Any) -> bool:
        if driver is self._common.driver:
            return True
        if not (isinstance(driver, Driver) or "sqlite" in type(driver).__module__):
            return False
        path = file_of(driver) if self._path and self._is_here() else None
        return path is not None and _real(path) == self._path

    def _check_statement(self, connection: Connection, _: object, statement: str, *__: Any) -> None:
        if connection is self._run:
            self._common.leave_foreign_keys_out(statement)
            self._common.refuse_unfinished(statement)

    def _check_commit(self, connection: Connection) -> None:
        if connection is self._run:
            self._common.refuse_unfinished()

    def _note_session(self, session: Session, _: object) -> None:
        if self._is_here():
            self._sessions.add(session)

    def _give_back(self) -> None:
        self._thread = None
        for substitute in tuple(self._substitutes):
            substitute.invalidate()
        for proxy, record in tuple(self._shared.items()):
            shared = proxy.dbapi_connection
            if isinstance(shared, Shared) and record in self._substitutes:
                _open_anew(proxy)
            elif isinstance(shared, Shared):
                speak_through(proxy, shared.own)


def _open_anew(proxy: PoolProxiedConnection) -> None:
    try:
        speak_through(proxy, opened_anew(proxy))
    except Error:
        # Whoever left it open is told, when it is used next; what ran is not lost for it.
        proxy.invalidate()


@contextmanager
def _one_connection_twice(engine: Engine, driver: Any) -> Generator[None]:
    """Let a pool that has one connection a thread hand it out anew, so that it can be shared."""
    before = engine.pool
    if isinstance(before, SingletonThreadPool):
        engine.pool = StaticPool(lambda: driver)
    try:
        yield
    finally:
        engine.pool = before


def _named(arguments: list[Any], options: dict[str, Any]) -> Path | None:
    """Return the file that the driver is told to open."""
    name = str(arguments[0] if arguments else options.get("database", ""))
    if options.get("uri") and name.startswith("file:"):
        name = unquote(urlsplit(name).path)
    return _real(Path(name)) if name and name != ":memory:" else None


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
