"""What a server cannot make is compared by its text, and that is said."""

import pytest

from tests.support.project import Project

MODELS = """
import sqlalchemy as sa


class Unknown(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "no_such_type"


class Place(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    points = db.Column(db.JSON, server_default="[]", nullable=False)
    number = db.Column(db.Integer, server_default=os.environ.get("NUMBER", "1"))
    key = db.Column(db.Uuid, server_default=sa.text("gen_random_uuid ()"))
    shape = db.Column(Unknown if os.environ.get("UNKNOWN") else db.Text)
"""


@pytest.fixture
def places(postgresql_database, tmp_path):
    project = Project(tmp_path / "project", postgresql_database.url)
    project.models(MODELS)
    project.db("init")
    project.db("migrate", "-m", "all")
    project.db("upgrade")
    return project


def test_defaults_that_cannot_be_compared_by_value_are_no_change_and_no_error(places):
    said = places.db("check", exit_code=1, UNKNOWN="1")

    assert "place.shape" in said.stderr
    assert "default" not in said.stderr


def test_another_default_is_still_a_change(places):
    said = places.db("check", exit_code=1, UNKNOWN="1", NUMBER="2")

    assert "place.number" in said.stderr


def test_a_check_that_finds_changes_says_what_it_could_not_ask(places):
    said = places.db("check", exit_code=1, UNKNOWN="1")

    assert "The table place was compared by its text" in said.stderr
