"""env.py in the manner of every version of Flask-Migrate, for several databases."""

import pytest

from tests.compat.binds import EVENT, EVENT_WITH_TEXT, USER, HereWithLogs
from tests.compat.directories import INI_OF_OLD, SCRIPT_FOR_BINDS, write_directory
from tests.compat.env import flask_migrate_multidb

ASYNCHRONOUS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


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


ALCHEMICAL = """
import os

import sqlalchemy as sa
from alchemical.aio import Alchemical
from alchemical.core import BaseModel
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import orm

# Alchemical keeps the metadata of a process; each command is to have one of its own.
BaseModel.__metadatas__ = {}


class Base(orm.DeclarativeBase):
    pass


app = Flask(__name__)
db = Alchemical(
    os.environ["DATABASE_URL"], binds={"logs": os.environ["LOGS_URL"]}, model_class=Base
)
db.Column, db.Integer, db.String = sa.Column, sa.Integer, sa.String
Migrate(app, db)
"""

SCRIPT_FOR_ALCHEMICAL = SCRIPT_FOR_BINDS.replace(
    '(current_app.config.get("SQLALCHEMY_BINDS") or {})',
    'current_app.extensions["migrate"].db.bind_names()',
)


@pytest.mark.parametrize("dialect", ASYNCHRONOUS)
@pytest.mark.parametrize("env", ["aioflask", "ours"])
def test_asynchronous_engines_do_everything_on_every_bind(make_database, tmp_path, dialect, env):
    default, logs = make_database(dialect), make_database(dialect)
    project = HereWithLogs(tmp_path / "project", default.url, logs.url)
    for name, database in {"DATABASE_URL": default, "LOGS_URL": logs}.items():
        project.environment[name] = f"{ASYNCHRONOUS[dialect]}:{database.url.partition(':')[2]}"
    project.models = lambda *models: project.write("app.py", "\n".join([ALCHEMICAL, *models]))
    if env == "ours":
        project.models()
        project.db("init", "-t", "aioflask-multidb")
    else:
        write_directory(
            project, flask_migrate_multidb.AIOFLASK, ini=INI_OF_OLD, script=SCRIPT_FOR_ALCHEMICAL
        )
    tour(project)
