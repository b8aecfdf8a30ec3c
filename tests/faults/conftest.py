"""Applications that meet with faults."""

import itertools

import pytest

from tests.support.deployed import Deployed


@pytest.fixture
def make_deployed(make_database, tmp_path):
    """A function that makes an application: make_deployed("postgresql", env="flask-migrate-4")."""
    made = []
    numbers = itertools.count(1)

    def make(dialect, *, env="ours", database=None):
        path = tmp_path / f"application-{next(numbers)}"
        made.append(Deployed(path, database or make_database(dialect), env=env))
        return made[-1]

    yield make
    for deployed in made:
        deployed.close()


@pytest.fixture
def deployed(database, make_deployed):
    """An application on an empty database of each kind."""
    return make_deployed(database.dialect, database=database)
