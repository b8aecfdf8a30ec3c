"""Run the statements of a migration on MariaDB or MySQL, patiently."""

import math
import re
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine

from flask_migrate._sqlalchemy import pool_without_memory, run_in_own_loop
from flask_migrate.errors import MigrateError, RevisionInterrupted, StatementTimeout
from flask_migrate.execution.drivers import error_number
from flask_migrate.execution.faults import shortened
from flask_migrate.execution.patience.session import Session
from flask_migrate.execution.patience.waiting import Waiting
from flask_migrate.execution.patience.watch import Watch
from flask_migrate.values.locks import Claim
from flask_migrate.values.patience import Blocker

Run = Callable[[str], None]
"""Runs the statement at hand with its parameters."""

_NO_LOCK = frozenset({1205, 1213})  # ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK
_TOO_LONG = frozenset({1969, 3024})  # of MariaDB, of MySQL
_LEADING = re.compile(r"(?:\s+|--[^\n]*|\#[^\n]*|/\*(?![!M]).*?\*/)*(\w+)(?:\s+(\w+))?", re.DOTALL)
_TABLES = frozenset({"ALTER", "CREATE", "DROP", "RENAME", "TRUNCATE", "OPTIMIZE", "REPAIR"})
# Of a time that a server measures, and we do.
_MOST = 0.9
_END = 3.0  # seconds to wait for a session to end
_LOOK = 0.05
_SAYS_ITSELF = re.compile(r"\b(?:NOWAIT|WAIT\s+\d+)\b", re.IGNORECASE)


class MySQL:
    """How a connection to MariaDB or MySQL waits.

    A statement that defines something commits what came before it, and asks for its locks
    only then: if it cannot have them, nothing is done and nothing is held, so it can be
    tried again where it is. A statement that changes rows is not tried again, for its
    transaction may have gone.

    Args:
        connection: What the migration runs on.
        waiting: How long to wait.
        watch: Looks whom a statement waits for.
    """

    def __init__(self, connection: Connection, *, waiting: Waiting, watch: Watch) -> None:
        self._session = Session(connection)
        self._engine = connection.engine
        self._waiting = waiting
        self._limits = waiting.limits
        self._watch = watch
        self._is_mariadb = bool(getattr(connection.dialect, "is_mariadb", False))
        self._before: dict[str, Any] = {}
        self._number = 0
        self._lock_wait: int | None = None
        self._begin()

    @property
    def listeners(self) -> dict[str, Callable[..., None]]:
        """What to call when something happens on the connection: nothing is needed."""
        return {}

    def begin_revision(self, claim: Claim | None) -> None:
        """Take note that a revision begins. No lock of this server has a claim."""
        assert claim is None  # noqa: S101  (see MariaDBLock)
        self._waiting.forget()

    def before_restart(self, interrupted: RevisionInterrupted) -> None:
        """Refuse: nothing here asks for it, for it would do everything twice."""
        raise interrupted

    def end(self) -> None:
        """Set the session to what it was."""
        if self._session.is_usable:
            with suppress(self._session.error):
                for name, value in self._before.items():
                    self._session.do(f"SET SESSION {name} = {value}")

    def execute(self, text: str, run: Run, **_: Any) -> None:
        """Run a statement.

        Args:
            text: Its text.
            run: Runs it.

        Raises:
            TableLocked: The time for waiting is up.
            SessionOpen: It would wait for this very process.
            StatementTimeout: It took too long.
        """
        locks = locks_tables(text)
        while True:
            timeout = self._set_timeout(locks=locks)
            lost = self._attempt(text, run, timeout=timeout, locks=locks)
            if lost is None:
                break
            seconds, blockers, error = lost
            try:
                self._waiting.count(
                    text, seconds=seconds, timeout=timeout or seconds, blockers=blockers
                )
            except MigrateError as refusal:
                raise refusal from error
            self._waiting.pause()
        if locks:
            self._waiting.forget()

    def _attempt(
        self, text: str, run: Run, *, timeout: float | None, locks: bool
    ) -> tuple[float, tuple[Blocker, ...], Exception] | None:
        """Try a statement once; return None if it ran, or how the lock was lost."""
        started = monotonic()
        with self._watch.over(text, session=self._number, timeout=timeout) as wait:
            try:
                run(text)
            except self._session.error as error:
                seconds = monotonic() - started
                self._translate(error, text, seconds=seconds)
                is_over = timeout is not None and seconds >= _MOST * timeout
                if not self._is_lost(error, text) or not (locks or is_over):
                    raise
                return seconds, wait.blockers, error
            except (KeyboardInterrupt, SystemExit):
                # Left alone, the server would finish what nobody wants any more.
                with suppress(Exception):
                    end_session(self._engine, self._number)
                raise
        return None

    def _is_lost(self, error: Exception, text: str) -> bool:
        says_itself = _SAYS_ITSELF.search(text)
        return bool(self._limits.first) and not says_itself and error_number(error) in _NO_LOCK

    def _translate(self, error: Exception, text: str, *, seconds: float) -> None:
        if error_number(error) in _TOO_LONG:
            raise StatementTimeout(
                f"A statement was stopped after {seconds:.1f} s: {shortened(text)}",
                hint="MIGRATE_STATEMENT_TIMEOUT says for how many seconds a statement may run."
                if self._limits.statement
                else "The server or the user of the migration limits how long a statement runs.",
            ) from error

    def _begin(self) -> None:
        limit = "max_statement_time" if self._is_mariadb else "max_execution_time"
        ((lock_wait, execution, self._number),) = self._session.ask(
            f"SELECT @@SESSION.lock_wait_timeout, @@SESSION.{limit}, CONNECTION_ID()"
        )
        self._before = {"lock_wait_timeout": lock_wait, limit: execution}
        if self._limits.statement:
            unit = 1 if self._is_mariadb else 1000
            self._session.do(f"SET SESSION {limit} = {self._limits.statement * unit:g}")

    def _set_timeout(self, *, locks: bool) -> float | None:
        """Say how long a statement may wait for a table, in whole seconds; return it."""
        if not self._limits.first:
            return None
        seconds = max(1, math.ceil(self._waiting.timeout if locks else self._waiting.left))
        if self._lock_wait != seconds:
            self._session.do(f"SET SESSION lock_wait_timeout = {seconds}")
            self._lock_wait = seconds
        return float(seconds)


def end_session(engine: Engine, session: int) -> None:
    """End a session of the server with the statement that runs in it, and wait until it has.

    Args:
        engine: Where to get a connection that no pool has.
        session: Its number on the server.

    Raises:
        Exception: Whatever a driver raises if it cannot connect, or the server if it may not.
    """
    if engine.dialect.is_async:
        run_in_own_loop(lambda: _end_session(engine, session))
    else:
        _end_session(engine, session)


def _end_session(engine: Engine, session: int) -> None:
    other = pool_without_memory(engine).connect()
    try:
        cursor = other.cursor()
        cursor.execute(f"KILL {session:d}")
        deadline = monotonic() + _END
        while monotonic() < deadline:
            cursor.execute("SELECT id FROM information_schema.processlist")
            if session not in {int(row[0]) for row in cursor.fetchall()}:
                return
            sleep(_LOOK)
    finally:
        other.close()


def locks_tables(text: str) -> bool:
    """Return whether a statement commits what came before it, and then locks tables.

    >>> locks_tables("/* why */ ALTER TABLE users ADD age INT")
    True
    >>> locks_tables("CREATE TEMPORARY TABLE users (id INT)"), locks_tables("UPDATE users SET x=1")
    (False, False)
    """
    found = _LEADING.match(text)
    first, second = (word.upper() for word in found.groups(default="")) if found else ("", "")
    return first in _TABLES and second != "TEMPORARY"
