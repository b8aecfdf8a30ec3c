"""Say in a sentence what went wrong, and what to do about it."""

import errno
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from alembic.script.revision import MultipleHeads as AlembicMultipleHeads
from alembic.script.revision import RangeNotAncestorError, ResolutionError
from alembic.util import CommandError
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
)

from flask_migrate.database.urls import has_stray_at_sign, show_url
from flask_migrate.errors import (
    AmbiguousRevision,
    CommandRefused,
    DatabaseUnreachable,
    DriverMissing,
    EnvironmentFailed,
    FileNotWritten,
    InvalidDatabaseUrl,
    InvalidRange,
    MigrateError,
    StatementFailed,
    UnknownRevision,
)
from flask_migrate.execution.remedies import remedy
from flask_migrate.revisions.graph.entries import several_heads
from flask_migrate.revisions.graph.graph import Graph
from flask_migrate.revisions.graph.names import SYMBOLS

DRIVERS = {
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
    "asyncpg": "asyncpg",
    "pg8000": "pg8000",
    "pymysql": "PyMySQL",
    "MySQLdb": "mysqlclient",
    "mysql": "mysql-connector-python",
    "mariadb": "mariadb",
    "aiomysql": "aiomysql",
    "asyncmy": "asyncmy",
    "aiosqlite": "aiosqlite",
    "pyodbc": "pyodbc",
    "oracledb": "oracledb",
    "greenlet": "greenlet",
}
"""The module of each driver, and the distribution that has it."""

_QUOTE = (
    "It looks like dialect+driver://user:***@host:port/database; special characters in the "
    "password are %-encoded: urllib.parse.quote(password, safe='')."
)

REFUSALS = (MigrateError, CommandError, RuntimeError)
"""What carries a sentence for a person, whichever library raised it."""

_CANNOT_WRITE = frozenset({errno.ENOSPC, errno.EROFS, errno.EFBIG, errno.EDQUOT})

# psycopg shows the line of the statement below the message, with a mark below that.
_QUOTED = re.compile(r"\nLINE \d+: .*\n\s*\^")

SHOWN = 300
"""Characters of a statement that a message shows."""


def explain_database_error(
    error: BaseException, *, urls: Iterable[URL] = ()
) -> MigrateError | None:
    """Return what an error of a database, its driver or its address means.

    Args:
        error: The error.
        urls: The addresses it may be about.

    Returns:
        None if it is about something else.
    """
    if missing := _missing_driver(error):
        return missing
    if _is_about_url(error):
        return InvalidDatabaseUrl("The address of the database cannot be understood.", hint=_QUOTE)
    if _is_refused(error):
        statement = getattr(error, "statement", None)
        said = statement and f"The statement was: {shortened(statement)}."
        return StatementFailed(
            f"The database refused a statement: {describe_driver_error(error)}",
            hint=" ".join(filter(None, (said, remedy(error)))) or None,
        )
    if _is_of_driver(error) or _is_network_error(error):
        urls = tuple(urls)
        place = ", ".join(map(show_url, urls)) or "the database"
        if any(map(has_stray_at_sign, urls)):
            return InvalidDatabaseUrl(
                f"No connection to {place}: the password in the address has an @ that is not "
                "quoted, and was cut there.",
                hint=_QUOTE,
            )
        reason = describe_driver_error(error)
        return DatabaseUnreachable(
            f"No connection to {place}: {reason}",
            hint=_connection_hint(reason),
            orig=getattr(error, "orig", None) or error,
        )
    return None


def _missing_driver(error: BaseException) -> DriverMissing | None:
    if isinstance(error, NoSuchModuleError):
        name = str(error).rpartition(":")[2]
        hint = "An address begins like sqlite:///, postgresql+psycopg:// or mysql+pymysql://."
        if name.partition(".")[0] == "postgres":
            hint = "SQLAlchemy calls it postgresql: postgresql:// or postgresql+psycopg://."
        return DriverMissing(f"SQLAlchemy does not know the kind of database {name!r}.", hint=hint)
    module = (getattr(error, "name", None) or "").partition(".")[0]
    if isinstance(error, ImportError) and module in DRIVERS:
        return DriverMissing(
            f"The driver {error.name!r} of the database is not installed.",
            hint=f"Install it: pip install '{DRIVERS[module]}'",
        )
    return None


def _is_about_url(error: BaseException) -> bool:
    if isinstance(error, ArgumentError):
        return "URL" in str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    raised_in = trace.tb_frame.f_globals.get("__name__") if trace else None
    return isinstance(error, ValueError) and raised_in == URL.__module__


def explain_refusal(error: CommandError, *, graph: Graph) -> MigrateError:
    """Return what a refusal of Alembic means."""
    cause = error.__cause__
    if isinstance(cause, AlembicMultipleHeads):
        return several_heads(graph, cause.heads, argument=str(cause.argument))
    if isinstance(cause, ResolutionError):
        return _unknown(cause, known=[*sorted(graph.sources), *SYMBOLS])
    if isinstance(cause, RangeNotAncestorError) or "Relative revision" in str(error):
        return InvalidRange(
            sentence(str(error)), hint="See where the database is: flask db current"
        )
    return CommandRefused(sentence(str(error)))


def explain_environment_error(error: BaseException, *, env_file: Path) -> MigrateError:
    """Return what an error that came out of env.py means."""
    if isinstance(error, OSError) and error.filename and error.errno in _CANNOT_WRITE:
        return FileNotWritten(Path(error.filename), error.strerror or str(error))
    place = _place(error) or str(env_file)
    if isinstance(error, SyntaxError):
        place, text = f"{error.filename}, line {error.lineno}", error.msg
    else:
        text = str(error)
    return EnvironmentFailed(
        f"The migrations could not run, {type(error).__name__} in {place}: {sentence(text)}",
        hint="--debug shows the traceback: flask --debug db ...",
    )


def _place(error: BaseException) -> str | None:
    """Return where an error came out of what nobody has installed: a file, and a line of it.

    That is env.py, or a function of the application that it leads to.
    """
    place = None
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_file() and not _is_installed(file):
            place = f"{_shown(file)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _is_installed(path: Path) -> bool:
    ours, of_python = Path(__file__).parent.parent, Path(os.__file__).parent
    of_packages = {"site-packages", "dist-packages"}.intersection(path.parts)
    return bool(of_packages) or path.is_relative_to(ours) or path.is_relative_to(of_python)


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def describe_driver_error(error: BaseException) -> str:
    """Return what the database or its driver said, as one sentence."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    match original.args:
        case (int() as code, text):  # MySQL's
            return sentence(f"{text} ({code})")
    return sentence(" ".join(_QUOTED.sub("", str(original)).split()))


def shortened(statement: str) -> str:
    """Return a statement on one line, cut where it gets long."""
    line = " ".join(statement.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 3]}..."


def sentence(text: str) -> str:
    """Return a text with a full stop, if it has no end."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _is_refused(error: BaseException) -> bool:
    """Return whether the database answered, and the answer was no."""
    if getattr(error, "statement", None) is not None:
        return isinstance(error, DBAPIError)
    # The driver itself begins, prepares and ends transactions: there is no statement then.
    return _is_of_driver(error) and any(
        kind.__name__ in {"NotSupportedError", "ProgrammingError"} for kind in type(error).__mro__
    )


def _is_of_driver(error: BaseException) -> bool:
    module = type(error).__module__.partition(".")[0]
    return isinstance(error, DBAPIError) or module in DRIVERS


def _is_network_error(error: BaseException) -> bool:
    return isinstance(error, (ConnectionError, TimeoutError)) or type(error).__name__ == "gaierror"


_CONNECTION_HINTS = (
    (
        r"too many c|max_user_connections|remaining connection slots",
        "Run the command again when others have left, or let the server take more.",
    ),
    (
        r"starting up|shutting down|in recovery mode",
        "Run the command again when the server is up.",
    ),
    (
        r"pg_hba\.conf|is not allowed to connect",
        "The server does not let this user in from here: allow it there.",
    ),
    (
        r"password|access denied|authentication|role .* (?:does not exist|not permitted)",
        "Check user and password in the address of the database.",
    ),
    (
        r"unknown database|database.*does not exist",
        "Create the database first, or correct its name in the address.",
    ),
    (
        r"unable to open database file",
        "Check that the directory of the file exists and can be written.",
    ),
)
"""What to do, by what a server or a driver says."""


def _connection_hint(reason: str) -> str:
    known = (hint for said, hint in _CONNECTION_HINTS if re.search(said, reason, re.IGNORECASE))
    return next(
        known, "Check that the server runs, and host and port in the address of the database."
    )


def _unknown(error: ResolutionError, *, known: Sequence[str]) -> MigrateError:
    argument = str(error.argument)
    if "Multiple revisions" in str(error):
        return AmbiguousRevision(sentence(str(error)), hint="Give more of its characters.")
    return UnknownRevision(argument, known=known)
