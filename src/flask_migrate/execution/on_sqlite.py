"""Run steps on SQLite: all in one transaction, each behind a savepoint of its own.

The write lock of the file is the lock of the run. Whoever wants to write waits for it, and
whoever reads goes on to see what was there before.
"""

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext

from flask_migrate._alembic import own_transaction
from flask_migrate.errors import CommandRefused
from flask_migrate.execution.move import Kept, Move, Step
from flask_migrate.execution.sqlite.file import File
from flask_migrate.execution.sqlite.foreign_keys import ForeignKeysOn, foreign_key_violations
from flask_migrate.execution.sqlite.leftovers import drop_copies, leftovers, rename_back
from flask_migrate.execution.sqlite.obstacles import own_obstacle, rebuild_refused, refuse_broken
from flask_migrate.execution.sqlite.sharing import Sharing
from flask_migrate.execution.sqlite.waiting import Waiting
from flask_migrate.execution.transactions import is_autocommit
from flask_migrate.settings import Settings
from flask_migrate.values.sqlite import Leftover, Violation

SAVEPOINT = "flask_migrate_revision"

log = logging.getLogger("flask_migrate")


def run_on_sqlite(move: Move, steps: Sequence[Step], settings: Settings) -> None:
    """Run what is left to do, while nobody else may write.

    Args:
        move: What is moved.
        steps: What is left to do, as far as is known before the file is ours.
        settings: How long to wait for others.

    Raises:
        LockNotAcquired: Somebody else writes for longer than the setting allows.
        TableLocked: Somebody else reads for longer than the setting allows.
        ForeignKeyBroken: A revision leaves rows that refer to none.
        Exception: Whatever comes out of a revision; what was complete before it is kept.
    """
    OnSQLite(move=move, settings=settings).run(steps)


def applied_on_sqlite(context: MigrationContext, settings: Settings) -> tuple[str, ...]:
    """Return the revisions that a database has, as soon as it can be read.

    Args:
        context: Alembic's view of it.
        settings: How long to wait for somebody who does not even let it be read.

    Raises:
        LockNotAcquired: Somebody does not for longer than the setting allows.
    """
    connection = context.connection
    assert connection is not None  # noqa: S101  (it is only missing in SQL mode)
    waiting = Waiting(File(connection), settings)
    return waiting.read(context.get_current_heads)


class _OthersRolledBack(Exception):
    """A revision has rolled back its transaction, and with it the revisions before it."""


@dataclass(kw_only=True)
class OnSQLite:
    """The steps of one SQLite database.

    Attributes:
        move: The steps.
        settings: How long to wait for others.
    """

    move: Move
    settings: Settings

    def __post_init__(self) -> None:
        self._file = File(self.move.connection)
        self._waiting = Waiting(self._file, self.settings)
        self._start = self.move.kept()
        self._copies: tuple[Leftover, ...] = ()

    def run(self, steps: Sequence[Step]) -> None:
        """Run steps, in whatever transaction there is, or in our own.

        Args:
            steps: What is left to do, as far as is known before the file is ours.

        Raises:
            Exception: Whatever comes out of a revision.
        """
        if self.move.in_transaction_of_another:
            with self._taken_over(), self._file.beginning(self._waiting.begin):
                try:
                    if is_autocommit(self.move.connection):
                        self._run_in_name_only()
                    else:
                        self._run_in_transaction_of_another(steps)
                except BaseException:
                    if self.move.is_undone_by_failure:
                        self.move.forget(self._start)
                    raise
        else:
            self.move.rest()
            with self._file.out_of_autocommit(), self._taken_over():
                self._run_in_own_transactions()

    @contextmanager
    def _taken_over(self) -> Generator[None]:
        self._sharing = Sharing(self._file, held=self.move.held)
        with self._file.taken_over(), self._sharing.lasting():
            yield

    def _run_in_own_transactions(self) -> None:
        """Run until nothing is left: in one transaction, if nothing speaks against it."""
        is_alone = is_complete = is_divided = False
        while not is_complete:
            try:
                with self._file.without_foreign_keys() if is_alone else nullcontext():
                    is_complete = self._run_transaction(
                        is_alone=is_alone, is_single=is_alone or is_divided
                    )
                is_alone = False
            except ForeignKeysOn as signal:
                _say_it_begins_again(signal)
                self._sharing.begin_again()
                is_alone = True
            except _OthersRolledBack:
                log.warning("A revision rolled back those before it too, which begin again.")
                self._sharing.begin_again()
                is_divided = True
            except Exception as error:
                if not self._file.was_busy(error):
                    raise
                self._waiting.give_way(error)
                self._sharing.begin_again()

    def _run_transaction(self, *, is_alone: bool, is_single: bool) -> bool:
        """Run steps in a transaction, and return whether nothing is left.

        Args:
            is_alone: Whether the next step runs with foreign keys off.
            is_single: Whether the next step runs by itself.
        """
        failure: BaseException | None = None
        said = self.move.target.problems
        with self._file.beginning(self._waiting.begin):
            try:
                with own_transaction(self.move.context):
                    steps = self.move.look()
                    self._start = self.move.kept()
                    is_divided = is_single or self.move.in_one_transaction is False
                    now = steps[:1] if is_divided else steps
                    try:
                        self._run_steps(now, are_checked=is_alone)
                    except BaseException as error:  # noqa: BLE001  (raised when the rest is kept)
                        failure = error
                    is_over = failure is not None or len(now) == len(steps)
                    if is_over and not isinstance(failure, (ForeignKeysOn, _OthersRolledBack)):
                        self._drop_copies()
                    self._file.commit()
            except BaseException:
                self._file.roll_back()
                self.move.forget(self._start)
                self.move.target.problems = said
                raise
        if failure is not None:
            raise failure
        return len(now) == len(steps)

    def _run_in_name_only(self) -> None:
        """Run each step by itself, while SQLAlchemy says that somebody has a transaction.

        In autocommit that one neither keeps nor undoes anything.
        """
        is_complete = False
        while not is_complete:
            steps = self.move.look()
            try:
                self._run_in_transaction_of_another(steps[:1])
            finally:
                self._file.commit()
            is_complete = len(steps) <= 1

    def _run_in_transaction_of_another(self, steps: Sequence[Step]) -> None:
        """Run everything in what `env.py`, or the caller, has begun and will end."""
        # SQLAlchemy thinks that there is a transaction; the driver may not have begun it.
        is_empty = not self._file.in_transaction
        if is_empty:
            self._waiting.begin()
        else:
            self._sharing.can_not_begin_again()
        self._start = self.move.kept()
        try:
            self._run_steps(steps)
            self._drop_copies()
        except ForeignKeysOn as signal:
            if not is_empty:
                raise rebuild_refused(signal) from signal
            _say_it_begins_again(signal)
            self._file.roll_back()
            self.move.forget(self._start)
            self._sharing.begin_again()
            self._file.leave_foreign_keys_out()
            self._waiting.begin()
            self._run_steps(self.move.look(), are_checked=True)
            self._drop_copies()

    def _run_steps(self, steps: Sequence[Step], *, are_checked: bool = False) -> None:
        self.move.prepare()
        if steps:
            found = leftovers(self.move.connection)
            self._copies = self._copies or tuple(one for one in found if one.is_copy)
            self.move.target.problems += rename_back(self.move.connection, found)
        for step in steps:
            self._run_step(step, is_checked=are_checked)

    def _drop_copies(self) -> None:
        begun = self.move.connection.get_transaction()
        if self._copies and self._file.in_transaction and begun is not None and begun.is_active:
            self.move.target.problems += drop_copies(self.move.connection, self._copies)

    def _run_step(self, step: Step, *, is_checked: bool) -> None:
        kept, begun = self.move.kept(), self._file.begun
        broken = foreign_key_violations(self.move.connection) if is_checked else None
        self._file.execute(f"SAVEPOINT {SAVEPOINT}")
        try:
            self.move.apply(step, check=lambda: self._check(kept, broken))
            self._sharing.refuse_unfinished()
        except BaseException as error:
            self._undo(kept, begun)
            if self._file.was_interrupted(error):
                raise KeyboardInterrupt from error
            is_ours = not self.move.in_transaction_of_another
            if isinstance(error, Exception) and is_ours and self._lost_others(kept):
                raise _OthersRolledBack from error
            if blocked := own_obstacle(self._file, error):
                # With the line of the revision in it.
                raise blocked.with_traceback(error.__traceback__) from error
            raise
        if self._file.begun == begun and self._file.in_transaction:
            self._file.execute(f"RELEASE {SAVEPOINT}")

    def _undo(self, kept: Kept, begun: int) -> None:
        """Take back one step. SQLite itself takes back all of them if the disk is full."""
        self._sharing.forget()
        if not self._file.in_transaction:
            is_committed = self._file.begun != begun or self.move.target.statements.committed
            kept = kept if is_committed else self._start
        elif self._file.begun == begun:
            self._file.execute(f"ROLLBACK TO {SAVEPOINT}")
            self._file.execute(f"RELEASE {SAVEPOINT}")
        else:
            # An autocommit_block has kept what was before it.
            self._file.roll_back()
        self.move.forget(self._start if self.move.target.statements.rolled_back else kept)

    def _check(self, kept: Kept, broken: Sequence[Violation] | None) -> None:
        if self._lost_others(kept):
            if self.move.in_transaction_of_another:
                raise _others_lost()
            raise _OthersRolledBack
        if broken is not None:
            refuse_broken(self.move.connection, before=broken)

    def _lost_others(self, kept: Kept) -> bool:
        """Return whether a revision rolled back others that were to stay."""
        has_others = kept.done > self._start.done
        return has_others and self.move.target.statements.rolled_back


def _others_lost() -> CommandRefused:
    return CommandRefused(
        "The revision rolled back those before it too, in a transaction that somebody else began.",
        hint="What may fail, and be rolled back, belongs in a block of its own, with "
        "op.get_bind().begin_nested()",
    )


def _say_it_begins_again(signal: ForeignKeysOn) -> None:
    log.warning("The revision begins again with foreign keys off: %s.", signal)
