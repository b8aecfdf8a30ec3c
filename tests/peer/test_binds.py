"""Applications with several databases are migrated as the peer does it."""

import pytest

from tests.peer.scripts import same_work

APPLICATION = """
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
app.config["SQLALCHEMY_BINDS"] = {"log": os.environ["LOG_URL"], "users": os.environ["USERS_URL"]}
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))


class Event(db.Model):
    __bind_key__ = "log"
    id = db.Column(db.Integer, primary_key=True)


class User(db.Model):
    __bind_key__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))
"""
MORE = f"""{APPLICATION}    mail = db.Column(db.String(40))


class Session(db.Model):
    __bind_key__ = "log"
    id = db.Column(db.Integer, primary_key=True)
"""
STEPS = (
    *(["migrate", "-m", "first", "--rev-id", "a0"], ["upgrade"], ["check"]),
    {"app.py": MORE},
    *(["check"], ["migrate", "-m", "second", "--rev-id", "a1"], ["migrate"], ["upgrade"]),
    *(
        ["check"],
        ["migrate", "-m", "nothing"],
        ["history"],
        ["heads"],
        ["revision", "--rev-id", "a2"],
    ),
    *(["upgrade"], ["downgrade"], ["downgrade", "a0"], ["upgrade", "+1"], ["stamp", "a0"]),
    *(["stamp", "heads"], ["downgrade", "base"]),
)


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def several(request, make_twins):
    """Both sides with three databases each."""
    made = make_twins(request.param, binds=("log", "users"))
    made.write("app.py", APPLICATION)
    made.run(["init", "--multidb"])
    return made


def test_every_database_gets_the_same_schema_and_versions(several):
    several.agree(*STEPS)

    ours, peer = (
        {path.name: same_work(path.read_text("utf-8")) for path in side.project.versions}
        for side in several.sides
    )
    assert len(ours) == 3
    assert ours == peer


def test_a_directory_of_the_peer_for_several_databases_is_continued(several):
    peer, ours = several.peer, several.ours.driver
    peer.drive([["migrate", "--rev-id", "a0"], ["upgrade"], {"app.py": MORE}])

    said = ours.run(peer.project, [["migrate", "--rev-id", "a1"], ["upgrade"]])
    assert [one["exit_code"] for one in said] == [0, 0]
    said = peer.drive([["check"], ["current"], ["downgrade", "base"]])

    assert [one["exit_code"] for one in said] == [0, 0, 0]
    assert said[0]["databases"]["log"]["versions"] == ["a1"]
    assert set(said[0]["databases"]["log"]["tables"]) == {"alembic_version", "event", "session"}
    assert said[2]["databases"]["log"]["versions"] == []
