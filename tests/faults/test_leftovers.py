"""Tables that Alembic's batch mode left behind when it was killed, when a run comes to them."""

import json

import pytest

from tests.support.envs import ANOTHERS

COPY = "_alembic_tmp_shelf"


@pytest.fixture(params=ANOTHERS)
def left(request, make_deployed):
    """An application with a table, and with a copy of it that was left behind."""
    deployed = make_deployed("sqlite", env=request.param)
    deployed.revision(
        "r1", 'op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True))'
    )
    deployed.db("upgrade")
    for statement in (
        "INSERT INTO shelf VALUES (1)",
        f"CREATE TABLE {COPY} (id INTEGER PRIMARY KEY)",
        f"INSERT INTO {COPY} VALUES (1)",
    ):
        deployed.execute(statement)
    return deployed


def test_a_revision_that_drops_a_copy_itself_runs(left):
    # The predecessor's `flask db migrate` takes it for a table that has to go.
    left.revision("r2", "pass")
    left.revision("r3", f'op.drop_table("{COPY}")')

    said = left.db("upgrade")

    assert left.tables() == {"alembic_version", "shelf"}
    assert said.problems == ""


def test_a_copy_is_removed_although_a_revision_fails_and_that_is_said(left):
    left.revision("r2", "raise ValueError('no list')")

    said = left.db("upgrade", "--json", exit_code=1)

    assert f"The table '{COPY}' was left behind" in said.problems
    (problem,) = json.loads(said.stdout)["error"]["report"]["problems"]
    assert problem["code"] == "batch-leftover"
    assert left.tables() == {"alembic_version", "shelf"}
    assert left.applied() == ["r1"]


def test_a_copy_is_no_difference(left):
    left.execute("DROP TABLE shelf")

    assert "No changes" in left.db("migrate").stderr
