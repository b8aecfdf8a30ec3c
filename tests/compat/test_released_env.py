"""env.py as releases of Flask-Migrate really wrote it, installed when the test runs."""

import shutil
import subprocess
import sys

import pytest

from tests.compat.binds import HereWithLogs
from tests.compat.test_flask_migrate_multidb_env import tour as tour_of_binds
from tests.compat.tours import tour

VERSIONS = ("1.8.0", "2.0.0", "2.5.3", "2.7.0", "3.1.0", "4.1.0")


@pytest.fixture(scope="module", params=VERSIONS)
def templates(request, tmp_path_factory):
    """The templates of a release."""
    directory = tmp_path_factory.mktemp("release")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", directory]
    subprocess.run([*pip, f"Flask-Migrate=={request.param}"], check=True)
    return directory / "flask_migrate" / "templates"


def render(template, directory):
    """Make a migrations directory of a template, as `flask db init` of the release did."""
    (directory / "versions").mkdir(parents=True)
    for source in template.iterdir():
        if source.is_file():
            # That of alembic.ini has nothing in it to render.
            shutil.copy(source, directory / source.name.replace(".ini.mako", ".ini"))


@pytest.mark.soak
def test_a_released_env_does_everything(here, templates):
    render(templates / "flask", here.path / "migrations")
    tour(here)


@pytest.mark.soak
def test_a_released_env_for_several_databases_does_everything(
    make_database, database, tmp_path, templates
):
    logs = make_database(database.dialect)
    project = HereWithLogs(tmp_path / "project", database.url, logs.url)
    render(templates / "flask-multidb", project.path / "migrations")
    tour_of_binds(project)
