"""The steps that take one database from where it is to where it is wanted."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep
from sqlalchemy import Connection

from flask_migrate._alembic import Heads, create_version_table, has_version_table
from flask_migrate.execution.faults import shortened
from flask_migrate.execution.made_types import forget_dropped_types
from flask_migrate.execution.steps import fit_step, name_of
from flask_migrate.execution.target import Target
from flask_migrate.revisions.module import import_revision
from flask_migrate.values.results import StepResult
from flask_migrate.values.revision import Problem

Step = RevisionStep | StampStep

# Where Alembic itself says it, so that whoever listens there goes on to hear it.
log = logging.getLogger("alembic.runtime.migration")


@dataclass(kw_only=True)
class Move:
    """The steps of one database, and what became of them.

    Attributes:
        target: The database.
        plan: Returns the steps that are left, for a target that says what it has.
        binds: The bind keys of the application, without the default one.
        arguments: What the functions of a revision are called with.
        in_transaction_of_another: Whether somebody else began the transaction, and ends it.
        is_undone_by_failure: Whether that one takes everything back if a step fails. The
            caller of `upgrade(connection=...)` decides what becomes of what ran before.
        in_one_transaction: Whether all steps share a transaction where the database has
            them for its schema; None if nobody chose.
        held: What sessions of the application held before `env.py` ran.
        acting: The files that do something when they are loaded, of which Alembic loads all
            for every run.
    """

    target: Target
    plan: Callable[[Target], Iterable[Step]]
    binds: tuple[str, ...] = ()
    arguments: dict[str, Any] = field(default_factory=dict)
    in_transaction_of_another: bool = False
    is_undone_by_failure: bool = False
    in_one_transaction: bool | None = None
    held: tuple[Connection, ...] = ()
    acting: tuple[str, ...] = ()
    _purged: bool = False
    _heads: Heads | None = None
    _steps: tuple[tuple[str, ...], Sequence[Step]] | None = None
    _may_have_lost_types: bool = False

    @property
    def context(self) -> MigrationContext:
        """Alembic's view of the database."""
        return self.target.context

    @property
    def connection(self) -> Connection:
        """What everything runs on."""
        connection = self.context.connection
        assert connection is not None  # noqa: S101  (steps are moved online only)
        return connection

    def look(self) -> Sequence[Step]:
        """Ask the database what it has, and return the steps that are left.

        Raises:
            MigrateError: They cannot run; the message says why.
        """
        heads = () if self._purges() else self.context.get_current_heads()
        self._heads = None
        self.target.applied = heads
        self.target.heads = tuple(sorted(heads))
        return self.steps()

    def steps(self) -> Sequence[Step]:
        """Return the steps that are left, as far as the database was asked.

        Raises:
            MigrateError: They cannot run; the message says why.
        """
        if self._steps is None or self._steps[0] != self.target.applied:
            steps = tuple(self.plan(self.target))
            for step in steps:
                if isinstance(step, RevisionStep):
                    fit_step(step, binds=self.binds)
            self._steps = self.target.applied, steps
        return self._steps[1]

    def is_needed(self, steps: Sequence[Step]) -> bool:
        """Return whether there is anything to change: steps, or the version table is missing."""
        if steps or self._purges():
            return True
        return not self.target.applied and not has_version_table(self.context)

    def rest(self) -> None:
        """End the transaction in which the database was only asked, if it is ours to end."""
        if self.connection.in_transaction() and not self.in_transaction_of_another:
            self.connection.rollback()

    def prepare(self) -> None:
        """Make the version table, unless it exists, and load what acts.

        Belongs in the transaction of a step.

        Raises:
            BrokenRevision: A file fails when it is loaded.
        """
        if self._purges():
            create_version_table(self.context, purge=True)
            self._purged = True
        elif not self.target.applied:
            create_version_table(self.context)
        for path in self.acting:
            # What it did when the steps were planned is undone by now.
            import_revision(path)
        self._heads = Heads(self.context, self.target.applied)

    def apply(self, step: Step, *, check: Callable[[], None] = lambda: None) -> None:
        """Run one step, and write into the version table that it ran.

        Args:
            step: A revision in one direction, or a stamp.
            check: Raises if what the step did may not stay.

        Raises:
            Exception: Whatever comes out of the revision.
        """
        if self._heads is None:
            self.prepare()
        assert self._heads is not None  # noqa: S101  (prepare has made it)
        self.target.running = self.target.latest = step if isinstance(step, RevisionStep) else None
        log.info("Running %s", step)
        if self._may_have_lost_types:
            forget_dropped_types(self.context)
        self._may_have_lost_types = True
        started = perf_counter()
        with self.target.statements.noted():
            step.migration_fn(**self.arguments)
        self._may_have_lost_types = self.target.statements.may_drop_types
        check()
        statements = self.target.statements
        if statements.rolled_back:
            create_version_table(self.context)
        self._heads.update_to_step(step)
        for callback in self.context.on_version_apply_callbacks:
            callback(
                ctx=self.context,
                step=step.info,
                heads=set(self._heads.heads),
                run_args=self.arguments,
            )
        if isinstance(step, RevisionStep):
            self.target.done.append(result_of(step, perf_counter() - started))
            self.target.problems += undone_by_itself(step, statements.undone)
        self.target.running = None

    def _purges(self) -> bool:
        return bool(self.context.purge) and not self._purged

    def forget(self, kept: "Kept") -> None:
        """Take back what was noted of steps that the database did not keep."""
        self.target.applied = kept.applied
        self.target.heads = tuple(sorted(kept.applied))
        del self.target.done[kept.done :]
        self._purged = kept.purged
        self._heads = None
        self._may_have_lost_types = True

    def kept(self) -> "Kept":
        """Return what is certain just now, to come back to it."""
        heads = self._heads.heads if self._heads is not None else self.target.applied
        return Kept(applied=tuple(heads), done=len(self.target.done), purged=self._purged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a database keeps whatever happens next.

    Attributes:
        applied: Its revisions.
        done: How many steps ran.
        purged: Whether the version table was emptied.
    """

    applied: tuple[str, ...]
    done: int
    purged: bool


def undone_by_itself(step: RevisionStep, undone: Sequence[str]) -> tuple[Problem, ...]:
    """Return what to say of a revision that ran, and rolled back a part of what it did.

    Args:
        step: The revision.
        undone: The statements that it rolled back.
    """
    if not undone:
        return ()
    listed = "".join(f"\n  {number}. {shortened(one)}" for number, one in enumerate(undone, 1))
    return (
        Problem(
            code="revision-rolled-back",
            message=f"The revision {name_of(step)} counts as "
            f"{'applied' if step.is_upgrade else 'undone'}, but it rolled back what it had done "
            f"before. Undone: {len(undone)} statement{'s' if len(undone) > 1 else ''}:{listed}",
            hint="See whether the database lacks it. What may fail, and be rolled back, belongs in "
            "a block of its own, with op.get_bind().begin_nested(): no more than that is undone.",
        ),
    )


def result_of(step: RevisionStep, seconds: float) -> StepResult:
    """Return a step that ran as a value."""
    return StepResult(
        revision=step.revision.revision,
        direction="upgrade" if step.is_upgrade else "downgrade",
        message=step.revision.doc,
        path=step.revision.path,
        seconds=round(seconds, 6),
    )
