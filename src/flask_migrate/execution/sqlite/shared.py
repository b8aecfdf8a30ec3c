"""One transaction that several connections take part in.

To SQLite there is one connection, that of the run. To the application each of its own is one
as it knows it: what it writes is kept by `commit()`, and undone by `rollback()` or `close()`.
That is what a savepoint does. As with the driver, a statement that changes rows begins it, and
what changes a table outside of it is kept at once.
"""

import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from flask_migrate._sqlalchemy import await_nothing
from flask_migrate.errors import SessionOpen
from flask_migrate.execution.sqlite.file import File
from flask_migrate.execution.sqlite.foreign_keys import ForeignKeysOn
from flask_migrate.execution.sqlite.words import (
    changes_rows,
    only_reads,
    savepoint_begun,
    savepoint_released,
    statements_of,
    transaction_control,
    turns_foreign_keys_off,
)

SAVEPOINT = "flask_migrate_shared"


class Common:
    """The transaction of the run, and which connection of the application writes in it.

    One at a time, as always in SQLite; there nobody could be waited for, since all are in
    this thread.

    Args:
        file: The database, seen through the connection of the run.

    Attributes:
        may_begin_again: Whether the run can undo what the revision did, and begin it again.
    """

    def __init__(self, file: File) -> None:
        self.file = file
        self.may_begin_again = True
        self.driver: Any = file.connection.connection.dbapi_connection
        self._writer: weakref.ref[Shared] | None = None
        self._savepoint = SAVEPOINT

    def is_written_by(self, connection: "Shared") -> bool:
        """Return whether a connection has written, and neither kept nor undone it."""
        return self._writer is not None and self._writer() is connection

    def is_outermost(self, savepoint: str | None) -> bool:
        """Return whether what the writer has written since ends with this savepoint."""
        return savepoint == self._savepoint

    def begin(self, connection: "Shared", savepoint: str = SAVEPOINT) -> None:
        """Let a connection be the one that writes.

        Args:
            connection: Which.
            savepoint: Where it goes back to; that of the application if it asked for one.
        """
        self._execute(f"SAVEPOINT {savepoint}")
        self._savepoint = savepoint
        self._writer = weakref.ref(connection)

    def keep(self) -> None:
        """Make what was written a part of the revision."""
        self._execute(f"RELEASE {self._savepoint}")
        self._writer = None

    def undo(self) -> None:
        """Undo what was written."""
        # SQLite itself ends the transaction if, say, the disk is full.
        if self.file.in_transaction:
            self._execute(f"ROLLBACK TO {self._savepoint}")
            self._execute(f"RELEASE {self._savepoint}")
        self._writer = None

    def forget(self) -> None:
        """Take note that what was written is undone already, together with the revision."""
        self._writer = None

    def refuse_unfinished(self, statement: str = "", *, of: "Shared | None" = None) -> None:
        """Refuse to write over what another connection may still undo.

        Args:
            statement: What is to run; empty for the end of the revision.
            of: The connection on which it is to run; None for that of the run.

        Raises:
            SessionOpen: Another connection has written, and neither kept nor undone it.
        """
        if self._writer is None:
            return
        writer = self._writer()
        if writer is None:
            # It was left to the garbage collector, which undoes what is not committed.
            self.undo()
        elif writer is not of and not only_reads(statement):
            raise SessionOpen(
                "The revision has written on a connection of its own, such as that of "
                "db.session, and has not ended that transaction.",
                hint="End it before anything else writes, and before the revision ends: "
                "db.session.commit()",
            )

    def leave_foreign_keys_out(self, statement: str) -> None:
        """See to it that a revision that turns foreign keys off has them off.

        In a transaction SQLite does not listen, and what a revision deletes, to put something
        else in its place, would take its children with it.

        Args:
            statement: What is to run, on whichever connection.

        Raises:
            ForeignKeysOn: They are enforced; the revision is to begin again without.
        """
        if not (turns_foreign_keys_off(statement) and self.may_begin_again):
            return
        is_enforced = self.file.execute("PRAGMA foreign_keys")[0][0]
        if is_enforced and self.file.in_transaction:
            raise ForeignKeysOn

    def _execute(self, statement: str) -> None:
        cursor = self.driver.cursor()
        try:
            cursor.execute(statement)
        except Exception as error:
            self.file.note(error)
            raise
        finally:
            cursor.close()


class Shared:
    """A connection of the application, as its driver would show it, in a common transaction.

    Args:
        common: The transaction.
        own: The connection in whose place it is.
    """

    def __init__(self, common: Common, own: Any) -> None:
        self.own = own
        self._common = common
        self._begun = False
        is_common = own is common.driver
        # An asynchronous engine, while the run has none.
        self.must_await = "aiosqlite" in type(own).__module__ and type(own) is not type(
            common.driver
        )
        self._isolation: str | None = common.file.isolation if is_common else own.isolation_level

    @property
    def in_transaction(self) -> bool:
        """Whether something is there to be kept or undone."""
        return self._begun or self._common.is_written_by(self)

    @property
    def isolation_level(self) -> str | None:
        """How transactions begin; None for not by themselves."""
        return self._isolation

    @isolation_level.setter
    def isolation_level(self, level: str | None) -> None:
        if level is None:
            self.commit()
        self._isolation = level
        if self.own is not self._common.driver:
            self.own.isolation_level = level

    def cursor(self, *arguments: Any, **options: Any) -> "SharedCursor":
        """Return a cursor; the arguments are those of the driver."""
        return SharedCursor(self, self._common, self._common.driver.cursor(*arguments, **options))

    def execute(self, *arguments: Any) -> "SharedCursor":
        """Run a statement on a new cursor, and return that."""
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> "SharedCursor":
        """Run a statement several times on a new cursor, and return that."""
        return self.cursor().executemany(*arguments)

    def executescript(self, script: str) -> "SharedCursor":
        """Run statements on a new cursor, and return that.

        Each is kept at once, unless the script begins a transaction.
        """
        self.commit()
        isolation, self._isolation = self._isolation, None
        try:
            cursor = self.cursor()
            for statement in statements_of(script):
                cursor.execute(statement)
        finally:
            self._isolation = isolation
        return cursor

    def commit(self) -> None:
        """Keep what was written here, if the revision is kept."""
        self._begun = False
        if self._common.is_written_by(self):
            self._common.keep()

    def rollback(self) -> None:
        """Undo what was written here and not kept yet."""
        self._begun = False
        if self._common.is_written_by(self):
            self._common.undo()

    def close(self) -> None:
        """Undo what was not kept, and close the connection in whose place this is."""
        self.rollback()
        if self.own is not self._common.driver:
            self.own.close()

    def take(self, statement: str) -> bool:
        """Do what a statement says about the transaction.

        Args:
            statement: What is to run.

        Returns:
            Whether that was all, so that it must not run.

        Raises:
            SessionOpen: Another connection has written, and neither kept nor undone it.
        """
        match transaction_control(statement):
            case "BEGIN":
                self._begun = True
            case "COMMIT":
                self.commit()
            case "ROLLBACK":
                self.rollback()
            case _:
                self._common.leave_foreign_keys_out(statement)
                return self._take_savepoint(statement)
        return True

    def _take_savepoint(self, statement: str) -> bool:
        self._common.refuse_unfinished(statement, of=self)
        is_written = self._common.is_written_by(self)
        if is_written and self._common.is_outermost(savepoint_released(statement)):
            self.commit()
            return True
        if not is_written and self._begins(statement):
            name = savepoint_begun(statement)
            self._common.begin(self, name or SAVEPOINT)
            return name is not None
        return False

    def _begins(self, statement: str) -> bool:
        """Return whether the driver would have a transaction open in which this runs."""
        autocommit = getattr(self.own, "autocommit", None)
        if self._begun or autocommit is False or savepoint_begun(statement):
            return not only_reads(statement)
        return autocommit is not True and self._isolation is not None and changes_rows(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.rollback()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._common.driver, name)


class SharedCursor:
    """A cursor of a connection that takes part in a common transaction.

    Args:
        connection: The connection.
        common: The transaction.
        cursor: That of the driver.
    """

    def __init__(self, connection: Shared, common: Common, cursor: Any) -> None:
        self.connection = connection
        self._common = common
        self._cursor = cursor

    def execute(self, statement: str, *parameters: Any) -> "SharedCursor":
        """Run a statement, unless it is about the transaction only."""
        if not self.connection.take(statement):
            self._run(self._cursor.execute, statement, *parameters)
        return self

    def executemany(self, statement: str, *parameters: Any) -> "SharedCursor":
        """Run a statement several times."""
        self.connection.take(statement)
        self._run(self._cursor.executemany, statement, *parameters)
        return self

    def executescript(self, script: str) -> "SharedCursor":
        """Run statements, as the connection does."""
        self.connection.executescript(script)
        return self

    def _run(self, execute: Any, *arguments: Any) -> None:
        if self.connection.must_await:
            await_nothing()
        try:
            execute(*arguments)
        except Exception as error:
            self._common.file.note(error)
            raise

    async def _async_soft_close(self) -> None:
        """Do what SQLAlchemy asks of the cursor of an asynchronous engine."""
        if close := getattr(self._cursor, "_async_soft_close", None):
            await close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def __next__(self) -> Any:
        return next(self._cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)
