"""Every error of this package. Each says what is wrong, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask_migrate.values.locks import LockHolder
    from flask_migrate.values.patience import Blocker
    from flask_migrate.values.results import CheckReport, CurrentReport, RunReport


class MigrateError(Exception):
    """Base of every error of this package.

    Attributes:
        message: What is wrong, one sentence, naming the value that is wrong.
        hint: What to do about it, or None if we cannot know.
        code: Stable identifier, printed in JSON and linked to the docs.
    """

    code = "migrate-error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        # Not super(): an error may be one of another package as well.
        Exception.__init__(self, message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nHint: {self.hint}" if self.hint else self.message


class SetupError(MigrateError):
    """The application is not set up for migrations."""

    code = "setup"


class DatabaseMissing(SetupError):
    """`Migrate` was given an application without a database."""

    code = "database-missing"

    def __init__(self, app: str) -> None:
        super().__init__(
            f"Migrate() has no database for the application {app!r}.",
            hint="Pass the Flask-SQLAlchemy object: Migrate(app, db), or call db.init_app(app) "
            "first; for plain SQLAlchemy: Migrate(app, engine=engine, metadata=metadata).",
        )


class AddressMissing(SetupError):
    """The application does not say where its database is."""

    code = "address-missing"

    def __init__(self) -> None:
        super().__init__(
            "The application does not say where its database is.",
            hint="Set app.config['SQLALCHEMY_DATABASE_URI'] before db.init_app(app), for example "
            "to sqlite:///app.db; an environment variable that it is taken from may be unset.",
        )


class MigrateMissing(SetupError):
    """The application was never given to `Migrate`."""

    code = "migrate-missing"

    def __init__(self, app: str, *, command: str | None = None) -> None:
        unknown = f"No such command {command!r}: the" if command else "The"
        super().__init__(
            f"{unknown} application {app!r} has no migrations set up.",
            hint="Call Migrate(app, db), or migrate.init_app(app, db) in the application factory.",
        )


class CommandRenamed(SetupError):
    """The application gave the command group another name."""

    code = "command-renamed"

    def __init__(self, app: str, *, command: str, name: str) -> None:
        super().__init__(
            f"No such command {command!r}: the application {app!r} named it {name!r}.",
            hint=f"flask {name} --help",
        )


class MetadataMissing(SetupError):
    """The database object does not say which tables it has."""

    code = "metadata-missing"

    def __init__(self, database: str) -> None:
        super().__init__(
            f"The database object {database} has no metadata, so its models cannot be found.",
            hint="Pass the metadata of the models: Migrate(app, db, metadata=Model.metadata).",
        )


class EngineMissing(SetupError):
    """The database object has no engine for a bind."""

    code = "engine-missing"


class UnknownOption(SetupError):
    """An argument of a verb or of `Migrate` makes no sense."""

    code = "unknown-option"


class InvalidSetting(SetupError):
    """A setting has a value that makes no sense, or a name with a typo."""

    code = "invalid-setting"


class PackageConflict(SetupError):
    """Flask-Migrate is installed over or under this distribution."""

    code = "package-conflict"

    def __init__(self) -> None:
        super().__init__(
            "Flask-Migrate and flask-godwit are both installed, and both provide the package "
            "flask_migrate.",
            hint="Keep one: pip uninstall -y Flask-Migrate flask-godwit && pip install "
            "flask-godwit",
        )


class ApplicationFailed(SetupError):
    """The application could not be loaded."""

    code = "application-failed"


class DirectoryError(MigrateError):
    """The migrations directory cannot be used."""

    code = "directory"


class DirectoryNotFound(DirectoryError):
    """There is no migrations directory."""

    code = "directory-not-found"

    def __init__(self, directory: str, *, looked_in: Sequence[Path]) -> None:
        places = ", ".join(str(place) for place in looked_in)
        super().__init__(
            f"There is no migrations directory {directory!r}; looked for it at {places}.",
            hint="Create it: flask db init, or name another one: --directory",
        )


class DirectoryNotEmpty(DirectoryError):
    """`init` would write into a directory that has something in it."""

    code = "directory-not-empty"

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"Directory {directory} already exists and is not empty; nothing was changed.",
            hint="It may be set up already: flask db history. For another one: --directory",
        )


class UnknownTemplate(DirectoryError):
    """There is no template of that name or at that path."""

    code = "unknown-template"

    def __init__(self, template: str, *, known: Sequence[str]) -> None:
        near = _nearest(template, known)
        super().__init__(
            f"No such template {template!r}.",
            hint=f"Did you mean {near!r}?" if near else f"Known are {', '.join(known)}.",
        )


class InvalidDirectory(DirectoryError):
    """A file that a migrations directory needs is missing or cannot be read."""

    code = "invalid-directory"


class FileNotWritten(DirectoryError):
    """A file could not be written; what was there before is as it was."""

    code = "file-not-written"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} could not be written: {reason}.",
            hint="Nothing was changed. Check the permissions and the free space, and try again.",
        )


class HookFailed(DirectoryError):
    """A function that is registered as a post-write hook raised an error."""

    code = "hook-failed"

    def __init__(self, name: str, path: Path, error: Exception) -> None:
        super().__init__(
            f"The post-write hook {name!r} failed: {type(error).__name__}: {error}.",
            hint=f"The script is written all the same: {path}",
        )


class FileExists(DirectoryError):
    """A file of that name exists and is not overwritten."""

    code = "file-exists"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} exists already and was not overwritten.",
            hint="Choose another --rev-id or message, or remove the file.",
        )


class DirectoryInUse(DirectoryError):
    """Somebody else writes a revision file, and did not finish in time."""

    code = "directory-in-use"

    def __init__(self, directory: Path, *, limit: float) -> None:
        super().__init__(
            f"Another process writes a revision in {directory} and did not finish within "
            f"{limit:g} seconds; nothing was written.",
            hint="Run the command again when it has finished; if it hangs, stop it. Two that "
            "write at the same time would make two heads.",
        )


class InvalidScript(DirectoryError):
    """What the template made of the operations is not valid Python."""

    code = "invalid-script"


class EditorFailed(DirectoryError):
    """The editor could not be run."""

    code = "editor-failed"


class HistoryError(MigrateError):
    """The revision files do not make a history, or do not have what was asked for."""

    code = "history"


class UnknownRevision(HistoryError):
    """No migration file has the revision that was asked for."""

    code = "unknown-revision"

    def __init__(self, revision: str, *, known: Sequence[str]) -> None:
        near = _nearest(revision, known)
        super().__init__(
            f"Can't locate revision identified by {revision!r}.",
            hint=f"Did you mean {near!r}?" if near else "List them: flask db history",
        )


class AmbiguousRevision(HistoryError):
    """The start of an identifier fits several revisions."""

    code = "ambiguous-revision"


class DatabaseAhead(HistoryError):
    """The database has a revision that no migration file describes."""

    code = "database-ahead"

    def __init__(self, revision: str, *, target: str, directory: str) -> None:
        place = "The database" if target == "default" else f"The database {target!r}"
        super().__init__(
            f"Can't locate revision identified by {revision!r}. {place} is at this revision, "
            f"and no file in {directory} has it: the database is ahead of this code, or the "
            "file was removed.",
            hint="Get the code that has this revision (another branch, a newer release) and run "
            "again. Only if the file is gone for good, and the schema is known to equal another "
            "revision: flask db stamp --purge <revision>",
        )


class InvalidRange(HistoryError):
    """A revision or a range of revisions cannot be followed."""

    code = "invalid-range"


class MultipleHeads(HistoryError):
    """The history has several heads, and one was asked for."""

    code = "multiple-heads"


class BrokenHistory(HistoryError):
    """Two files have one revision, a parent is missing, or the history goes in a circle."""

    code = "broken-history"


class BrokenRevision(HistoryError):
    """A migration file cannot be read or imported.

    Attributes:
        reason: Why, naming the line where that is known.
    """

    code = "broken-revision"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The revision file {path} cannot be used: {reason}.",
            hint="Correct the file, or remove it if it is not a migration.",
        )
        self.reason = reason


class InvalidRevisionId(HistoryError):
    """An identifier cannot be used for a new revision."""

    code = "invalid-revision-id"


class InvalidBranchLabel(HistoryError):
    """A label cannot be used for a branch."""

    code = "invalid-branch-label"

    def __init__(self, label: str, *, reason: str) -> None:
        super().__init__(
            f"The branch label {label!r} {reason}.", hint="Choose another --branch-label."
        )


class NotUpToDate(HistoryError):
    """The database lacks revisions, so it cannot be compared with the models."""

    code = "not-up-to-date"


class NotAtHead(HistoryError):
    """A database is not at the heads of the history.

    Attributes:
        report: Where each database is.
    """

    code = "not-at-head"

    def __init__(self, message: str, *, report: CurrentReport) -> None:
        super().__init__(message, hint="Apply what is missing: flask db upgrade")
        self.report = report


class ModelsDiffer(MigrateError):
    """Models and database are not the same.

    Attributes:
        report: Every difference.
    """

    code = "models-differ"

    def __init__(self, report: CheckReport) -> None:
        lines = "".join(f"\n  {change.description}" for change in report.changes)
        super().__init__(
            f"New upgrade operations detected:{lines}",
            hint='Write them as a revision: flask db migrate -m "..."',
        )
        self.report = report


class EmptyModels(MigrateError):
    """The models have no table, and the database has."""

    code = "empty-models"


class DatabaseError(MigrateError):
    """The database cannot be used."""

    code = "database"


class DatabaseUnreachable(DatabaseError, OperationalError):
    """No connection could be made.

    It is an `OperationalError` of SQLAlchemy too: applications that wait for their
    database catch that.

    Attributes:
        orig: What the driver raised.
    """

    code = "database-unreachable"

    def __init__(self, message: str, *, hint: str | None, orig: BaseException) -> None:
        OperationalError.__init__(self, None, None, orig)
        MigrateError.__init__(self, message, hint=hint)


class InvalidDatabaseUrl(DatabaseError):
    """The address of the database cannot be understood."""

    code = "invalid-database-url"


class DriverMissing(DatabaseError):
    """The driver that the address of the database names is not installed."""

    code = "driver-missing"


class SessionOpen(DatabaseError):
    """The application's own session holds a transaction that a migration would wait for."""

    code = "session-open"


class ForeignKeyBroken(DatabaseError):
    """A revision would leave rows that refer to none."""

    code = "foreign-key-broken"


class LockNotAcquired(DatabaseError):
    """Somebody else changes the database, and did not finish in time.

    Attributes:
        holder: Who; None if that cannot be known.
    """

    code = "lock-not-acquired"

    def __init__(self, holder: LockHolder | None, *, limit: float, database: str) -> None:
        late = f" and did not finish within {limit:g} seconds" if limit else ""
        who = holder.text() if holder else "nothing is known about it"
        end = f", or end its session: {holder.ended_by}" if holder and holder.ended_by else ""
        super().__init__(
            f"Another process changes {database}{late}: {who}.",
            hint="Run the command again when it has finished, or let it wait longer: "
            f"MIGRATE_RUN_LOCK_TIMEOUT. If the other one hangs, stop that process{end}.",
        )
        self.holder = holder


class LockLost(DatabaseError):
    """The lock that keeps other runners away is no longer ours."""

    code = "lock-lost"

    def __init__(self, database: str) -> None:
        super().__init__(
            f"The lock that keeps others from changing {database} is no longer held: the server "
            "or a network between has ended its session, or this process stood still for too "
            "long.",
            hint="Run the command again: it goes on where this one stopped.",
        )


class StatementFailed(DatabaseError):
    """The database refused a statement outside of a migration."""

    code = "statement-failed"


class TableLocked(DatabaseError):
    """Other sessions kept what a statement needs locked for too long.

    Attributes:
        blockers: Those that the server named when it was last asked.
    """

    code = "table-locked"

    def __init__(self, message: str, *, hint: str, blockers: Sequence[Blocker]) -> None:
        super().__init__(message, hint=hint)
        self.blockers = tuple(blockers)


class StatementTimeout(DatabaseError):
    """A statement ran longer than it may."""

    code = "statement-timeout"


class RevisionInterrupted(DatabaseError):
    """A revision has to be rolled back and run again from its beginning.

    Attributes:
        whole: Whether the whole transaction has to be rolled back, with the revisions before
            it, and not only to a savepoint where the revision began.
    """

    code = "revision-interrupted"

    def __init__(self, message: str, *, hint: str, whole: bool) -> None:
        super().__init__(message, hint=hint)
        self.whole = whole


class LockTimeout(RevisionInterrupted):
    """A lock could not be had in time, and what the transaction holds must be let go.

    Attributes:
        statement: What waited.
        blockers: The sessions that it waited for, as far as the server named them.
    """

    code = "lock-timeout"

    def __init__(self, statement: str, *, blockers: Sequence[Blocker], whole: bool) -> None:
        super().__init__(
            f"A lock could not be had in time for the statement: {statement}",
            hint="Run the command again.",
            whole=whole,
        )
        self.statement = statement
        self.blockers = tuple(blockers)


class EnumValueUncommitted(RevisionInterrupted):
    """A value of an enum type is used in the transaction that added it.

    Attributes:
        statements: What adds the values, and can be committed ahead of the revision.
    """

    code = "enum-value-uncommitted"

    def __init__(self, reason: str, *, statements: Sequence[str]) -> None:
        super().__init__(
            f"A value of an enum type cannot be used before it is committed: {reason}",
            hint="Create the type with all its values, or add the value in a revision of its own "
            "and run each revision in a transaction of its own.",
            whole=True,
        )
        self.statements = tuple(statements)


class UnknownPart(DatabaseError, ValueError, KeyError):
    """A table has no column or constraint of that name.

    It is a `ValueError` and a `KeyError` too: migrations that try and go on catch those.
    """

    code = "unknown-part"


class RebuildRefused(DatabaseError):
    """A SQLite table cannot be changed as asked without losing something. Nothing was changed."""

    code = "rebuild-refused"

    def __init__(self, table: str, reason: str, *, hint: str | None = None) -> None:
        super().__init__(
            f"The table {table!r} was not changed: {reason.rstrip('.')}.",
            hint=hint,
        )


class ValuesWouldBeLost(DatabaseError):
    """A new type has no place for values that a SQLite column has. Nothing was changed."""

    code = "values-would-be-lost"

    def __init__(self, column: str, declared: str, *, rows: Sequence[str], count: int) -> None:
        more = f", and {count - len(rows):,} more" if count > len(rows) else ""
        super().__init__(
            f"The column {column} cannot become {declared}: {count:,} "
            f"{'value' if count == 1 else 'values'} would be lost or could not be read: "
            f"{'; '.join(rows)}{more}. Nothing was changed.",
            hint="Change these rows before, in this migration: op.execute('UPDATE ...').",
        )


class RowsRefused(DatabaseError):
    """A SQLite table has rows that a new constraint forbids. Nothing was changed."""

    code = "rows-refused"


class EnvironmentFailed(MigrateError):
    """env.py did not do its work."""

    code = "environment-failed"


class CommandRefused(MigrateError):
    """Alembic refused, for a reason that has no error of its own here."""

    code = "refused"


class RunFailed(MigrateError):
    """A migration stopped with an error.

    Attributes:
        report: What was done before, as far as the database kept it.
    """

    code = "run-failed"

    def __init__(self, message: str, *, hint: str | None, report: RunReport) -> None:
        super().__init__(message, hint=hint)
        self.report = report


class RunInterrupted(KeyboardInterrupt):
    """A person, or the system, stopped a migration; what ran of it was undone if possible.

    Not a `MigrateError`: what catches errors is not to go on after it.

    Attributes:
        message: Where it stopped, and what was kept.
        hint: What to do.
        report: What was done before, as far as the database kept it; None if no revision ran.
    """

    code = "interrupted"

    def __init__(self, message: str, *, hint: str, report: RunReport | None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.report = report

    @classmethod
    def before_a_revision(cls) -> RunInterrupted:
        """Return what there is to say if no revision was running."""
        return cls(
            "nothing more was done.", hint="See where it stopped: flask db current", report=None
        )


def _nearest(name: str, known: Sequence[str]) -> str | None:
    """Return which of the known names somebody may have meant, or None."""
    # A web worker, which has this module too, meets no such error.
    from difflib import get_close_matches  # noqa: PLC0415

    return next(iter(get_close_matches(name, known, n=1)), None)
