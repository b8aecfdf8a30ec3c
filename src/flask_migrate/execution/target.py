"""One database of a run, and what happens to it."""

import io
from dataclasses import dataclass, field

from alembic.runtime.migration import MigrationContext, RevisionStep

from flask_migrate._alembic import version_table
from flask_migrate.database.urls import show_url
from flask_migrate.execution.statements import Statements
from flask_migrate.values.results import StepResult, TargetRun
from flask_migrate.values.revision import Problem


@dataclass(kw_only=True)
class Target:
    """One database, as `env.py` configured it, and what happens to it.

    Attributes:
        name: Its bind key, or "default".
        context: Alembic's view of it.
        applied: The revisions that it had when `env.py` began with it, as its rows came.
            Alembic takes the first where "-1" could be one of several.
        before: The revisions that it had before `env.py` first tried, by name.
        heads: The revisions that it has after what ran.
        done: What ran.
        running: What runs just now, or stopped with an error.
        latest: What began last, whatever became of it.
        statements: Those of the revision that runs, or stopped.
        problems: What else a person should know.
        buffer: Where its SQL goes, if it is only written.
    """

    name: str
    context: MigrationContext
    applied: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    done: list[StepResult] = field(default_factory=list)
    running: RevisionStep | None = None
    latest: RevisionStep | None = None
    statements: Statements = field(default_factory=Statements)
    problems: tuple[Problem, ...] = ()
    buffer: io.StringIO | None = None

    @property
    def url(self) -> str:
        """Where it is, the password hidden."""
        connection = self.context.connection
        engine = getattr(connection, "engine", None)
        url = getattr(engine, "url", None)
        return show_url(url) if url is not None else self.context.dialect.name

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from every other: its name, where it is, and its version table."""
        table = version_table(self.context)
        return (self.name, self.url, str(table.schema), table.name)

    def continues(self, earlier: "Target") -> bool:
        """Return whether `env.py` has come to the same database again.

        It tries again after an error, or starts over where the earlier try ended. A
        tenant that is told apart by nothing but ``search_path`` starts elsewhere.
        """
        starts_there = earlier.running is not None or earlier.heads == self.heads
        return starts_there and earlier.identity == self.identity

    def report(self) -> TargetRun:
        """Return what happened, and was kept, as a value."""
        return TargetRun(
            target=self.name,
            url=self.url,
            before=self.before,
            after=self.heads,
            steps=tuple(self.done),
            sql=self.buffer.getvalue() if self.buffer is not None else None,
        )
