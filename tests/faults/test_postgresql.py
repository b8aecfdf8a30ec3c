"""What PostgreSQL alone can do: transactions a revision, and work outside of them."""

import time

import pytest

from tests.support.envs import ANOTHERS
from tests.support.traffic import long_transaction


@pytest.fixture(params=ANOTHERS)
def deployed(request, postgresql_database, make_deployed):
    """An application on an empty PostgreSQL database, with each env.py."""
    return make_deployed("postgresql", env=request.param, database=postgresql_database)


def table(name):
    return f'op.create_table("{name}", sa.Column("id", sa.Integer))\n'


def test_a_revision_is_committed_before_the_next_begins(deployed):
    deployed.revision("p1", table("first"))
    deployed.revision("p2", f'op.execute("LOCK TABLE first")\n{table("second")}')
    deployed.revision("p3", f"{table('third')}time.sleep(3)\n")
    running = deployed.start("upgrade")
    running.wait_for("p2 -> p3")
    time.sleep(0.3)

    # Neither waits: the locks of the first two are gone.
    began = time.monotonic()
    assert deployed.applied() == ["p2"]
    assert deployed.execute("SELECT count(*) FROM first") == [(0,)]
    assert deployed.tables() == {"alembic_version", "first", "second"}
    assert time.monotonic() - began < 2
    assert running.runs
    running.finish(exit_code=0)


@pytest.mark.parametrize("per_migration", [True, False])
def test_a_revision_that_gives_the_lock_away_is_the_last_one(deployed, per_migration):
    deployed.environment["MIGRATE"] = (
        f'{{"transaction_per_migration": {str(per_migration).lower()}}}'
    )
    deployed.revision("p1", f'{table("first")}op.execute("SELECT pg_advisory_unlock_all()")\n')
    deployed.revision("p2", table("second"))

    said = deployed.db("upgrade", exit_code=1)

    assert "lock" in said.problems
    assert "second" not in deployed.tables()
    assert deployed.applied() == (["p1"] if per_migration else [])


@pytest.mark.parametrize("per_migration", [True, False])
def test_a_run_may_be_one_transaction(deployed, per_migration):
    deployed.revision("p1", table("first"))
    deployed.revision("p2", f"{table('second')}1 / 0")
    deployed.environment["MIGRATE"] = (
        f'{{"transaction_per_migration": {str(per_migration).lower()}}}'
    )

    said = deployed.db("upgrade", exit_code=1)

    assert "p2" in said.problems
    assert deployed.applied() == (["p1"] if per_migration else [])
    assert ("first" in deployed.tables()) is per_migration
    deployed.revision("p2", table("second"))
    deployed.db("upgrade")
    assert deployed.tables() == {"alembic_version", "first", "second"}


INDEX = """
with op.get_context().autocommit_block():
    op.create_index(
        "ix_bird_name", "bird", ["name"], unique=True, postgresql_concurrently=True{more}
    )
"""
BIRDS = """
op.create_table("bird", sa.Column("id", sa.Integer), sa.Column("name", sa.String(20)))
op.execute("INSERT INTO bird VALUES (1, 'godwit'), (2, 'godwit')")
"""
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_bird_name')"


@pytest.mark.parametrize("more", ["", ", if_not_exists=True"])
def test_an_invalid_index_is_built_again(deployed, more):
    deployed.revision("p1", BIRDS)
    deployed.revision("p2", INDEX.format(more=more))
    said = deployed.db("upgrade", exit_code=1)
    assert "Traceback" not in said.stderr
    assert "ix_bird_name" in said.problems
    assert deployed.execute(VALID) == [(False,)]

    deployed.execute("DELETE FROM bird WHERE id = 2")
    said = deployed.db("upgrade")

    assert deployed.execute(VALID) == [(True,)]
    assert "ix_bird_name" in said.stderr


def test_an_index_waits_for_transactions_elsewhere(deployed):
    deployed.revision("p1", BIRDS + """op.execute("DELETE FROM bird WHERE id = 2")""")
    deployed.revision("p2", table("elsewhere"))
    deployed.db("upgrade")
    deployed.revision("p3", INDEX.format(more=""))
    statement = "INSERT INTO elsewhere VALUES (1)"
    with long_transaction(deployed.database, statement, seconds=4):
        deployed.db("upgrade")
    assert deployed.execute(VALID) == [(True,)]


def test_processes_that_build_an_index_do_not_block_each_other(deployed):
    deployed.revision("p1", BIRDS + """op.execute("DELETE FROM bird WHERE id = 2")""")
    deployed.revision("p2", INDEX.format(more=""))
    for process in [deployed.start("upgrade") for _ in range(4)]:
        assert "Traceback" not in process.finish(exit_code=0).stderr
    assert deployed.execute(VALID) == [(True,)]


def test_what_ran_before_an_autocommit_block_is_kept(deployed):
    deployed.revision("p1", BIRDS)
    deployed.revision("p2", table("before") + INDEX.format(more="") + table("after"))
    said = deployed.db("upgrade", exit_code=1)
    assert deployed.applied() == ["p1"]
    assert "before" in deployed.tables()
    # It says so: a plain re-run would stop at the table.
    assert "before" in said.problems
    assert "Nothing of this revision was kept" not in said.problems


ADD = """op.execute("ALTER TYPE mood ADD VALUE 'calm'")"""
USE = """op.execute("INSERT INTO person VALUES ('calm')")"""


@pytest.mark.parametrize("bodies", [(ADD, USE), (f"{ADD}\n{USE}",)], ids=["next", "same"])
@pytest.mark.parametrize("in_one", [False, True], ids=["per-revision", "in-one"])
def test_an_enum_value_is_added_and_used_in_one_run(deployed, bodies, in_one):
    if in_one:
        deployed.environment["MIGRATE"] = '{"transaction_per_migration": false}'
    deployed.revision(
        "p1",
        """
        op.execute("CREATE TYPE mood AS ENUM ('glad')")
        op.execute("CREATE TABLE person (mood mood)")
        """,
    )
    deployed.db("upgrade")
    for number, body in enumerate(bodies, 2):
        deployed.revision(f"p{number}", body)
    deployed.db("upgrade")
    assert deployed.execute("SELECT mood FROM person") == [("calm",)]
    assert deployed.applied() == [f"p{len(bodies) + 1}"]
