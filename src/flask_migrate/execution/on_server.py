"""Run steps on a database server: each revision in a transaction of its own."""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from alembic.runtime.migration import RevisionStep
from sqlalchemy import Connection

from flask_migrate._alembic import own_transaction, version_table
from flask_migrate.errors import RevisionInterrupted
from flask_migrate.execution.faults import sentence
from flask_migrate.execution.locks.facts import this_process
from flask_migrate.execution.locks.lease import nothing_prepared
from flask_migrate.execution.locks.lock import HeldLock, NoLock, migration_lock
from flask_migrate.execution.move import Kept, Move, Step
from flask_migrate.execution.patience.patience import Patience, patient
from flask_migrate.execution.transactions import is_autocommit
from flask_migrate.settings import Settings
from flask_migrate.values.locks import Claim
from flask_migrate.values.patience import Limits

Within = Callable[[], AbstractContextManager[None]]

log = logging.getLogger("flask_migrate")


def run_on_server(
    move: Move, steps: Sequence[Step], settings: Settings, *, application: str
) -> None:
    """Run what is left to do, while nobody else may.

    Args:
        move: What is moved.
        steps: What is left to do, as far as is known before the lock is ours.
        settings: How long to wait for others.
        application: The name of the application, for those who wait for us.

    Raises:
        LockNotAcquired: Somebody else migrates for longer than the setting allows.
        LockLost: The lock went to somebody else meanwhile.
        TableLocked: A table is in use for longer than the setting allows.
        Exception: Whatever comes out of a revision.
    """
    move.rest()
    with (
        _lock(move, settings, application=application, doing=doing(steps)) as lock,
        patient(move.connection, limits=_limits(settings), say=log.info) as patience,
    ):
        steps = move.look()
        is_needed = move.is_needed(steps)
        move.rest()
        if is_needed:
            OnServer(move=move, lock=lock, patience=patience).run(steps)


def doing(steps: Sequence[Step]) -> str:
    """Return what steps do, for those who wait.

    Args:
        steps: What is left to do.
    """
    step = steps[0] if steps else None
    if not isinstance(step, RevisionStep):
        return "stamp"
    return f"{'upgrade' if step.is_upgrade else 'downgrade'} {step.revision.revision}"


@dataclass(kw_only=True)
class OnServer:
    """The steps of one database on a server.

    Attributes:
        move: The steps.
        lock: What keeps others away.
        patience: What keeps us out of the way of the application.
    """

    move: Move
    lock: HeldLock
    patience: Patience

    def run(self, steps: Sequence[Step]) -> None:
        """Run steps, in transactions as far as the database has them for its schema.

        Args:
            steps: What is left to do.

        Raises:
            Exception: Whatever comes out of a revision.
        """
        context = self.move.context
        has_transactions = bool(context.impl.transactional_ddl) and not is_autocommit(
            self.move.connection
        )
        if self.move.in_transaction_of_another:
            within = self._savepoint if has_transactions else nullcontext
            is_undone = self.move.is_undone_by_failure and has_transactions
            leaves = self.move.kept() if is_undone else None
            self._run_each(steps, within=within, is_shared=True, failing_leaves=leaves)
        elif has_transactions and self.move.in_one_transaction:
            self._run_in_one_transaction(steps)
        else:
            self._run_each(steps, within=lambda: own_transaction(context))

    def _run_in_one_transaction(self, steps: Sequence[Step]) -> None:
        start, said = self.move.kept(), self.move.target.problems
        while True:
            try:
                with own_transaction(self.move.context):
                    self._run_each(
                        steps, within=self._savepoint, is_shared=True, failing_leaves=start
                    )
            except RevisionInterrupted as interrupted:
                self.move.forget(start)
                self.move.target.problems = said
                self.patience.before_restart(interrupted)
                log.warning(
                    "Everything is undone, and begins again. %s", sentence(interrupted.message)
                )
            else:
                return

    def _run_each(
        self,
        steps: Sequence[Step],
        *,
        within: Within,
        is_shared: bool = False,
        failing_leaves: Kept | None = None,
    ) -> None:
        """Run steps one after the other.

        Args:
            steps: What is left.
            within: What undoes a step that fails.
            is_shared: Whether they share a transaction.
            failing_leaves: What is left if a step fails; None for what ran before it.
        """
        if not steps:
            with within():
                self.move.prepare()
        for step in steps:
            kept = self.move.kept()
            claim = self._claim(doing([step]))
            try:
                while not self._has_run(step, within, claim, is_shared=is_shared):
                    pass
            except BaseException:
                self.move.forget(kept if self._committed else failing_leaves or kept)
                raise
            if failing_leaves and self._committed:
                failing_leaves = kept

    def _claim(self, doing: str) -> Claim | None:
        """Return what the transactions of a step ask of the lock, which is ours now."""
        claim = self.lock.claim(doing)
        if claim is None:
            self.lock.verify(doing)
        return claim

    def _has_run(self, step: Step, within: Within, claim: Claim | None, *, is_shared: bool) -> bool:
        """Run one step, and return whether it need not begin again.

        Args:
            step: The step.
            within: What undoes it.
            claim: What its transactions ask of the lock.
            is_shared: Whether others ran in the same transaction.
        """
        kept = self.move.kept()
        try:
            with within():
                self.lock.guard_transaction()
                self.patience.begin_revision(claim)
                self.move.apply(step)
        except RevisionInterrupted as interrupted:
            if interrupted.whole and is_shared:
                raise
            self.move.forget(kept)
            self.patience.before_restart(interrupted)
            log.warning(
                "%s begins again: all of it runs once more. %s",
                _sentence(step),
                sentence(interrupted.message),
            )
            return False
        return True

    @property
    def _committed(self) -> bool:
        return self.move.target.statements.committed

    @contextmanager
    def _savepoint(self) -> Generator[None]:
        savepoint = self.move.connection.begin_nested()
        try:
            yield
        except BaseException:
            # An autocommit_block has ended the transaction, and all savepoints with it.
            if savepoint.is_active and not self._committed:
                savepoint.rollback()
            raise
        if savepoint.is_active and not self._committed:
            savepoint.commit()


def _lock(
    move: Move, settings: Settings, *, application: str, doing: str
) -> AbstractContextManager[HeldLock]:
    if not settings.run_lock:
        return _without_lock(move.connection)
    return migration_lock(
        move.connection,
        version_table=version_table(move.context),
        me=this_process(application, doing),
        limit=settings.run_lock_timeout,
    )


@contextmanager
def _without_lock(connection: Connection) -> Generator[HeldLock]:
    # Only the lock would tell whether there is a pooler between.
    with nothing_prepared(connection):
        yield NoLock()


def _limits(settings: Settings) -> Limits:
    return Limits(
        first=settings.lock_timeout,
        longest=settings.lock_timeout_longest,
        total=settings.lock_retry_limit,
        statement=settings.statement_timeout,
    )


def _sentence(step: Step) -> str:
    text = doing([step])
    return text[0].upper() + text[1:]
