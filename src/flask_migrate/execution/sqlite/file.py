"""A SQLite database as a file that several processes want to write.

The driver begins a transaction before INSERT, UPDATE and DELETE, and before nothing else:
a table would be made outside of every transaction. Here transactions begin when we say so,
see https://www.sqlite.org/lang_transaction.html.
"""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

# https://www.sqlite.org/rescode.html: the lower eight bits are the primary code.
_PRIMARY = 0xFF
_BUSY = 5
_LOCKED = 6  # by a statement on the same connection ...
_LOCKED_SHAREDCACHE = 262  # ... or by another connection, to a database in memory
_INTERRUPT = 9
_OUTSIDE = re.compile(
    r"\s*(?:BEGIN|COMMIT|END|ROLLBACK|PRAGMA|VACUUM|ATTACH|DETACH)\b", re.IGNORECASE
)
_OPERATIONS_BETWEEN_SIGNALS = 20_000


class File:
    """A SQLite database, seen through one connection, with transactions that are ours.

    Args:
        connection: Where everything runs. Its driver may be asynchronous.

    Attributes:
        begun: How many transactions were begun.
        isolation: How the driver begins transactions when they are not ours.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.begun = 0
        self.isolation: str | None = None
        self._refused: BaseException | None = None

    @property
    def in_transaction(self) -> bool:
        """Whether the database itself is in a transaction, whatever SQLAlchemy thinks."""
        driver: Any = self.connection.connection.driver_connection
        return bool(driver.in_transaction)

    def execute(self, statement: str) -> list[Any]:
        """Run a statement of ours behind SQLAlchemy's back, and return its rows.

        Raises:
            DBAPIError: SQLite refuses it.
        """
        dialect: Any = self.connection.dialect
        try:
            cursor = self.connection.connection.cursor()
            try:
                cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
            finally:
                cursor.close()
        except dialect.loaded_dbapi.Error as error:
            self.note(error)
            raise DBAPIError.instance(
                statement, None, error, dialect.loaded_dbapi.Error, dialect=dialect
            ) from error

    def begin(self) -> None:
        """Begin a transaction that may write; nobody else can until it ends.

        Raises:
            DBAPIError: Somebody else writes just now, see `was_busy`.
        """
        if self.in_transaction:
            # The application has a listener that begins one; there is nothing in it yet.
            self.execute("ROLLBACK")
        self.execute("BEGIN IMMEDIATE")
        self.begun += 1

    def roll_back(self) -> None:
        """Undo everything since the transaction began, if SQLite has not done so already."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def commit(self) -> None:
        """Keep what the transaction did.

        Raises:
            DBAPIError: Somebody reads just now, see `was_busy`, or there is no room.
        """
        if self.in_transaction:
            self.execute("COMMIT")
            if getattr(self.connection.connection.dbapi_connection, "autocommit", None) is False:
                # This driver wants to be in a transaction always, and will end it.
                self.execute("BEGIN")

    @contextmanager
    def beginning(self, begin: Callable[[], None]) -> Generator[None]:
        """Call a function whenever SQLAlchemy begins a transaction on the connection.

        It does so at the end of an ``autocommit_block`` too. In the block itself, what
        it begins is none. A revision that ends the transaction by a statement gets another
        with its next one, unless that is of no use, or refused, in a transaction.

        Args:
            begin: Begins it.
        """

        def listener(begun: Connection) -> None:
            if begun is self.connection and not _is_autocommit(begun):
                driver: Any = begun.connection.dbapi_connection
                driver.isolation_level = None  # SQLAlchemy has set it after the block
                begin()

        def begin_anew(connection: Connection, _: object, statement: str, *__: object) -> None:
            is_ended = connection is self.connection and not self.in_transaction
            if is_ended and not _is_autocommit(connection) and not _OUTSIDE.match(statement):
                begin()

        with (
            _listening(self.connection, "begin", listener),
            _listening(self.connection, "before_cursor_execute", begin_anew),
        ):
            yield

    @contextmanager
    def taken_over(self) -> Generator[None]:
        """Let the driver begin no transaction, and signals be noticed in long statements."""
        driver: Any = self.connection.connection.dbapi_connection
        self.isolation, timeout = driver.isolation_level, self.busy_timeout
        if not self.in_transaction:  # to change it would commit
            driver.isolation_level = None
        watch = getattr(driver, "set_progress_handler", lambda *_: None)
        # To run a function of Python is when Python looks for signals.
        watch(lambda: 0, _OPERATIONS_BETWEEN_SIGNALS)
        try:
            with self.noticing_errors():
                yield
        finally:
            watch(None, 0)
            driver.isolation_level = self.isolation
            self.busy_timeout = timeout

    @contextmanager
    def out_of_autocommit(self) -> Generator[None]:
        """Let SQLAlchemy have transactions, as without autocommit. Belongs outside of one.

        A savepoint would begin one of which neither SQLAlchemy nor the driver knows; and the
        file would be nobody's until something is written.
        """
        if not _is_autocommit(self.connection):
            yield
            return
        self.connection.execution_options(isolation_level="SERIALIZABLE")
        try:
            yield
        finally:
            if self.connection.in_transaction():
                self.connection.rollback()
            self.connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def noticing_errors(self) -> Generator[None]:
        """Notice what SQLite refuses on this connection, so that `was_busy` knows it."""
        with _listening(self.connection, "handle_error", self._note_error):
            yield

    def note(self, error: BaseException) -> None:
        """Remember what SQLite refused last on this connection."""
        self._refused = error

    @property
    def busy_timeout(self) -> float:
        """Seconds that SQLite waits for others before it says that it is busy."""
        return float(self.execute("PRAGMA busy_timeout")[0][0]) / 1000

    @busy_timeout.setter
    def busy_timeout(self, seconds: float) -> None:
        self.execute(f"PRAGMA busy_timeout = {round(seconds * 1000):d}")

    @contextmanager
    def without_foreign_keys(self) -> Generator[None]:
        """Let foreign keys not be enforced. Belongs outside of a transaction."""
        self._without_transaction("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            self._without_transaction("PRAGMA foreign_keys = ON")

    def leave_foreign_keys_out(self) -> None:
        """Let foreign keys not be enforced until somebody else ends the next transaction."""
        self.execute("PRAGMA foreign_keys = OFF")
        is_out = True

        def end(statement: str) -> None:
            nonlocal is_out
            # It cannot be removed while it is called.
            if is_out:
                is_out = False
                if self.in_transaction:
                    self.execute(statement)
                self.execute("PRAGMA foreign_keys = ON")

        event.listen(self.connection, "commit", lambda _: end("COMMIT"))
        event.listen(self.connection, "rollback", lambda _: end("ROLLBACK"))

    def was_busy(self, error: BaseException) -> bool:
        """Return whether an error says that somebody else uses the database.

        Not if it came on another connection of a revision: that waits for ours.
        """
        return _says_busy(error) and _original(error) is self._refused

    def was_in_own_way(self, error: BaseException) -> bool:
        """Return whether an error came on another connection, which waited for ours."""
        return _says_busy(error) and _original(error) is not self._refused

    def was_reading(self, error: BaseException) -> bool:
        """Return whether an error says that a query on the same connection has rows left."""
        return _code(error) == _LOCKED

    def was_interrupted(self, error: BaseException) -> bool:
        """Return whether an error says that a signal came while SQLite was at work."""
        return _code(error) == _INTERRUPT

    def _without_transaction(self, statement: str) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")
        self.execute(statement)

    def _note_error(self, context: ExceptionContext) -> None:
        if context.connection is self.connection:
            self.note(context.original_exception)


@contextmanager
def _listening(connection: Connection, name: str, listener: Callable[..., None]) -> Generator[None]:
    event.listen(connection.engine, name, listener)
    try:
        yield
    finally:
        event.remove(connection.engine, name, listener)


def _is_autocommit(connection: Connection) -> bool:
    return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def _original(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _says_busy(error: BaseException) -> bool:
    code = _code(error)
    return code & _PRIMARY == _BUSY or code == _LOCKED_SHAREDCACHE


def _code(error: BaseException) -> int:
    return int(getattr(_original(error), "sqlite_errorcode", None) or 0)
