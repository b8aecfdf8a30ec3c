"""What every verb works on: the migrations of one application."""

import logging
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from pathlib import Path
from typing import Any

from alembic.runtime.environment import EnvironmentContext
from alembic.util import CommandError
from sqlalchemy import Connection

from flask_migrate.database.binds import bind_keys, known_engines, known_urls
from flask_migrate.database.hide import hide_passwords
from flask_migrate.database.pools import unpooled
from flask_migrate.database.urls import passwords
from flask_migrate.database.versions import refuse_long_revisions
from flask_migrate.errors import DatabaseAhead, MigrateError
from flask_migrate.execution.environment import Options, Run, Work
from flask_migrate.execution.failures import (
    explain_interrupt,
    explain_interrupt_after,
    explain_stop,
    interrupt_behind,
)
from flask_migrate.execution.faults import (
    explain_database_error,
    explain_environment_error,
    explain_refusal,
)
from flask_migrate.execution.move import Step
from flask_migrate.execution.sessions import held_connections, refuse_open_session
from flask_migrate.execution.target import Target
from flask_migrate.revisions.config import Config
from flask_migrate.revisions.graph.entries import entry
from flask_migrate.revisions.history import History
from flask_migrate.revisions.locate import require_directory
from flask_migrate.revisions.module import is_raised_in
from flask_migrate.revisions.one_writer import only_writer
from flask_migrate.revisions.scripts import Scripts
from flask_migrate.settings import Settings
from flask_migrate.values.results import RunReport
from flask_migrate.values.revision import Problem, RevisionEntry

log = logging.getLogger("flask_migrate")

_WRITER_LIMIT = 300  # seconds

_NOTHING_RAN = Problem(
    code="nothing-ran",
    message="env.py did not run any migrations.",
    hint="It must call context.configure() and context.run_migrations() for each database.",
)


def unknown_to_alembic(names: Iterable[str]) -> list[str]:
    """Return those of some names that Alembic's `EnvironmentContext.configure` does not know.

    Args:
        names: Arguments of `Migrate`; what Alembic does not know may be for an `env.py`.
    """
    known = signature(EnvironmentContext.configure).parameters
    return [name for name in names if name not in known]


def _is_for_the_command_line(error: BaseException) -> bool:
    """Return whether `env.py` raised an error of Click, which shows it itself."""
    click = sys.modules.get("click")
    return click is not None and isinstance(error, (click.ClickException, click.Abort))


def _unchanged(options: Options, _: Connection | None) -> Options:
    return options


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The migrations of one application.

    Attributes:
        config: The Alembic configuration of the migrations directory.
        database: What holds the engines and the metadata.
        configure_args: What `env.py` passes to `context.configure`, and may change.
        beside: The parent of the application's package, and the package.
        application: The name of the application.
        settings: How migrations run.
        connection: What everything runs on; None for what `env.py` opens.
    """

    config: Config
    database: Any
    configure_args: dict[str, Any]
    beside: tuple[Path, ...]
    application: str
    settings: Settings
    connection: Connection | None = None

    @property
    def directory(self) -> Path:
        """The migrations directory, which may not exist yet."""
        return Path(str(self.config.get_main_option("script_location")))

    @cached_property
    def scripts(self) -> Scripts:
        """The revisions, for Alembic.

        Raises:
            DirectoryNotFound: There is no migrations directory.
            InvalidDirectory: A setting in alembic.ini makes no sense.
        """
        require_directory(self.directory, beside=self.beside)
        return Scripts.from_config(self.config)

    @property
    def history(self) -> History:
        """The revisions.

        Raises:
            DirectoryNotFound: There is no migrations directory.
            InvalidDirectory: A setting in alembic.ini makes no sense.
        """
        return self.scripts.history

    @contextmanager
    def writing(self) -> Generator[None]:
        """Let nobody else write a revision file until this has ended.

        Inside, the history is what it is by then.

        Raises:
            DirectoryNotFound: There is no migrations directory.
            DirectoryInUse: Somebody else has been writing for too long.
        """
        require_directory(self.directory, beside=self.beside)
        with only_writer(self.directory, limit=_WRITER_LIMIT, waiting=self._say_who_writes):
            self.read_again()
            yield

    def read_again(self) -> None:
        """Forget what the files said: there are others now."""
        vars(self).pop("scripts", None)

    def run(
        self,
        verb: str,
        work: Work,
        *,
        adjust: Callable[[Options, Connection | None], Options] = _unchanged,
        as_sql: bool = False,
        moves: bool = False,
        held: Iterable[Connection] = (),
        **options: Any,
    ) -> Run:
        """Run env.py, and return what came of it.

        Args:
            verb: What is done, for messages.
            work: What to do with each database: it yields the steps to run.
            adjust: Changes what `env.py` passes to `context.configure` for a connection.
            as_sql: Whether statements are written instead of run.
            moves: Whether the work takes databases from one revision to another.
            held: What sessions of the application held before.
            **options: What else Alembic's `EnvironmentContext` takes.

        Raises:
            MigrateError: Something went wrong; the message says what.
        """
        run = Run(
            config=self.config,
            scripts=self.scripts,
            work=work,
            adjust=adjust,
            configure_args=self.configure_args,
            as_sql=as_sql,
            moves=moves,
            settings=self.settings,
            application=self.application,
            connection=self.connection,
            held=tuple(held),
            options=options,
        )
        with self.explained(verb, run):
            run.binds = tuple(key for key in bind_keys(self.database) if key)
            self.config.addresses = {
                str(url): url.render_as_string(hide_password=False)
                for url in known_urls(self.database)
            }
            with unpooled(known_engines(self.database)):
                run.start()
            if run.stopped:
                # env.py swallowed the error; the migration failed all the same.
                raise explain_stop(self.report(verb, run), run.stopped, error=None)
        return run

    @contextmanager
    def explained(self, verb: str = "", run: Run | None = None) -> Iterator[None]:
        """Turn whatever goes wrong inside into a sentence without a password.

        Raises:
            MigrateError: Something went wrong.
            RunInterrupted: A signal came while a revision ran.
        """
        try:
            yield
        except KeyboardInterrupt as error:
            self._say_where_stopped(error, verb, run)
            raise
        except (Exception, SystemExit) as error:
            if interrupt := interrupt_behind(error):
                self._say_where_stopped(interrupt, verb, run)
                raise interrupt from None
            if _is_for_the_command_line(error) or _ends_the_program(error, run):
                raise
            explained = self._explain(error, verb, run)
            explained.message = self.without_passwords(explained.message)
            explained.hint = explained.hint and self.without_passwords(explained.hint)
            if explained is error:
                raise
            raise explained from error

    def without_passwords(self, text: str) -> str:
        """Return a text in which no password of the application's databases can be read."""
        return hide_passwords(text, known=passwords(known_urls(self.database)))

    def require_known(self, target: Target) -> None:
        """Refuse to go on if the database has a revision that no file has.

        Raises:
            DatabaseAhead: It has.
        """
        for revision in target.applied:
            if not self.history.knows(revision):
                raise DatabaseAhead(
                    revision, target=target.name, directory=str(self.history.directory)
                )

    def held_connections(self) -> tuple[Connection, ...]:
        """Return the connections that sessions of the application hold just now."""
        return tuple(held_connections(self.database))

    def checked(
        self, target: Target, steps: Sequence[Step], *, held: Iterable[Connection]
    ) -> Iterator[Step]:
        """Yield steps, after making sure that they can start.

        Args:
            target: The database.
            steps: What is to run on it.
            held: What sessions of the application held before `env.py` ran.

        Raises:
            SessionOpen: The application's own session would block them.
            InvalidRevisionId: The version table has no room for the name of a revision.
        """
        connection = target.context.connection
        if steps and connection is not None and not target.context.as_sql:
            refuse_open_session(held, connection)
            refuse_long_revisions(
                target.context, (name for step in steps for name in step.to_revisions)
            )
        yield from steps

    def entries(self, revisions: Iterable[str]) -> tuple[RevisionEntry, ...]:
        """Return revisions as values."""
        return tuple(entry(self.history.graph, revision) for revision in revisions)

    def report(self, verb: str, run: Run) -> RunReport:
        """Return what a run did as a value."""
        nothing_ran = () if run.targets else (_NOTHING_RAN,)
        return RunReport(
            verb=verb,
            targets=run.reports(),
            problems=(
                *self.history.problems,
                *nothing_ran,
                *(problem for target in run.targets for problem in target.problems),
            ),
        )

    def _say_who_writes(self) -> None:
        log.info("Another process writes a revision in %s: waiting for it.", self.directory)

    def _say_where_stopped(self, error: KeyboardInterrupt, verb: str, run: Run | None) -> None:
        """Say after a signal which revision ran, if one did.

        Raises:
            RunInterrupted: One did.
        """
        if run is None or run.latest is None:
            return
        report = self.report(verb, run)
        if run.stopped is None:
            raise explain_interrupt_after(report, run.latest) from error
        raise explain_interrupt(report, run.stopped) from error

    def _explain(self, error: Exception | SystemExit, verb: str, run: Run | None) -> MigrateError:
        if run is not None and run.stopped:
            return explain_stop(self.report(verb, run), run.stopped, error=error)
        if isinstance(error, MigrateError):
            return error
        if isinstance(error, CommandError):
            return explain_refusal(error, graph=self.history.graph)
        return explain_database_error(
            error, urls=known_urls(self.database)
        ) or explain_environment_error(error, env_file=Path(self.scripts.env_py_location))


def _ends_the_program(error: BaseException, run: Run | None) -> bool:
    """Return whether a program ends that has met no error: a handler of a signal may say so.

    A revision that exits by itself has not done what it is for, whatever code it names.
    """
    if not isinstance(error, SystemExit):
        return False
    step = run.stopped.running if run is not None and run.stopped else None
    return step is None or not is_raised_in(error, Path(step.revision.path))
