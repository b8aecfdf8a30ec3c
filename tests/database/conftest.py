"""Fixtures for what reads databases."""

import pytest

from tests.database.postgresql import engines


@pytest.fixture
def make_engine(postgresql_database):
    """A function that makes engines of an empty PostgreSQL database, with settings."""
    with engines(postgresql_database) as make:
        yield make


@pytest.fixture
def engine(make_engine):
    """An engine of an empty PostgreSQL database."""
    return make_engine()
