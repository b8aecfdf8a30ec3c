"""Fixtures for the tests of patience."""

import pytest
import sqlalchemy as sa

from flask_migrate.execution.patience import here


@pytest.fixture
def make_engine():
    """A function that makes an engine of a database: make_engine(database)."""
    engines = []

    def make(database, **arguments):
        engines.append(sa.create_engine(database.url, **arguments))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def postgresql(postgresql_database, make_engine):
    """An engine of PostgreSQL with tables."""
    return with_tables(make_engine(postgresql_database))


@pytest.fixture
def mariadb(mariadb_database, make_engine):
    """An engine of MariaDB with tables."""
    return with_tables(make_engine(mariadb_database))


def with_tables(engine):
    with engine.begin() as connection:
        for table in ("users", "orders"):
            connection.execute(sa.text(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, n INTEGER)"))
            connection.execute(sa.text(f"INSERT INTO {table} VALUES (1, 1), (2, 1)"))
    return engine


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """Let nobody recognise this process, which the sessions in the way belong to."""
    monkeypatch.setattr(here, "_DESCRIPTORS", tmp_path)
