"""env.py in the manner of every version of Flask-Migrate, for several databases."""

import pytest

from tests.compat.binds import EVENT, EVENT_WITH_TEXT, USER
from tests.compat.directories import INI_OF_OLD, SCRIPT_FOR_BINDS, write_directory
from tests.compat.env import flask_migrate_multidb


def tour(project):
    """Create a table in each database, change that of the bind, and go all the way back."""
    project.models(USER, EVENT)
    files = project.entries()
    project.db("migrate", "-m", "create", "--rev-id", "a1")
    script = project.newest()
    default, bind = script.split("def upgrade_logs():")
    assert "op.create_table('users'" in default
    assert "op.create_table('events'" in bind

    sql = project.db("upgrade", "--sql").stdout
    first, second = sql.split("-- Database: logs")
    assert "-- Database: default" in first
    assert "CREATE TABLE users" in first
    assert "CREATE TABLE events" in second
    assert project.entries() == files
    assert project.columns_of_events() == []

    project.db("upgrade")
    assert "users" in project.tables()
    assert project.columns_of_events() == ["id"]
    project.db("check")
    assert project.db("current").stdout.count("a1 (head)") == 2

    project.models(USER, EVENT_WITH_TEXT)
    assert "text" in project.db("check", exit_code=1).stderr
    project.db("migrate", "-m", "text", "--rev-id", "b2")
    project.db("upgrade")
    assert project.columns_of_events() == ["id", "text"]
    assert project.db("migrate").stdout == ""

    project.db("downgrade")
    assert project.columns_of_events() == ["id"]
    assert "a1 (current)" in project.db("history", "-i").stdout
    project.db("stamp", "head")
    assert project.db("current").stdout.count("b2 (head)") == 2
    project.db("stamp", "a1")
    project.db("downgrade", "base")
    assert "users" not in project.tables()
    assert project.columns_of_events() == []
    assert project.entries() == files


@pytest.mark.parametrize("name", flask_migrate_multidb.ALL)
def test_an_env_of_every_version_does_everything_on_every_bind(here_with_logs, name):
    write_directory(
        here_with_logs, flask_migrate_multidb.ALL[name], ini=INI_OF_OLD, script=SCRIPT_FOR_BINDS
    )
    tour(here_with_logs)
