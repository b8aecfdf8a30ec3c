"""Fixtures for what people suffer from with other tools."""

import pytest

from tests.behaviour.application import Application


@pytest.fixture
def make_application(tmp_path):
    """A function that makes an application in this process: make_application(url)."""
    made = []

    def make(url, *, path=tmp_path / "shop", **options):
        made.append(Application(path, url, **options))
        return made[-1]

    yield make
    for application in made:
        application.close()


@pytest.fixture
def sqlite_application(make_application, sqlite_database):
    """An application in this process, with a migrations directory and an empty SQLite database."""
    application = make_application(sqlite_database.url)
    application.run("init")
    return application


@pytest.fixture
def application(make_application, database):
    """The same, once on each kind of server."""
    application = make_application(database.url)
    application.run("init")
    return application
