"""Empty databases for tests, on every server that we support."""

import itertools
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace

import sqlalchemy as sa

DIALECTS = ("sqlite", "postgresql", "mariadb")
PREFIX = "godwit_test_"
VARIABLES = {
    "postgresql": "GODWIT_TEST_POSTGRESQL",
    "mariadb": "GODWIT_TEST_MARIADB",
    "pgbouncer": "GODWIT_TEST_PGBOUNCER",
}
CREATE = {
    # Nobody can be connected to template0, which would make CREATE DATABASE fail.
    "postgresql": "CREATE DATABASE {name} TEMPLATE template0",
    "mariadb": "CREATE DATABASE {name} CHARACTER SET utf8mb4",
}
DROP = {
    "postgresql": "DROP DATABASE IF EXISTS {name} WITH (FORCE)",
    "mariadb": "DROP DATABASE IF EXISTS {name}",
}
LEFT_OPEN = "SELECT id FROM information_schema.processlist WHERE db = :name"


class NoServer(Exception):
    """A test needs a server that nobody has started."""

    def __init__(self, dialect):
        super().__init__(
            f"This test needs a {dialect} server. `make test` starts one (a part of the tests: "
            f"make test ARGS='tests/cli -n 0'). Or set {VARIABLES[dialect]} to the URL of a server "
            f"on which databases named {PREFIX}* may be created and dropped."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """An empty database that goes away after the test.

    Attributes:
        url: For `create_engine` and SQLALCHEMY_DATABASE_URI, with driver and password.
        dialect: One of DIALECTS: "mariadb", where SQLAlchemy's own name is "mysql".
        name: The name on its server; for SQLite, the name of the file.
    """

    url: str
    dialect: str
    name: str


class Servers:
    """Creates databases and drops them. One for each process that runs tests."""

    def __init__(self, *, worker, environment=os.environ):
        # Several checkouts may use one server at the same time.
        self._prefix = f"{PREFIX}{worker}_{secrets.token_hex(3)}"
        self._numbers = itertools.count(1)
        self._environment = environment
        self._engines = {}

    def create(self, dialect, *, directory):
        """Make an empty database; a SQLite file goes to the directory."""
        name = f"{self._prefix}_{next(self._numbers)}"
        if dialect == "sqlite":
            path = directory / f"{name}.db"
            return Database(url=f"sqlite:///{path}", dialect=dialect, name=path.name)
        engine = self._engine(dialect)
        self._execute(dialect, CREATE[dialect].format(name=name))
        url = engine.url.set(database=name).render_as_string(hide_password=False)
        return Database(url=url, dialect=dialect, name=name)

    def pooled(self, database):
        """Return a PostgreSQL database as it is reached through the pooler."""
        address = self._environment.get(VARIABLES["pgbouncer"])
        if not address:
            raise NoServer("pgbouncer")
        url = sa.make_url(address).set(database=database.name)
        return replace(database, url=url.render_as_string(hide_password=False))

    def drop(self, database):
        """Remove a database, together with connections that a test has left open."""
        if database.dialect == "sqlite":
            return  # pytest removes the directory
        if database.dialect == "mariadb":
            self._disconnect(database.name)
        self._execute(database.dialect, DROP[database.dialect].format(name=database.name))

    def close(self):
        """Let go of the servers."""
        for engine in self._engines.values():
            engine.dispose()

    def _engine(self, dialect):
        if dialect not in self._engines:
            url = self._environment.get(VARIABLES[dialect])
            if not url:
                raise NoServer(dialect)
            self._engines[dialect] = sa.create_engine(
                url, isolation_level="AUTOCOMMIT", pool_size=1, pool_pre_ping=True
            )
        return self._engines[dialect]

    def _execute(self, dialect, statement):
        with self._engine(dialect).connect() as connection:
            connection.execute(sa.text(statement))

    def _disconnect(self, name):
        """End the connections to a MariaDB database: their locks would make DROP wait."""
        with self._engine("mariadb").connect() as connection:
            for number in connection.scalars(sa.text(LEFT_OPEN), {"name": name}).all():
                with suppress(sa.exc.OperationalError):  # it ended by itself
                    connection.execute(sa.text(f"KILL {number:d}"))
