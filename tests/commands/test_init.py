"""Starting a migrations directory, in one process: nothing but files is looked at."""

import json
import os
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_migrate import Migrate

FILES = {"README", "alembic.ini", "env.py", "script.py.mako", "versions"}


@pytest.fixture
def db(tmp_path, monkeypatch):
    """A function that runs ``flask db ...`` in an empty directory."""
    monkeypatch.chdir(tmp_path)
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/app.db"
    Migrate(app, SQLAlchemy(app))
    return lambda *arguments: app.test_cli_runner().invoke(args=["db", *arguments])


def names(directory):
    return {entry.name for entry in Path(directory).iterdir()}


@pytest.mark.parametrize("template", ["flask", "flask-multidb", "aioflask", "aioflask-multidb"])
def test_each_template_makes_a_complete_directory(db, template):
    done = db("init", "-t", template)

    assert done.exit_code == 0
    assert names("migrations") == FILES
    assert names("migrations/versions") == set()
    assert Path("migrations/env.py").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_multidb_takes_the_template_for_several_databases(db):
    db("init", "--multidb")

    assert "run_each_bind()" in Path("migrations/env.py").read_text()


def test_multidb_goes_with_another_template(db):
    db("init", "--multidb", "-t", "aioflask", "-d", "async")

    assert "async engines" in Path("async/README").read_text()


def test_package_makes_two_packages(db):
    db("init", "--package")

    assert names("migrations") == FILES | {"__init__.py"}
    assert names("migrations/versions") == {"__init__.py"}


def test_a_template_of_ones_own_is_given_by_its_path(db):
    own = Path("templates/own")
    own.mkdir(parents=True)
    for name in ("env.py", "script.py.mako", "alembic.ini.mako", "note.txt"):
        (own / name).write_text(name)
    done = db("init", "-t", "./templates/own", "--json")

    assert names("migrations") == {
        "env.py", "script.py.mako", "alembic.ini", "note.txt", "versions",
    }  # fmt: skip
    assert Path("migrations/note.txt").read_text() == "note.txt"
    created = json.loads(done.stdout)["created"]
    assert {Path(path).name for path in created} == names("migrations") | {"migrations"}


def test_twice_changes_nothing_and_says_so(db, tmp_path):
    db("init")
    before = {path: path.read_bytes() for path in Path("migrations").iterdir() if path.is_file()}
    done = db("init")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: Directory {tmp_path}/migrations already exists and is not empty; nothing was "
        "changed.\nHint: It may be set up already: flask db history. For another one: --directory\n"
    )
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.parametrize("content", ["file", "directory"])
def test_what_is_in_the_way_is_not_touched(db, content):
    if content == "file":
        Path("migrations").write_text("mine")
    else:
        Path("migrations").mkdir()
        Path("migrations/mine").touch()
    done = db("init")

    assert done.exit_code == 1
    assert "already exists and is not empty" in done.stderr
    assert Path("migrations").is_file() or names("migrations") == {"mine"}


def test_an_empty_directory_is_filled(db):
    Path("migrations").mkdir()

    assert db("init").exit_code == 0
    assert names("migrations") == FILES


def test_an_unknown_template_names_the_nearest(db):
    done = db("init", "-t", "flask-multibd")

    assert done.stderr == (
        "Error: No such template 'flask-multibd'.\nHint: Did you mean 'flask-multidb'?\n"
    )
    assert not Path("migrations").exists()


def test_a_template_that_lacks_a_file_is_refused(db):
    Path("own").mkdir()
    Path("own/env.py").touch()
    done = db("init", "-t", "./own")

    assert done.stderr == (
        "Error: The template './own' has no script.py.mako.\n"
        "Hint: A template needs env.py and script.py.mako: add own/script.py.mako.\n"
    )
    assert not Path("migrations").exists()


def test_the_templates_are_listed_with_what_they_are_for(db):
    done = db("list-templates")

    assert done.stdout == (
        "Available templates:\n\n"
        "aioflask - The default database of an application, with an async engine.\n"
        "aioflask-multidb - Every database of an application, with async engines.\n"
        "flask - The default database of an application.\n"
        "flask-multidb - Every database of an application.\n"
    )
