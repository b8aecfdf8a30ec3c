"""Run the statements of a migration on PostgreSQL, patiently."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any

from sqlalchemy import Connection

from flask_migrate.errors import (
    EnumValueUncommitted,
    LockLost,
    LockTimeout,
    MigrateError,
    RevisionInterrupted,
    StatementTimeout,
)
from flask_migrate.execution.drivers import sqlstate
from flask_migrate.execution.faults import describe_driver_error, shortened
from flask_migrate.execution.patience.enums import EnumValues
from flask_migrate.execution.patience.indexes import find_invalid
from flask_migrate.execution.patience.session import Session
from flask_migrate.execution.patience.statements import (
    Kind,
    Statement,
    read_statement,
    with_conditions,
)
from flask_migrate.execution.patience.transaction import Transaction
from flask_migrate.execution.patience.waiting import Waiting
from flask_migrate.execution.patience.watch import Watch
from flask_migrate.values.locks import Claim
from flask_migrate.values.patience import Blocker

Run = Callable[[str], None]
"""Runs the statement at hand with its parameters, perhaps in other words."""

_NO_LOCK = frozenset({"55P03", "40P01"})  # lock_not_available, deadlock_detected
_VALUE_UNCOMMITTED = "55P04"  # unsafe_new_enum_value_usage
_ABORTED = "25P02"  # in_failed_sql_transaction
_CANCELED = "57014"
# active_sql_transaction, and invalid_transaction_termination: COMMIT in a procedure
_NOT_IN_TRANSACTION = frozenset({"25001", "2D000"})
_SAVEPOINT = "flask_migrate_patience"
_NUMBER = "SELECT pg_catalog.pg_backend_pid()"
_SHOWN = 3
_POLL = 1.0
# Of a time that a server measures, and we do.
_MOST = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lost:
    """A try in which a lock could not be had."""

    error: Exception
    seconds: float
    timeout: float
    blockers: tuple[Blocker, ...]


class PostgreSQL:
    """How a connection to PostgreSQL waits.

    Nothing is set for the session: behind a pooler in transaction mode that would become
    somebody else's. What a transaction sets for itself (SET LOCAL) ends with it.

    Args:
        connection: What the migration runs on.
        waiting: How long to wait.
        watch: Looks whom a statement waits for.
    """

    def __init__(self, connection: Connection, *, waiting: Waiting, watch: Watch) -> None:
        self._connection = connection
        self._session = Session(connection)
        self._waiting = waiting
        self._limits = waiting.limits
        self._watch = watch
        self._read = lru_cache(maxsize=128)(read_statement)
        self._transaction = Transaction()
        self._claim: Claim | None = None
        self._before = Kind.NOTHING
        self._done: list[str] = []
        self._committed: list[str] = []
        self._has_own_timeout = False
        self._pending: RevisionInterrupted | None = None
        self._enum_values = EnumValues(self._session, waiting.say)

    # -- what the core and SQLAlchemy tell

    @property
    def listeners(self) -> dict[str, Callable[..., None]]:
        """What to call when something happens on the connection, by the name of the event."""
        return {
            "begin": self._began,
            "begin_twophase": self._began,
            "commit": self._ended,
            "commit_twophase": self._ended,
            "rollback": self._rolled_back,
            "rollback_twophase": self._rolled_back,
            "savepoint": lambda _, name: self._transaction.mark(name),
            "release_savepoint": lambda _, name, __: self._transaction.release(name),
            "rollback_savepoint": lambda _, name, __: self._transaction.go_back(name),
        }

    def begin_revision(self, claim: Claim | None) -> None:
        """Take note that a revision begins, and what each of its transactions has to ask."""
        self._claim = claim
        self._transaction.session = None
        self._before = self._transaction.kind
        self._done, self._committed, self._pending = [], [], None

    def before_restart(self, interrupted: RevisionInterrupted) -> None:
        """Do what makes another try worth it. The connection is in no transaction."""
        self._has_own_timeout = False
        self._pending = None
        if not isinstance(interrupted, EnumValueUncommitted):
            self._waiting.pause()
        elif self._connection.in_transaction():
            raise interrupted
        else:
            self._enum_values.commit(interrupted)

    def end(self) -> None:
        """Leave the connection as it was: every setting has ended with its transaction."""

    def _began(self, *_: Any) -> None:
        self._transaction = Transaction()

    def _ended(self, *_: Any) -> None:
        if self._transaction.kind > Kind.READS:
            self._committed += self._done
        self._done = []
        self._transaction = Transaction()
        self._waiting.forget()

    def _rolled_back(self, *_: Any) -> None:
        self._done = []
        self._transaction = Transaction()

    # -- running a statement

    def execute(self, text: str, run: Run, *, is_many: bool, is_escaped: bool) -> None:
        """Run a statement.

        Args:
            text: Its text.
            run: Runs it.
            is_many: Whether it runs once for each of several sets of parameters.
            is_escaped: Whether the driver makes one percent sign of two.

        Raises:
            LockTimeout: The revision has to begin again, to let go of its locks.
            EnumValueUncommitted: So that a value can be committed first.
            TableLocked: The time for waiting is up.
            SessionOpen: It would wait for this very process.
            StatementTimeout: It took too long.
        """
        statement = self._read(text, is_escaped=is_escaped)
        if self._pending is not None and statement.kind is not Kind.NOTHING:
            # The revision caught it, and goes on.
            raise self._pending
        is_autocommit = self._session.is_autocommit
        hands_off = self._transaction.is_theirs or statement.begins or statement.ends
        if hands_off or statement.kind is Kind.NOTHING:
            self._execute_as_it_is(statement, run)
        elif is_autocommit:
            self._execute_alone(statement, run, is_many=is_many)
        else:
            self._execute_inside(statement, run)
        self._note(statement, is_autocommit=is_autocommit)

    def _execute_as_it_is(self, statement: Statement, run: Run) -> None:
        lost = self._attempt(statement, run, timeout=None)
        if lost is not None:
            raise lost.error

    def _execute_inside(self, statement: Statement, run: Run) -> None:
        """Run a statement in the transaction that the core began."""
        # Nothing is held that others could want: this statement alone can be tried again.
        in_place = statement.kind > Kind.READS and (
            self._transaction.kind is Kind.NOTHING
            or (self._transaction.kind is self._before is Kind.READS)
        )
        # What nothing came before needs no savepoint: the driver begins the transaction anew.
        is_first = in_place and self._session.is_idle
        has_savepoint = in_place and not is_first
        run = self._with_values(statement, run)
        while True:
            timeout = self._set_timeouts(statement, in_place=in_place)
            if has_savepoint:
                self._session.do(f"SAVEPOINT {_SAVEPOINT}")
            lost = self._attempt(statement, run, timeout=timeout)
            if lost is None:
                break
            if not in_place:
                self._restart(statement, lost)
            self._go_back(has_savepoint=has_savepoint)
            self._pause(statement, lost)
        if has_savepoint:
            self._session.do(f"RELEASE SAVEPOINT {_SAVEPOINT}")

    def _go_back(self, *, has_savepoint: bool) -> None:
        if has_savepoint:
            self._session.do(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        else:
            self._session.driver.rollback()
            self._transaction.session = self._transaction.timeouts = None

    def _execute_alone(self, statement: Statement, run: Run, *, is_many: bool) -> None:
        """Run a statement in autocommit."""
        waits = self._limits.first or self._limits.statement
        wraps = statement.kind in {Kind.ROWS, Kind.TABLES} and not is_many
        if not (waits and wraps and self._execute_wrapped(statement, run)):
            self._execute_bare(statement, run)
        self._waiting.forget()

    def _execute_wrapped(self, statement: Statement, run: Run) -> bool:
        """Run a statement in a transaction of its own; return whether it can be run so."""
        run = self._with_values(statement, run)
        while True:
            self._session.do("BEGIN")
            self._transaction = Transaction()
            try:
                timeout = self._set_timeouts(statement, in_place=True)
                lost = self._attempt(statement, run, timeout=timeout)
            except BaseException as error:
                with suppress(self._session.error):
                    self._session.do("ROLLBACK")
                if sqlstate(error) not in _NOT_IN_TRANSACTION:
                    raise
                return False
            finally:
                self._transaction = Transaction()
            if lost is None:
                self._session.do("COMMIT")
                return True
            self._session.do("ROLLBACK")
            self._pause(statement, lost)

    def _execute_bare(self, statement: Statement, run: Run) -> None:
        """Run a statement that cannot run in a transaction, so that it waits as it wants.

        CREATE INDEX CONCURRENTLY waits for transactions that have nothing to do with its
        table; a short timeout would make it fail, and leave an index that is INVALID.
        """
        run = self._with_values(statement, run)
        if statement.kind > Kind.READS:
            self._ask_session()
        while True:
            if statement.index is not None:
                run = self._make_way(statement, run)
            lost = self._attempt(statement, run, timeout=None)
            if lost is None:
                return
            if not (statement.index or statement.drops_index):
                raise lost.error
            # A timeout of the server's own.
            self._pause(statement, lost)

    def _attempt(self, statement: Statement, run: Run, *, timeout: float | None) -> _Lost | None:
        """Try a statement once; return None if it ran, or how the lock was lost."""
        started = monotonic()
        session = self._transaction.session
        watched = session is not None and statement.kind is not Kind.NOTHING
        blockers: tuple[Blocker, ...] = ()
        try:
            if watched and session is not None:
                with self._watch.over(statement.text, session=session, timeout=timeout) as wait:
                    try:
                        run(statement.text)
                    finally:
                        blockers = wait.blockers
            else:
                run(statement.text)
        except self._session.error as error:
            seconds = monotonic() - started
            if self._is_lost(error, statement):
                return _Lost(
                    error=error,
                    seconds=seconds,
                    timeout=min(seconds, self._limits.longest) if timeout is None else timeout,
                    blockers=blockers,
                )
            self._translate(error, statement, seconds=seconds)
            raise
        return None

    def _is_lost(self, error: BaseException, statement: Statement) -> bool:
        is_ours = self._limits.first and not statement.waits_as_it_says
        return bool(is_ours) and not self._transaction.is_theirs and sqlstate(error) in _NO_LOCK

    def _translate(self, error: BaseException, statement: Statement, *, seconds: float) -> None:
        state = sqlstate(error)
        limit = self._limits.statement
        if state == _ABORTED and self._pending is not None:
            raise self._pending from error
        if state == _VALUE_UNCOMMITTED and self._transaction.values and not self._committed:
            self._pending = EnumValueUncommitted(
                describe_driver_error(error),
                statements=self._transaction.values,
            )
            raise self._pending from error
        if state == _CANCELED and ("statement timeout" in str(error) or _is_over(seconds, limit)):
            raise StatementTimeout(
                f"A statement was stopped after {seconds:.1f} s: {shortened(statement.text)}",
                hint="MIGRATE_STATEMENT_TIMEOUT says for how many seconds a statement may run."
                if limit
                else "The server or the user of the migration has a statement_timeout.",
            ) from error

    def _restart(self, statement: Statement, lost: _Lost) -> None:
        """Let go of what the transaction holds: only its end does."""
        self._count(statement, lost)
        if self._committed:
            done = "; ".join(map(shortened, self._committed[-_SHOWN:]))
            raise self._waiting.exhausted(
                statement.text,
                why="The revision cannot begin again, because a part of it is committed "
                f"already: {done}.",
                hint="Undo by hand what is committed, or finish the revision by hand and stamp it: "
                "flask db stamp. What needs autocommit_block() is best a revision of its own.",
            ) from lost.error
        self._pending = LockTimeout(
            shortened(statement.text),
            blockers=self._waiting.blockers,
            whole=self._before > Kind.READS,
        )
        raise self._pending from lost.error

    def _pause(self, statement: Statement, lost: _Lost) -> None:
        self._count(statement, lost)
        self._waiting.pause()

    def _count(self, statement: Statement, lost: _Lost) -> None:
        try:
            self._waiting.count(
                statement.text, seconds=lost.seconds, timeout=lost.timeout, blockers=lost.blockers
            )
        except MigrateError as refusal:
            raise refusal from lost.error

    # -- what goes with a statement

    def _set_timeouts(self, statement: Statement, *, in_place: bool) -> float | None:
        """Say how long the statement may wait, unless that is said; return it."""
        timeout = self._timeout(statement, in_place=in_place)
        wanted = (timeout or 0.0, self._limits.statement or 0.0)
        if self._transaction.timeouts != wanted or self._transaction.session is None:
            settings = zip(("lock_timeout", "statement_timeout"), wanted, strict=True)
            calls = [
                f"pg_catalog.set_config('{name}', '{max(1, round(seconds * 1000))}', true)"
                for name, seconds in settings
                if seconds
            ]
            self._ask_session(*calls)
            self._transaction.timeouts = wanted
        return timeout

    def _ask_session(self, *calls: str) -> None:
        """Ask which session this is, call functions, and make sure that the lock is ours."""
        claim = self._claim if self._transaction.session is None else None
        conditions = [claim.condition] if claim is not None else []
        ((session, *answers),) = self._session.ask(", ".join([_NUMBER, *calls, *conditions]))
        if claim is not None and not answers[-1]:
            raise LockLost(claim.database)
        self._transaction.session = session

    def _timeout(self, statement: Statement, *, in_place: bool) -> float | None:
        if not self._limits.first or self._has_own_timeout or self._transaction.has_own_timeout:
            return None
        if statement.kind in {Kind.ROWS, Kind.ALONE} and self._transaction.kind < Kind.TABLES:
            # Nobody queues behind it, who waits for rows that it has changed waits no longer.
            return max(self._waiting.timeout, self._limits.longest)
        if self._committed and not in_place:
            return max(self._waiting.timeout, self._limits.longest)
        return self._waiting.timeout

    def _note(self, statement: Statement, *, is_autocommit: bool) -> None:
        """Remember what a statement has done."""
        transaction = self._transaction
        transaction.kind = max(transaction.kind, statement.kind)
        if statement.kind > Kind.READS:
            (self._committed if is_autocommit else self._done).append(statement.text)
        if statement.sets_lock_timeout == "transaction":
            transaction.has_own_timeout = True
        elif statement.sets_lock_timeout:
            self._has_own_timeout = statement.sets_lock_timeout == "session"
        if statement.rolls_back_part:
            transaction.timeouts = None
        if is_autocommit:
            transaction.kind = Kind.NOTHING
            transaction.is_theirs = (transaction.is_theirs or statement.begins) and (
                not statement.ends
            )
        elif statement.ends:
            transaction.is_theirs = True
            self._committed += [*self._done, statement.text]

    def _with_values(self, statement: Statement, run: Run) -> Run:
        """Leave out the values that are there; remember what may have to be committed ahead."""
        if not statement.values:
            return run
        added, positions = self._enum_values.look(statement)
        self._transaction.values += added
        return lambda text: run(with_conditions(text, positions))

    def _make_way(self, statement: Statement, run: Run) -> Run:
        """Remove an INVALID index that has the name of one that is to be built."""
        index = statement.index
        invalid = find_invalid(self._session, index) if index is not None else None
        if index is None or invalid is None:
            return run
        is_ours = invalid.is_built_by(statement.text)
        started = monotonic()
        while invalid is not None and invalid.builder:
            # That of a runner that was killed: the server builds on.
            self._wait_for_builder(statement, invalid.name, invalid.builder, started=started)
            invalid = find_invalid(self._session, index)
        if invalid is not None:
            self._waiting.say(
                f"The index {invalid.name} is INVALID, an earlier CREATE INDEX CONCURRENTLY has "
                "failed: it is dropped and built again."
            )
            drop = f"DROP INDEX CONCURRENTLY IF EXISTS {invalid.name}"
            while lost := self._attempt(statement, lambda _: self._session.do(drop), timeout=None):
                self._pause(statement, lost)
        elif is_ours and index.position is not None:
            position = index.position
            return lambda text: run(with_conditions(text, [position]))
        return run

    def _wait_for_builder(
        self, statement: Statement, name: str, builder: int, *, started: float
    ) -> None:
        waited = monotonic() - started
        if waited > self._limits.total:
            self._waiting.blockers = (Blocker(session=builder),)
            self._waiting.spent, self._waiting.tries = waited, 1
            raise self._waiting.exhausted(statement.text)
        if not waited // _POLL:
            self._waiting.say(f"Session {builder} is building the index {name}: waiting for it.")
        self._waiting.sleep(_POLL)


def _is_over(seconds: float, limit: float | None) -> bool:
    return bool(limit) and seconds >= _MOST * (limit or 0.0)
