"""Which statements of a revision ran, and which of them the database keeps whatever follows."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from flask_migrate.execution.transactions import is_autocommit

# https://dev.mysql.com/doc/refman/8.0/en/implicit-commit.html and
# https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
_COMMITS_ITSELF = re.compile(
    r"(?:\s|/\*.*?\*/)*(?:ALTER|ANALYZE|CREATE(?!\s+TEMPORARY)|DROP(?!\s+TEMPORARY)|GRANT|"
    r"LOCK\s+TABLES|OPTIMIZE|RENAME|REPAIR|REVOKE|TRUNCATE)\b",
    re.IGNORECASE | re.DOTALL,
)

_COMMITS = re.compile(r"\s*(?:COMMIT|END)\b(?!\s+PREPARED\b)", re.IGNORECASE)

_ROLLS_BACK = re.compile(r"\s*ROLLBACK\b(?!\s+(?:PREPARED|(?:WORK\s+)?TO)\b)", re.IGNORECASE)

_LEAVES_TYPES = re.compile(
    r"\s*(?:(?:CREATE|ALTER|DROP)\s+(?:TABLE|(?:UNIQUE\s+)?INDEX|SEQUENCE)|CREATE\s+TYPE|COMMENT|"
    r"INSERT|UPDATE|DELETE|RELEASE)\b[^;]*",
    re.IGNORECASE,
)

_ONLY_READS = re.compile(
    r"\s*(?:SELECT|SHOW|DESCRIBE|DESC|EXPLAIN|PRAGMA|SET|SAVEPOINT|RELEASE|ROLLBACK)\b",
    re.IGNORECASE,
)


class Statements:
    """The statements of the revision that runs.

    Attributes:
        ran: Those that the database did not refuse.
        kept: How many of them cannot be undone any more.
        unsure: One that cannot be undone and has not been answered: the server may do it,
            or have done it, without us.
        committed: Whether the revision has committed what was before it.
        rolled_back: Whether it has rolled back what was before it.
        undone: Those of its own that it has rolled back.
        may_drop_types: Whether a type may be gone that was there before it.
    """

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.undone: list[str] = []
        self.kept = 0
        self.unsure: str | None = None
        self.committed = False
        self.rolled_back = False
        self.may_drop_types = False
        self._are_of_revision = False

    @contextmanager
    def listening(self, connection: Connection) -> Generator[None]:
        """Hear what runs on a connection, for as long as this lasts.

        Once for all revisions: to begin and to end costs more than most of them.

        Args:
            connection: What the revisions run on.
        """
        listeners: dict[str, Callable[..., None]] = {
            "before_cursor_execute": self._note_start,
            "after_cursor_execute": self._note,
            "commit": self._note_commit,
            "rollback": self._note_rollback,
        }
        ours = {name: self._only_on(connection, one) for name, one in listeners.items()}
        for name, listener in ours.items():
            event.listen(connection.engine, name, listener)
        try:
            yield
        finally:
            for name, listener in ours.items():
                event.remove(connection.engine, name, listener)

    @contextmanager
    def noted(self) -> Generator[None]:
        """Note what a revision runs, from its beginning, for as long as this lasts."""
        self.ran.clear()
        self.undone.clear()
        self.kept = 0
        self.unsure = None
        self.committed = self.rolled_back = self.may_drop_types = False
        self._are_of_revision = True
        try:
            yield
        finally:
            self._are_of_revision = False

    def _only_on(
        self, connection: Connection, listener: Callable[..., None]
    ) -> Callable[..., None]:
        def listen(on: Connection, *arguments: Any) -> None:
            if self._are_of_revision and on is connection:
                listener(on, *arguments)

        return listen

    def _note_start(self, on: Connection, _: object, statement: str, *__: object) -> None:
        if _keeps_itself(on, statement):
            self.kept = len(self.ran)
            self.unsure = statement

    def _note(self, on: Connection, _: object, statement: str, *__: object) -> None:
        self.unsure = None
        self.may_drop_types |= _LEAVES_TYPES.fullmatch(statement) is None
        if _COMMITS.match(statement):
            self._note_commit(on)
        elif _ROLLS_BACK.match(statement):
            self._note_rollback(on)
        elif not _ONLY_READS.match(statement):
            self.ran.append(statement)
            if _keeps_itself(on, statement) or is_autocommit(on):
                self.kept = len(self.ran)

    def _note_commit(self, _: Connection) -> None:
        self.kept = len(self.ran)
        self.committed = True

    def _note_rollback(self, _: Connection) -> None:
        self.may_drop_types = True
        self.undone += self.ran[self.kept :]
        del self.ran[self.kept :]
        self.rolled_back = not self.committed


def _keeps_itself(connection: Connection, statement: str) -> bool:
    commits_ddl = connection.dialect.name in {"mysql", "mariadb"}
    return commits_ddl and _COMMITS_ITSELF.match(statement) is not None
