"""Every error of this package. Each says what is wrong, and what to do about it."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy.exc import OperationalError

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
        near = get_close_matches(template, known, n=1)
        super().__init__(
            f"No such template {template!r}.",
            hint=f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(known)}.",
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


class FileExists(DirectoryError):
    """A file of that name exists and is not overwritten."""

    code = "file-exists"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} exists already and was not overwritten.",
            hint="Choose another --rev-id or message, or remove the file.",
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
        near = get_close_matches(revision, known, n=1)
        super().__init__(
            f"Can't locate revision identified by {revision!r}.",
            hint=f"Did you mean {near[0]!r}?" if near else "List them: flask db history",
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


class StatementFailed(DatabaseError):
    """The database refused a statement outside of a migration."""

    code = "statement-failed"


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
