"""Projects for the compatibility suite."""

import pytest

from tests.compat.here import Here


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
