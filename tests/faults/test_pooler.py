"""PostgreSQL behind a pooler in transaction mode, which gives nobody a session to keep."""

import time

import pytest

from tests.faults.test_together import PROCESSES, assert_holder_named, lasting, noted, write_chain
from tests.support.dumps import LEASE
from tests.support.envs import ANOTHERS

MODEL = """
db.Table(
    "noted",
    db.Column("revision", db.String(20), nullable=False),
    db.Column("process", db.BigInteger, nullable=False),
)
"""


@pytest.fixture
def pooled(pooled_database, make_deployed):
    """A function that makes an application which reaches its database through the pooler."""
    return lambda env="ours": make_deployed("postgresql", env=env, database=pooled_database)


@pytest.mark.parametrize("env", ANOTHERS)
def test_eight_at_once_through_a_pooler(pooled, env):
    deployed = pooled(env)
    write_chain(deployed, "a1", "a2", "a3", slow="a2")

    running = [deployed.start("upgrade") for _ in range(PROCESSES)]
    said = [process.finish(exit_code=0) for process in running]

    revisions, processes = noted(deployed)
    assert revisions == ["a1", "a2", "a3"]
    (holder,) = (process for process in running if process.pid in processes)
    assert not any("Traceback" in each.stderr for each in said)
    waited = [each for each in said if str(holder.pid) in each.stderr]
    assert len(waited) >= PROCESSES / 2
    for each in waited:
        assert_holder_named(each, holder)


@pytest.mark.soak
def test_the_next_goes_on_when_a_holder_behind_a_pooler_is_killed(pooled):
    deployed = pooled()
    write_chain(deployed, "a1", "a2", slow="a2", how=lasting(20))
    holder = deployed.start("upgrade")
    holder.wait_for("a1 -> a2")
    write_chain(deployed, "a1", "a2")
    waiting = deployed.start("upgrade")
    waiting.wait_for(str(holder.pid))
    holder.kill()
    killed = time.monotonic()

    waiting.finish(exit_code=0, seconds=90)

    assert time.monotonic() - killed < 60
    assert noted(deployed)[0] == ["a1", "a2"]


def test_what_a_lease_needs_is_no_table_of_the_application(pooled):
    deployed = pooled()
    write_chain(deployed, "a1")
    deployed.db("upgrade")
    app = deployed.path / "app.py"
    app.write_text(app.read_text("utf-8") + MODEL, "utf-8")
    deployed.db("check")


@pytest.mark.soak
def test_a_migration_may_take_longer_than_a_lease(pooled):
    deployed = pooled()
    write_chain(deployed, "a1", "a2", "a3", slow="a2", how=lasting(45))
    running = [deployed.start("upgrade") for _ in range(3)]
    for process in running:
        process.finish(exit_code=0)
    assert noted(deployed)[0] == ["a1", "a2", "a3"]


def test_a_lease_is_renewed_while_a_revision_runs(pooled):
    deployed = pooled()
    write_chain(deployed, "a1", "a2", slow="a2", how=lasting(8))
    running = deployed.start("upgrade")
    running.wait_for("a1 -> a2")
    ((first,),) = deployed.execute(f"SELECT expires_at FROM {LEASE}")
    time.sleep(7)
    ((second,),) = deployed.execute(f"SELECT expires_at FROM {LEASE}")
    assert second > first
    running.finish(exit_code=0)


def test_nothing_more_begins_when_a_lease_is_lost(pooled):
    deployed = pooled()
    write_chain(deployed, "a1", "a2", "a3", slow="a2", how=lasting(4))
    running = deployed.start("upgrade")
    running.wait_for("a1 -> a2")
    deployed.execute(f"UPDATE {LEASE} SET token = 'of another'")

    said = running.finish(exit_code=1)

    assert "Traceback" not in said.stderr
    assert "lock" in said.problems
    assert deployed.applied() in (["a1"], ["a2"])
    assert "table_a3" not in deployed.tables()
    deployed.execute(f"DELETE FROM {LEASE}")
    deployed.db("upgrade")
    assert noted(deployed)[0] == ["a1", "a2", "a3"]


def test_a_failed_revision_behind_a_pooler_leaves_nothing(pooled):
    deployed = pooled()
    write_chain(deployed, "a1")
    deployed.revision("a2", 'op.create_table("gone", sa.Column("id", sa.Integer))\n1 / 0')
    said = deployed.db("upgrade", exit_code=1)
    assert "a2" in said.problems
    assert "Traceback" not in said.stderr
    assert deployed.applied() == ["a1"]
    assert "gone" not in deployed.tables()
    deployed.revision("a2", "pass")
    deployed.db("upgrade")
