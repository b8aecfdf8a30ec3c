"""Fixtures for the tests that drive Godwit and Flask-Migrate side by side."""

import sys

import pytest

from tests.peer.twins import Driver, Side, Twins
from tests.support.databases import DIALECTS
from tests.support.project import Project


@pytest.fixture(scope="session")
def drivers(peer_python):
    """An interpreter for each side, for all tests."""
    drivers = {"ours": Driver(sys.executable), "peer": Driver(peer_python)}
    yield drivers
    for driver in drivers.values():
        driver.close()


@pytest.fixture
def make_twins(make_database, tmp_path, drivers):
    """A function that makes both sides: make_twins("postgresql", binds=("log",))."""

    def make(dialect, *, binds=()):
        sides = {}
        for name, driver in drivers.items():
            databases = [make_database(dialect) for _ in ("", *binds)]
            project = Project(tmp_path / name / "project", databases[0].url, python=driver.python)
            for bind, database in zip(binds, databases[1:], strict=True):
                project.environment[f"{bind.upper()}_URL"] = database.url
            sides[name] = Side(project=project, databases=databases, driver=driver)
        return Twins(**sides)

    return make


@pytest.fixture(params=DIALECTS)
def twins(request, make_twins):
    """Both sides on empty databases; runs once on each kind of server."""
    return make_twins(request.param)


@pytest.fixture
def sqlite_twins(make_twins):
    """Both sides on empty SQLite databases."""
    return make_twins("sqlite")
