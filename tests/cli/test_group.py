"""The group of commands, as an application meets it."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_migrate import Migrate
from tests.support.project import USER


def make_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    Migrate(app, SQLAlchemy(app))
    return app


def test_an_application_finds_the_commands_in_its_group():
    commands = make_app().cli.commands["db"].commands

    assert {"init", "migrate", "upgrade", "downgrade", "history", "check"} <= commands.keys()


def test_an_application_may_change_the_help_of_a_command(sqlite_project):
    note = 'app.cli.commands["db"].commands["downgrade"].help += " Look before you leap."\n'
    sqlite_project.models(USER, note)

    assert "Look before you leap." in sqlite_project.db("downgrade", "--help").stdout
