"""env.py in the manner of every version of Flask-Migrate, for one database."""

import pytest

from tests.compat.directories import (
    INI_OF_OLD,
    INI_OF_TODAY,
    INI_WITHOUT_LOGGING,
    NO_INI,
    write_directory,
)
from tests.compat.env import flask_migrate
from tests.compat.tours import tour

LATE = {"flask-migrate-4", "flask-migrate-4-engines"}


@pytest.mark.parametrize("name", flask_migrate.ALL)
def test_an_env_of_every_version_does_everything(here, name):
    ini = INI_OF_TODAY if name in LATE else INI_OF_OLD
    write_directory(here, flask_migrate.ALL[name], ini=ini)
    tour(here)


@pytest.mark.parametrize(
    "ini", [INI_OF_OLD, INI_WITHOUT_LOGGING, NO_INI], ids=["old", "without-logging", "none"]
)
def test_an_env_that_configures_logging_runs_with_any_ini_file(sqlite_here, ini):
    write_directory(sqlite_here, flask_migrate.V4, ini=ini)
    tour(sqlite_here)
