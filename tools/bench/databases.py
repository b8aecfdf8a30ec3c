"""The databases that are measured on: a file, or one on a server of the tests."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

SQLITE, POSTGRESQL, MARIADB = "SQLite", "PostgreSQL", "MariaDB"
_SERVERS = {POSTGRESQL: "GODWIT_TEST_POSTGRESQL", MARIADB: "GODWIT_TEST_MARIADB"}
_DROP = {
    POSTGRESQL: "DROP DATABASE IF EXISTS {} WITH (FORCE)",
    MARIADB: "DROP DATABASE IF EXISTS {}",
}


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database of a side.

    Attributes:
        kind: SQLITE, POSTGRESQL or MARIADB.
        url: Where it is.
    """

    kind: str
    url: str

    def empty(self) -> None:
        """Make it anew, without anything in it."""
        if self.kind == SQLITE:
            self.file.unlink(missing_ok=True)
            return
        name = sa.make_url(self.url).database or ""
        with _server(self.kind) as connection:
            quoted = connection.dialect.identifier_preparer.quote_identifier(name)
            connection.exec_driver_sql(_DROP[self.kind].format(quoted))
            connection.exec_driver_sql(f"CREATE DATABASE {quoted}")

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return Path(sa.make_url(self.url).database or "")


@contextmanager
def database(kind: str, place: Path, name: str) -> Generator[Database]:
    """Yield an empty database, which goes in the end.

    Args:
        kind: SQLITE, POSTGRESQL or MARIADB.
        place: Where a file may be.
        name: What it is called.
    """
    if kind == SQLITE:
        yield Database(kind=kind, url=f"sqlite:///{place / 'bench.db'}")
        return
    url = sa.make_url(os.environ[_SERVERS[kind]]).set(
        database=f"godwit_test_bench_{name}_{os.getpid()}"
    )
    made = Database(kind=kind, url=url.render_as_string(hide_password=False))
    made.empty()
    try:
        yield made
    finally:
        with _server(kind) as connection:
            quoted = connection.dialect.identifier_preparer.quote_identifier(url.database or "")
            connection.exec_driver_sql(_DROP[kind].format(quoted))


@contextmanager
def _server(kind: str) -> Generator[sa.Connection]:
    engine = sa.create_engine(
        os.environ[_SERVERS[kind]], poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        yield connection
