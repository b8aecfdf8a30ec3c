"""Signals at any moment of a run: where it stops, what it says, and that the next one finishes."""

import json
import os
import random
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.databases import DIALECTS
from tests.support.deployed import APPLICATION
from tests.support.dumps import dump
from tests.support.envs import ANOTHERS, BOTH
from tests.support.long_run import REVISIONS, slow_statement, write_long_chain

SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
BEGUN = "Context impl"
SEED = 20261121
# Every state of a database that commits each statement of DDL by itself, and what was before it.
NOTES = """
from types import SimpleNamespace

from tests.support.dumps import dump

WHERE = SimpleNamespace(url=os.environ["DATABASE_URL"], dialect="mariadb")
DDL = {"CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE"}
noting = []
states = []


def note():
    state = dump(WHERE)
    if state not in states:
        states.append(state)
        with open(os.environ["NOTES"], "a") as file:
            print(json.dumps(state), file=file)


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def before(connection, cursor, statement, *_):
    if statement.split()[0].upper() in DDL:
        cursor.execute("COMMIT")
    noted(statement)


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def after(connection, cursor, statement, *_):
    noted(statement)


def noted(statement):
    # Of many inserts in one transaction nobody sees any.
    if not noting and not statement.startswith("INSERT"):
        noting.append(True)
        note()
        noting.clear()
"""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A run that nothing disturbed.

    Attributes:
        states: What the database may hold when a run was stopped.
        final: What it holds in the end.
        begun: Seconds until the first word of Alembic.
        seconds: How long the process lived.
    """

    states: frozenset[str]
    final: str
    begun: float
    seconds: float

    def moments(self, count, *, seed):
        """Return so many moments, in seconds, all over the life of the process but its start."""
        # The interpreter starts as any other: what is killed there has done nothing yet.
        first = self.begun * 0.9
        width = (self.seconds - first) / count
        chance = random.Random(seed)  # noqa: S311  (a test that can be run again)
        return [first + width * (number + chance.random()) for number in range(count)]


def measure(make_deployed, dialect):
    """Run the whole chain once, measured, and once more to see every state between."""
    deployed = make_deployed(dialect)
    write_long_chain(deployed)
    running = deployed.start("upgrade")
    running.wait_for(BEGUN)
    begun = time.monotonic() - running.started
    running.finish(exit_code=0)
    seconds = time.monotonic() - running.started
    final = deployed.dump()
    states = boundaries if dialect == "mariadb" else revisions
    return Whole(
        states=frozenset({*states(make_deployed(dialect)), final}),
        final=final,
        begun=begun,
        seconds=seconds,
    )


def revisions(deployed):
    """Return what a database holds at each revision."""
    write_long_chain(deployed, seconds=0)
    said = deployed.python_code(
        f"""
        import json
        from types import SimpleNamespace
        from app import app
        from flask_migrate import upgrade
        from tests.support.dumps import dump

        where = SimpleNamespace(url={deployed.url!r}, dialect={deployed.dialect!r})
        with app.app_context():
            for revision in {REVISIONS}:
                upgrade(revision=revision)
                print(json.dumps(dump(where)))
        """,
        **_with_tests(),
    )
    return list(map(json.loads, said.stdout.splitlines()))


def boundaries(deployed):
    """Return what a database holds after each statement."""
    write_long_chain(deployed, seconds=0)
    deployed.write("app.py", APPLICATION + NOTES)
    notes = deployed.path / "notes"
    deployed.db("upgrade", NOTES=str(notes), **_with_tests())
    return [json.loads(line) for line in notes.read_text("utf-8").splitlines()]


def _with_tests():
    root = str(Path(__file__).parents[2])
    return {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}


def stop(make_deployed, dialect, whole, *, signum, seconds, env):
    """Stop a run after some seconds; demand that it is a good place, and that a re-run finishes."""
    deployed = make_deployed(dialect, env=env)
    write_long_chain(deployed)
    running = deployed.start("upgrade")
    time.sleep(max(0, running.started + seconds - time.monotonic()))
    running.send(signum)
    said = running.finish(seconds=60)
    where = f"{signum.name} after {seconds:.3f} s of {whole.seconds:.3f} s, {env}:\n{said.stderr}"

    state = deployed.dump()
    assert state in whole.states or _is_empty(deployed), f"{where}\n{state[:5000]}"
    # Before it has begun, and after its end, it is a process as any other.
    is_ours = BEGUN in said.stderr and state != whole.final
    if said.exit_code != 0 and signum in EXIT_CODES and is_ours:
        assert said.exit_code == EXIT_CODES[signum], where
        assert_told(said, dialect, where=where)
    if dialect == "mariadb":
        return  # to go on in the middle of a revision is another issue
    deployed.db("upgrade")
    assert dump(deployed.database) == whole.final, where


def assert_told(said, dialect, *, where):
    """Demand a sentence that says where the run stopped."""
    assert "Traceback" not in said.stderr, where
    begun = re.findall(r"Running upgrade .*-> (\w+)", said.stderr)
    if begun:
        assert begun[-1] in said.problems, where
    assert said.problems.strip(), where
    if dialect == "mariadb" and begun:
        assert re.search(r"statement|done|kept|not", said.problems), where


def _is_empty(deployed):
    return deployed.tables() <= {"alembic_version"} and not deployed.applied()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stopped_run_leaves_the_database_at_a_revision(make_deployed, dialect):
    whole = measure(make_deployed, dialect)
    for number, seconds in enumerate(whole.moments(3, seed=SEED)):
        signum, env = SIGNALS[number % 3], BOTH[number % 2]
        stop(make_deployed, dialect, whole, signum=signum, seconds=seconds, env=env)


@pytest.mark.soak
@pytest.mark.parametrize("signum", SIGNALS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_thirty_stopped_runs_leave_the_database_at_a_revision(make_deployed, dialect, signum):
    whole = measure(make_deployed, dialect)
    for number, seconds in enumerate(whole.moments(30, seed=f"{SEED} {signum.name}")):
        env = BOTH[number % 2]
        stop(make_deployed, dialect, whole, signum=signum, seconds=seconds, env=env)


@pytest.mark.parametrize("signum", EXIT_CODES)
@pytest.mark.parametrize("way", ["sql", "python"])
def test_a_run_stops_at_once_in_a_slow_revision(deployed, way, signum):
    slow = {
        "sql": f"op.get_bind().exec_driver_sql({slow_statement(deployed.dialect, seconds=10)!r})",
        "python": "time.sleep(10)",
    }[way]
    deployed.revision("s1", 'op.create_table("kept", sa.Column("id", sa.Integer))')
    deployed.revision("s2", f'op.create_table("gone", sa.Column("id", sa.Integer))\n{slow}')
    running = deployed.start("upgrade")
    running.wait_for("s1 -> s2")
    time.sleep(0.3)

    running.send(signum)
    sent = time.monotonic()
    said = running.finish(exit_code=EXIT_CODES[signum], seconds=15)

    assert time.monotonic() - sent < 5
    assert "Traceback" not in said.stderr
    assert "s2" in said.problems
    kept = {"gone"} if deployed.dialect == "mariadb" else set()
    if kept:
        assert "Not done: what was running" in said.problems
    deployed.wait_until_left_alone()
    assert deployed.tables() == {"alembic_version", "kept", *kept}
    assert deployed.applied() == ["s1"]


@pytest.mark.parametrize("signum", EXIT_CODES)
@pytest.mark.parametrize("env", ANOTHERS)
def test_the_server_does_not_go_on_with_what_was_interrupted(make_deployed, env, signum):
    deployed = make_deployed("mariadb", env=env)
    deployed.revision("s1", 'op.create_table("t", sa.Column("id", sa.Integer))')
    deployed.revision(
        "s2", """op.execute("CREATE TABLE copied (n INT) AS SELECT sleep(8) AS n FROM t")"""
    )
    deployed.db("upgrade", "s1")
    deployed.execute("INSERT INTO t VALUES (1)")
    running = deployed.start("upgrade")
    running.wait_for("s1 -> s2")
    time.sleep(0.5)

    running.send(signum)
    sent = time.monotonic()
    said = running.finish(exit_code=EXIT_CODES[signum], seconds=15)
    deployed.wait_until_left_alone()

    assert time.monotonic() - sent < 5
    assert "is not known: look" in said.problems
    assert "CREATE TABLE copied" in said.problems
    assert deployed.tables() == {"alembic_version", "t"}


@pytest.mark.parametrize("signum", EXIT_CODES)
def test_a_second_signal_kills(deployed, signum):
    deployed.revision(
        "stubborn",
        """
        op.create_table("gone", sa.Column("id", sa.Integer))
        try:
            time.sleep(30)
        finally:
            print("tidying up", flush=True)
            time.sleep(30)
        """,
    )
    running = deployed.start("upgrade")
    running.wait_for("-> stubborn")
    time.sleep(0.3)
    running.send(signum)
    running.wait_for("tidying up")
    assert running.runs

    running.send(signum)
    sent = time.monotonic()
    said = running.finish(seconds=15)

    assert time.monotonic() - sent < 3
    assert said.exit_code in {EXIT_CODES[signum], -signum}
    deployed.wait_until_left_alone()
    assert deployed.applied() == []
    if deployed.dialect != "mariadb":
        assert deployed.tables() <= {"alembic_version"}


@pytest.mark.parametrize("signum", EXIT_CODES)
def test_an_error_on_the_way_out_hides_no_signal(deployed, signum):
    deployed.revision(
        "s1",
        f"""
        import os
        try:
            os.kill(os.getpid(), {signum.value})
            time.sleep(10)
        finally:
            raise RuntimeError("and then the connection was closed")
        """,
    )

    said = deployed.db("upgrade", exit_code=EXIT_CODES[signum])

    assert "the upgrade stopped in s1" in said.problems
