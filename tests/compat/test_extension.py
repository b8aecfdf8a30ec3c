"""How an application and its people set the migrations up."""

import json

import pytest

import flask_migrate as commands
from tests.compat.directories import NO_INI, write_directory
from tests.compat.env import by_hand, flask_migrate
from tests.support.project import USER

TWO_APPLICATIONS = """
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
migrate = Migrate(db=db, include_schemas=False, render_as_batch=False)


class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)


def create(variable, **options):
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ[variable]
    db.init_app(app)
    migrate.init_app(app, **options)
    return app


first = create("DATABASE_URL", version_table="first_versions", compare_type=False)
second = create("SECOND_URL", directory="other", command="database")
app = first
"""


@pytest.fixture
def two_applications(sqlite_here, make_database):
    """A project with two applications, each with a database and a migrations directory."""
    sqlite_here.environment["SECOND_URL"] = make_database("sqlite").url
    sqlite_here.write("app.py", TWO_APPLICATIONS)
    return sqlite_here


def test_options_of_one_application_do_not_leak_into_another(two_applications):
    with two_applications.loaded() as module:
        states = [app.extensions["migrate"] for app in (module.first, module.second)]
    assert states[0].configure_args == {
        "include_schemas": False,
        "render_as_batch": False,
        "compare_type": False,
        "version_table": "first_versions",
    }
    assert states[1].configure_args == {
        "include_schemas": False,
        "render_as_batch": False,
        "compare_type": True,
    }
    assert [state.directory for state in states] == ["migrations", "other"]


def test_what_env_py_does_to_its_arguments_does_not_leak_into_the_next_command(two_applications):
    """The closure of Flask-Migrate 4's env.py made the next command write an empty script."""
    project = two_applications
    write_directory(project, flask_migrate.V4, ini=NO_INI)
    write_directory(project, by_hand.KEYS_SET_AND_DELETED, ini=NO_INI, directory="other")
    with project.loaded() as module:
        state = module.first.extensions["migrate"]
        before = dict(state.configure_args)
        commands.migrate(message="create users", rev_id="a1")
        commands.upgrade()
        assert not commands.migrate().revisions
        commands.downgrade()
        commands.upgrade()
        commands.check()
        assert state.configure_args == before
        with module.second.app_context():
            commands.migrate(message="create users too", rev_id="b1")
            commands.upgrade()
            commands.check()
            assert commands.current().targets[0].revisions[0].revision == "b1"
        assert commands.current().targets[0].revisions[0].revision == "a1"
    assert project.tables() == {"users", "first_versions"}


def test_the_group_has_the_name_that_the_application_gave_it(two_applications):
    project = two_applications
    project.environment["FLASK_APP"] = "app:second"
    project.db("init", group="database")
    project.db("migrate", "-m", "create users", group="database")
    project.db("upgrade", group="database")
    assert (project.path / "other" / "env.py").is_file()
    assert "(head)" in project.db("current", group="database").stdout
    said = project.db("current", exit_code=1).stderr
    assert "flask database" in said


def test_configure_callbacks_change_the_configuration_of_every_command_in_order(sqlite_here):
    project = sqlite_here
    callbacks = """
@migrate.configure
def first(config):
    config.set_main_option("file_template", "%%(rev)s_first")
    config.attributes["seen"] = ["first"]
    return config


@migrate.configure
def second(config):
    config.set_main_option("file_template", "%%(rev)s_second")
    config.attributes["seen"].append("second")
    return config
"""
    project.models(callbacks, USER)
    project.db("init")
    project.db("migrate", "--rev-id", "a1")
    assert [path.name for path in project.versions] == ["a1_second.py"]
    with project.loaded() as module:
        assert module.migrate.get_config().attributes["seen"] == ["first", "second"]
        assert module.first(module.migrate.get_config()).attributes["seen"] == ["first"]


def test_get_config_takes_a_directory_arguments_and_options(sqlite_here):
    project = sqlite_here
    project.models(USER)
    with project.loaded() as module:
        config = module.migrate.get_config("elsewhere", x_arg=["a=1", "b"], opts=["autogenerate"])
        assert config.get_main_option("script_location").endswith("elsewhere")
        assert config.cmd_opts.x == ["a=1", "b"]
        assert config.cmd_opts.autogenerate is True
        assert config.config_file_name.endswith("elsewhere/alembic.ini")
        plain = module.migrate.get_config(x_arg="a=1")
        assert plain.get_main_option("script_location").endswith("migrations")
        assert plain.cmd_opts.x == ["a=1"]
        assert not hasattr(plain.cmd_opts, "autogenerate")


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("-d", "place"), {}),
        ((), {"FLASK_DB_DIRECTORY": "place"}),
    ],
    ids=["option-of-the-group", "variable-of-the-group"],
)
def test_the_directory_is_that_of_the_group(sqlite_here, arguments, environment):
    project = sqlite_here
    project.models(USER)
    project.db(*arguments, "init", **environment)
    project.db(*arguments, "migrate", "-m", "create users", **environment)
    project.db(*arguments, "upgrade", **environment)
    assert "users" in project.tables()
    assert "(head)" in project.db(*arguments, "current", **environment).stdout
    assert "(current)" in project.db(*arguments, "history", "-i", **environment).stdout
    assert project.entries() == {"app.py", "place"}


@pytest.mark.parametrize("given", ["option", "variable"])
def test_the_directory_of_a_command_wins_over_that_of_the_group(sqlite_here, given):
    project = sqlite_here
    project.models(USER)

    def db(command, *arguments):
        if given == "option":
            return project.db("-d", "wrong", command, "-d", "place", *arguments)
        variable = f"FLASK_DB_{command.upper()}_DIRECTORY"
        return project.db(command, *arguments, FLASK_DB_DIRECTORY="wrong", **{variable: "place"})

    db("init")
    db("migrate", "-m", "create users")
    db("upgrade")
    assert "(head)" in db("current").stdout
    db("check")
    db("stamp", "head")
    db("downgrade", "base")
    assert "users" not in project.tables()
    assert project.entries() == {"app.py", "place"}


def test_options_come_from_environment_variables(sqlite_here, tmp_path):
    project = sqlite_here
    project.environment["SEEN"] = str(tmp_path / "seen.json")
    write_directory(project, by_hand.OPTIONS, ini=NO_INI)
    project.models(USER)
    project.db("migrate", FLASK_DB_MIGRATE_MESSAGE="from a variable", FLASK_DB_MIGRATE_REV_ID="a1")
    assert '"""from a variable' in project.newest()

    sql = project.db("upgrade", FLASK_DB_UPGRADE_SQL="1", FLASK_DB_UPGRADE_TAG="nightly").stdout
    assert "CREATE TABLE users" in sql
    assert "users" not in project.tables()
    assert json.loads((tmp_path / "seen.json").read_text())["tag"] == "nightly"

    project.db("upgrade", FLASK_DB_X_ARG="a=1", FLASK_DB_UPGRADE_X_ARG="b=2")
    assert json.loads((tmp_path / "seen.json").read_text())["x"] == ["a=1", "b=2"]
    listed = project.db("history", FLASK_DB_HISTORY_INDICATE_CURRENT="1").stdout
    assert "a1 (head) (current)" in listed
    assert "Rev: a1" in project.db("current", FLASK_DB_CURRENT_VERBOSE="1").stdout
    project.db("upgrade", FLASK_DB_UPGRADE_REVISION="no-such", exit_code=None)
