"""Which statements of a revision ran, and which of them the database keeps whatever follows."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlalchemy import Connection, event

# https://dev.mysql.com/doc/refman/8.0/en/implicit-commit.html and
# https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/
_COMMITS_ITSELF = re.compile(
    r"(?:\s|/\*.*?\*/)*(?:ALTER|ANALYZE|CREATE(?!\s+TEMPORARY)|DROP(?!\s+TEMPORARY)|GRANT|"
    r"LOCK\s+TABLES|OPTIMIZE|RENAME|REPAIR|REVOKE|TRUNCATE)\b",
    re.IGNORECASE | re.DOTALL,
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
    """

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.kept = 0

    @contextmanager
    def noted(self, connection: Connection) -> Generator[None]:
        """Note what a revision runs, from its beginning, for as long as this lasts.

        Args:
            connection: What it runs on.
        """
        self.ran.clear()
        self.kept = 0
        commits_ddl = connection.dialect.name in {"mysql", "mariadb"}

        def before(on: Connection, _: object, statement: str, *__: object) -> None:
            if on is connection and commits_ddl and _COMMITS_ITSELF.match(statement):
                self.kept = len(self.ran)

        def after(on: Connection, _: object, statement: str, *__: object) -> None:
            if on is connection and not _ONLY_READS.match(statement):
                self.ran.append(statement)
                if (commits_ddl and _COMMITS_ITSELF.match(statement)) or _is_autocommit(on):
                    self.kept = len(self.ran)

        def commit(on: Connection) -> None:
            if on is connection:
                self.kept = len(self.ran)

        listeners: dict[str, Callable[..., None]] = {
            "before_cursor_execute": before,
            "after_cursor_execute": after,
            "commit": commit,
        }
        for name, listener in listeners.items():
            event.listen(connection.engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners.items():
                event.remove(connection.engine, name, listener)


def _is_autocommit(connection: Connection) -> bool:
    return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
