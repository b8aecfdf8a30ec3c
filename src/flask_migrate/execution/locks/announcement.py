"""The connection beside a migration that tells others who runs it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from flask_migrate.database.pools import engine_beside
from flask_migrate.execution.locks.servers import Server
from flask_migrate.values.locks import LockHolder

Answer = TypeVar("Answer")


class Announcement:
    """Who has a lock, where those who wait for it can read it.

    It is a courtesy: where it cannot be made, the lock is held all the same.

    Args:
        server: How it is told.
        me: This process.
        beside: A connection in autocommit mode; None where none can be had.
    """

    def __init__(self, server: Server, me: LockHolder, beside: Connection | None) -> None:
        self._server = server
        self._me = me
        self._beside = beside
        # A pooler shows only here, if the driver does not tell of it.
        introduced = self.ask(lambda there: server.introduce(there, me))
        self._me = introduced or me
        self.tell(me.doing)

    def tell(self, doing: str | None) -> bool | None:
        """Tell what is done now, and return whether the lock is still ours.

        Args:
            doing: What it is; None for what was told before.

        Returns:
            None if nobody could be asked.
        """
        self._me = self.of(doing)
        return self.ask(lambda beside: self._server.tell(beside, self._me))

    def of(self, doing: str | None) -> LockHolder:
        """Return this process, as it does something; None for what it did before."""
        return replace(self._me, doing=doing or self._me.doing)

    def withdraw(self) -> None:
        """Take everything back."""
        self.ask(self._server.withdraw)

    def ask(self, question: Callable[[Connection], Answer]) -> Answer | None:
        """Return an answer of the connection, or None if it has none."""
        if self._beside is None:
            return None
        try:
            return question(self._beside)
        except (SQLAlchemyError, OSError) as error:
            if getattr(error, "connection_invalidated", True):
                self._beside = None
            return None  # no right to make a table, for example


@contextmanager
def announced(server: Server, me: LockHolder, engine: Engine) -> Generator[Announcement]:
    """Tell others who has a lock, for as long as this lasts.

    Args:
        server: How it is told.
        me: This process.
        engine: That of the migration.

    Raises:
        SessionChanges: There is a pooler between.
    """
    beside = _connected(engine)
    try:
        announcement = Announcement(server, me, beside)
        try:
            yield announcement
        finally:
            announcement.withdraw()
    finally:
        if beside is not None:
            with suppress(SQLAlchemyError, OSError):
                beside.close()


def _connected(engine: Engine) -> Connection | None:
    try:
        return engine_beside(engine).connect().execution_options(isolation_level="AUTOCOMMIT")
    except Exception:  # noqa: BLE001  (too many connections: every driver has its own word for it)
        return None
