"""Identifiers of revisions that do not fit into the version table."""

import pytest

from tests.support.envs import ANOTHERS

LONG = "an_identifier_of_more_than_32_characters"
TABLE = 'op.create_table("{name}", sa.Column("id", sa.Integer))'


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_an_id_that_is_too_long_is_refused_before_anything_runs(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    for number, revision in enumerate(("i1", LONG, "i3")):
        deployed.revision(revision, TABLE.format(name=f"table_{number}"))

    said = deployed.db("upgrade", exit_code=1)

    assert "Traceback" not in said.stderr
    assert LONG in said.problems
    assert "32" in said.problems
    assert deployed.tables() <= {"alembic_version"}
    deployed.db("upgrade", "i1")
    deployed.db("upgrade", exit_code=1)
    assert deployed.applied() == ["i1"]
    assert "table_1" not in deployed.tables()


def test_sqlite_takes_an_id_of_any_length(make_deployed):
    deployed = make_deployed("sqlite")
    for number, revision in enumerate(("i1", LONG, "i3")):
        deployed.revision(revision, TABLE.format(name=f"table_{number}"))
    deployed.db("upgrade", LONG)
    assert deployed.applied() == [LONG]
    deployed.db("upgrade")
    deployed.db("downgrade", "base")
