"""Revisions that end the transaction themselves, as many do: what is recorded, what is said."""

import pytest

from tests.support.envs import ANOTHERS

ENDS = {
    "commit of the connection": "op.get_bind().commit()",
    "COMMIT as a statement": 'op.execute("COMMIT")',
}
TRANSACTIONAL = ("sqlite", "postgresql")


def table(name):
    return f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))'


def write(deployed, *second):
    deployed.revision("r1", table("one"))
    deployed.revision("r2", "\n".join(second))
    deployed.revision("r3", table("three"))


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_runs_after_a_commit_is_kept_and_recorded(make_deployed, database, env, end):
    deployed = make_deployed(database.dialect, env=env, database=database)
    write(deployed, table("kept"), end, table("later"), end)

    deployed.db("upgrade")

    assert deployed.applied() == ["r3"]
    assert deployed.tables() == {"alembic_version", "one", "kept", "later", "three"}
    assert deployed.db("upgrade").problems == ""


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_a_commit_has_kept_is_said(make_deployed, database, env, end):
    deployed = make_deployed(database.dialect, env=env, database=database)
    write(deployed, table("kept"), end, "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)

    assert "Done and kept: 1 statement" in said.problems
    assert "CREATE TABLE kept" in said.problems
    assert deployed.applied() == ["r1"]
    assert deployed.tables() == {"alembic_version", "one", "kept"}


@pytest.mark.parametrize("dialect", TRANSACTIONAL)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_follows_a_commit_is_undone(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    write(deployed, table("kept"), end, table("later"), "raise ValueError('no list')")

    deployed.db("upgrade", exit_code=1)

    assert deployed.applied() == ["r1"]
    assert deployed.tables() == {"alembic_version", "one", "kept"}


@pytest.mark.parametrize("dialect", TRANSACTIONAL)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_where_all_share_a_transaction_a_commit_divides_it(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    deployed.environment["MIGRATE"] = '{"transaction_per_migration": false}'
    write(deployed, table("kept"), end, table("later"))
    deployed.revision("r3", "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)

    assert deployed.applied()[0] in said.problems


ROLLBACKS = ("op.get_bind().rollback()", 'op.execute("ROLLBACK")')


@pytest.mark.parametrize("end", ROLLBACKS)
@pytest.mark.parametrize("position", [1, 2])
@pytest.mark.parametrize("dialect", TRANSACTIONAL)
def test_a_rollback_undoes_what_the_revision_did_and_no_more(make_deployed, dialect, position, end):
    deployed = make_deployed(dialect)
    write(deployed, table("two"))
    deployed.revision(f"r{position}", "\n".join((table("undone"), end, table("later"))))

    deployed.db("upgrade")

    assert deployed.applied() == ["r3"]
    names = {"one", "two", "three"} - {{1: "one", 2: "two"}[position]}
    assert deployed.tables() == {"alembic_version", "later", *names}


@pytest.mark.parametrize("end", ROLLBACKS)
@pytest.mark.parametrize("dialect", TRANSACTIONAL)
def test_an_error_after_a_rollback_keeps_the_revisions_before_it(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    write(deployed, table("undone"), end, "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)

    assert "Nothing of this revision was kept; the database is at r1." in said.problems
    assert deployed.applied() == ["r1"]
    assert deployed.tables() == {"alembic_version", "one"}
