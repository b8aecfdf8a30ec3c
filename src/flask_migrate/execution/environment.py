"""Run a command through env.py, whoever wrote it, on every database that it configures."""

import contextvars
import io
import itertools
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from flask_migrate._alembic import (
    begun_by_another,
    serve_context_module,
    speaking_through_context,
)
from flask_migrate.database.plain import DEFAULT
from flask_migrate.errors import InvalidDirectory
from flask_migrate.execution.env_file import SqlFile, ends_transactions, run_env_file
from flask_migrate.execution.logs import guarded_logging
from flask_migrate.execution.move import Move, Step, result_of
from flask_migrate.execution.operations import operations
from flask_migrate.execution.steps import fit_step
from flask_migrate.execution.target import Target
from flask_migrate.execution.transactions import (
    Unasked,
    is_autocommit,
    noted_transactions,
    outlives_its_transaction,
)
from flask_migrate.revisions.config import Config
from flask_migrate.revisions.scripts import Scripts
from flask_migrate.settings import Settings
from flask_migrate.values.results import TargetRun

# Alembic's `op` and `context` belong to the whole process: two environments at once would run
# each other's operations. Reentrant, because a revision may call a command itself.
_one_environment_at_a_time = threading.RLock()


Work = Callable[[Target], Iterable[Step]]
Options = dict[str, Any]


@dataclass(kw_only=True)
class Run:
    """One run of env.py.

    Attributes:
        config: The Alembic configuration.
        scripts: The revisions.
        work: What to do with each database: it yields the steps to run.
        adjust: Changes what `env.py` passes to `context.configure` for a connection.
        configure_args: The dict that `env.py` reads and may change; put back after.
        binds: The bind keys of the application, without the default one.
        as_sql: Whether statements are written instead of run.
        moves: Whether the work takes databases from one revision to another.
        settings: How long to wait for others, when it does.
        application: The name of the application, for those who wait for it.
        connection: What everything runs on, whatever `env.py` connects to; None for what
            it passes.
        held: What sessions of the application held before `env.py` ran.
        options: What else Alembic's `EnvironmentContext` takes.
        targets: What came of it, in the order of `env.py`.
    """

    config: Config
    scripts: Scripts
    work: Work
    adjust: Callable[[Options, Connection | None], Options]
    configure_args: Options
    binds: tuple[str, ...] = ()
    as_sql: bool = False
    moves: bool = False
    settings: Settings = field(default_factory=Settings)
    application: str = ""
    connection: Connection | None = None
    held: tuple[Connection, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)

    @property
    def stopped(self) -> Target | None:
        """The database whose migration stopped with an error, or None."""
        return next((target for target in self.targets if target.running), None)

    @property
    def latest(self) -> Target | None:
        """The database in which a revision began last, or None."""
        return next((target for target in reversed(self.targets) if target.latest), None)

    def reports(self) -> tuple[TargetRun, ...]:
        """Return what happened to each database as values."""
        return tuple(target.report() for target in self.targets)

    def add(self, target: Target) -> None:
        """Take up a database that `env.py` has come to, under a name that no other has."""
        for position, earlier in enumerate(self.targets):
            if target.continues(earlier):
                # What ran before counts if the database kept it.
                target.before = earlier.before
                target.done = earlier.done if earlier.heads == target.heads else []
                self.targets[position] = target
                return
        target.name = self._free_name(target)
        self.targets.append(target)

    def given_instead_of(self, connection: Any) -> Any:
        """Return the connection of the caller, if it is one to the same database."""
        given = self.connection
        if given is None or connection is None:
            return connection
        is_same = not self.binds or given.engine.url == connection.engine.url
        return given if is_same else connection

    def _free_name(self, target: Target) -> str:
        taken = {other.name for other in self.targets}
        schema: str | None = target.context.version_table_schema
        numbered = (f"{target.name}-{number}" for number in itertools.count(2))
        wanted: Iterator[str] = itertools.chain([target.name], [schema] if schema else [], numbered)
        return next(name for name in wanted if name not in taken)

    def start(self) -> None:
        """Run env.py, in a thread of its own if this one runs an event loop.

        Raises:
            InvalidDirectory: There is no env.py.
            Exception: Whatever comes out of `env.py`, of a revision or of a database.
        """
        path = Path(self.scripts.env_py_location)
        if not path.is_file():
            raise InvalidDirectory(
                f"The migrations directory {self.scripts.dir} has no env.py.",
                hint="Restore it, or take the one that flask db init writes in a new directory.",
            )
        if _event_loop_runs() and self.connection is None:
            _in_other_thread(self._run, path)
        else:
            # An application context that env.py pushes ends with it, although it never pops it.
            contextvars.copy_context().run(self._run, path)

    def _run(self, path: Path) -> None:
        given = dict(self.configure_args)
        with _one_environment_at_a_time, guarded_logging(), noted_transactions() as unasked:
            try:
                ends = ends_transactions(path)
                environment = Environment(self, unasked=unasked, ends_transactions=ends)
                with speaking_through_context(environment):
                    run_env_file(path, as_sql=self.as_sql)
            finally:
                self.configure_args.clear()
                self.configure_args.update(given)


class Environment(EnvironmentContext):
    """Alembic's environment with our features, whatever `env.py` it serves.

    Args:
        run: What it serves `env.py` for.
        unasked: The connections on which a transaction began by itself.
        ends_transactions: Whether `env.py` ends transactions. It keeps those that it began
            by a statement; nobody will commit them else.
    """

    def __init__(self, run: Run, *, unasked: Unasked, ends_transactions: bool) -> None:
        serve_context_module(type(self))
        super().__init__(run.config, run.scripts, fn=self._steps, as_sql=run.as_sql, **run.options)
        self._run = run
        self._unasked = unasked
        self._ends_transactions = ends_transactions
        self._name = DEFAULT
        self._target: Target | None = None
        self._in_one_transaction: bool | None = None

    def configure(  # type: ignore[override]  # (passes on what it does not need)
        self,
        connection: Any = None,
        url: Any = None,
        dialect_name: str | None = None,
        dialect_opts: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Take what `env.py` passes, with what it should have passed."""
        connection = self._run.given_instead_of(connection)
        if connection is not None and self._may_end(connection):
            # What `env.py` set on the connection stays set, and Alembic begins its own.
            connection.commit()
        if self._run.as_sql:
            options = self._with_sql_options(options)
        applied = options.get("on_version_apply") or ()
        callbacks = tuple(applied) if isinstance(applied, Iterable) else (applied,)
        options["on_version_apply"] = (*callbacks, self._note_heads)
        options = self._run.adjust(options, connection)
        if self._run.moves and not self._run.as_sql:
            options = self._with_our_transactions(options, connection)
        super().configure(
            connection=connection,
            url=url,
            dialect_name=dialect_name,
            dialect_opts=dialect_opts,
            **options,
        )

    def run_migrations(self, **kw: Any) -> None:
        """Run the steps of one database, which `env.py` may name."""
        self._name = str(kw.get("engine_name") or DEFAULT)
        context = self.get_context()
        if context.as_sql or not self._run.moves:
            super().run_migrations(**kw)
            return
        with operations(context):
            self._move(context, kw)

    def _move(self, context: MigrationContext, arguments: dict[str, Any]) -> None:
        connection = context.connection
        assert connection is not None  # noqa: S101  (it is only missing in SQL mode)
        is_adopted = self._adopts(connection)
        is_of_another = begun_by_another(context) or (
            connection.in_transaction() and not self._may_end(connection)
        )
        in_transaction_of_another = is_adopted or is_of_another
        move = Move(
            target=self._begin_with(context, self._applied(context)),
            plan=self._run.work,
            binds=self._run.binds,
            arguments=arguments,
            in_transaction_of_another=in_transaction_of_another,
            is_undone_by_failure=in_transaction_of_another
            and connection is not self._run.connection
            and not is_autocommit(connection),
            in_one_transaction=self._in_one_transaction,
            held=self._run.held,
            acting=tuple(one.path for one in self._run.scripts.history.sources if one.acts),
        )
        steps = move.steps()
        if move.is_needed(steps):
            with move.target.statements.listening(connection):
                self._run_steps(move, steps)
        if is_adopted:
            connection.commit()

    def _applied(self, context: MigrationContext) -> tuple[str, ...]:
        if context.purge:
            return ()
        try:
            return context.get_current_heads()
        except DBAPIError:
            if context.dialect.name != "sqlite":
                raise
            # Somebody may write it just now: only then we pay for what waits for them.
            from flask_migrate.execution.on_sqlite import applied_on_sqlite  # noqa: PLC0415

            return applied_on_sqlite(context, self._run.settings)

    def _run_steps(self, move: Move, steps: Sequence[Step]) -> None:
        # Who has nothing to do pays for neither, and who has for one.
        if move.context.dialect.name == "sqlite":
            from flask_migrate.execution.on_sqlite import run_on_sqlite  # noqa: PLC0415

            run_on_sqlite(move, steps, self._run.settings)
        else:
            from flask_migrate.execution.on_server import run_on_server  # noqa: PLC0415

            run_on_server(move, steps, self._run.settings, application=self._run.application)

    def _may_end(self, connection: Connection) -> bool:
        """Return whether a transaction that began by itself is there for nobody to end.

        In autocommit there is none to be ended, whatever `env.py` would do with it.
        """
        is_unasked = connection in self._unasked
        return is_unasked and (not self._ends_transactions or is_autocommit(connection))

    def _adopts(self, connection: Connection) -> bool:
        """Return whether all must run in the transaction in which `env.py` ran statements.

        It may have set what ends with it, such as ``SET LOCAL`` or a lock. If it has not,
        the transaction is ended.
        """
        if not connection.in_transaction() or not self._may_end(connection):
            return False
        statements = self._unasked[connection]
        if is_autocommit(connection) or all(map(outlives_its_transaction, statements)):
            connection.commit()
            return False
        return connection.dialect.name != "sqlite"

    def _steps(self, heads: tuple[str, ...], context: MigrationContext) -> Iterator[Step]:
        target = self._begin_with(context, heads)
        buffer: Any = context.output_buffer
        target.buffer = buffer if self._run.as_sql and isinstance(buffer, io.StringIO) else None
        for step in self._run.work(target):
            target.running = step if isinstance(step, RevisionStep) else None
            started = perf_counter()
            yield fit_step(target.running, binds=self._run.binds) if target.running else step
            if target.running:
                target.done.append(result_of(target.running, perf_counter() - started))
            target.running = None

    def _note_heads(self, *, heads: set[str], **_: Any) -> None:
        if self._target is not None:
            self._target.heads = tuple(sorted(heads))

    def _begin_with(self, context: MigrationContext, heads: tuple[str, ...]) -> Target:
        before = tuple(sorted(heads))
        target = Target(
            name=self._name, context=context, applied=heads, before=before, heads=before
        )
        self._run.add(target)
        self._target = target
        return target

    def _with_our_transactions(self, options: Options, connection: Connection) -> Options:
        """Return options with which Alembic begins no transaction, since we do."""
        per_revision = options.get("transaction_per_migration")
        self._in_one_transaction = None if per_revision is None else not per_revision
        if connection.dialect.name == "sqlite":
            options = {"transactional_ddl": True, **options}
        return {**options, "transaction_per_migration": True}

    def _with_sql_options(self, options: Options) -> Options:
        missing = {
            key: value
            for key, value in self._run.configure_args.items()
            if key not in options and key != "process_revision_directives"
        }
        buffer = options.get("output_buffer", self.config.output_buffer)
        if buffer is None or isinstance(buffer, SqlFile):
            buffer = io.StringIO()
        return {**missing, **options, "output_buffer": buffer}


def _event_loop_runs() -> bool:
    # If nobody has imported asyncio, no loop runs, and we need not import it to know.
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio is not None and asyncio.get_running_loop() is not None
    except RuntimeError:
        return False


def _in_other_thread(function: Callable[[Path], None], path: Path) -> None:
    """Run a function in a thread without an event loop, with the context of this one."""
    outcome: list[BaseException] = []
    context = contextvars.copy_context()

    def call() -> None:
        try:
            context.run(function, path)
        except BaseException as error:  # noqa: BLE001  (raised below, where the caller waits)
            outcome.append(error)

    thread = threading.Thread(target=call, name="flask-migrate")
    thread.start()
    thread.join()
    if outcome:
        raise outcome[0]
