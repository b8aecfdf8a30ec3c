"""Projects for the compatibility suite."""

import gc

import pytest

from tests.compat.binds import HereWithLogs
from tests.compat.here import Here


@pytest.fixture(autouse=True)
def _no_models_of_other_tests():
    """Godwit looks for models on other metadata in the process: none may be left of a test."""
    gc.collect()


@pytest.fixture
def here(database, tmp_path):
    """An application on disk on an empty database of each kind, driven in this process."""
    return Here(tmp_path / "project", database.url)


@pytest.fixture
def sqlite_here(sqlite_database, tmp_path):
    """An application on disk on an empty SQLite database, driven in this process."""
    return Here(tmp_path / "project", sqlite_database.url)


@pytest.fixture
def postgresql_here(postgresql_database, tmp_path):
    """An application on disk on an empty PostgreSQL database, driven in this process."""
    return Here(tmp_path / "project", postgresql_database.url)


@pytest.fixture
def here_with_logs(database, make_database, tmp_path):
    """The same with a bind "logs", on two databases of each kind."""
    logs = make_database(database.dialect)
    return HereWithLogs(tmp_path / "project", database.url, logs.url)


@pytest.fixture
def sqlite_here_with_logs(make_database, tmp_path):
    """The same with a bind "logs", on two SQLite databases."""
    default, logs = make_database("sqlite"), make_database("sqlite")
    return HereWithLogs(tmp_path / "project", default.url, logs.url)


@pytest.fixture
def make_here(make_database, tmp_path):
    """A function that makes an application on an empty database: make_here("mariadb")."""
    return lambda dialect: Here(tmp_path / "project", make_database(dialect).url)
