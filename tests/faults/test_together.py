"""Several processes at once: each migration runs once, and those that wait say for whom."""

import re
import signal
import socket
import time

import pytest
import sqlalchemy as sa

from tests.support.databases import DIALECTS
from tests.support.envs import ANOTHERS, BOTH

PROCESSES = 8
NOTED = """
op.execute(f"INSERT INTO noted (revision, process) VALUES ('{revision}', {os.getpid()})")
"""
FIRST = f"""
op.create_table(
    "noted",
    sa.Column("revision", sa.String(20), nullable=False),
    sa.Column("process", sa.BigInteger, nullable=False),
)
{NOTED}
"""
# Whoever runs this goes on when the test says so, or after a long time.
UNTIL_RELEASED = """
for _ in range(600):
    if os.path.exists("released"):
        break
    time.sleep(0.05)
"""


def lasting(seconds):
    """Return code that takes a while."""
    return f"time.sleep({seconds})\n"


A_WHILE = lasting(2.5)


def write_chain(deployed, *names, slow=None, how=A_WHILE):
    """Write revisions that each make a table and note who ran them; one of them takes a while."""
    for name in names:
        wait = how if name == slow else ""
        table = f'op.create_table("table_{name}", sa.Column("id", sa.Integer))\n'
        first = not deployed.revisions or name == next(iter(deployed.revisions))
        deployed.revision(name, (FIRST if first else table + NOTED) + wait)


def noted(deployed):
    """Return the revisions that were noted, each as often as it was, and by whom."""
    rows = deployed.execute("SELECT revision, process FROM noted ORDER BY revision")
    return [revision for revision, _ in rows], {process for _, process in rows}


def assert_holder_named(said, holder):
    """Demand that a message says who holds the lock, and what for."""
    text = said.stderr
    assert re.search(rf"\b{holder.pid}\b", text), text
    assert socket.gethostname() in text, text
    # Of a file it can only be known when the process has started.
    assert re.search("since|started", text), text
    assert "upgrade" in text, text


@pytest.fixture
def held(deployed):
    """An application at revision a1, while a process runs a2 until it is released."""
    write_chain(deployed, "a1")
    deployed.db("upgrade")
    write_chain(deployed, "a1", "a2", slow="a2", how=UNTIL_RELEASED)
    deployed.holder = deployed.start("upgrade")
    deployed.holder.wait_for("a1 -> a2")
    time.sleep(0.3)
    return deployed


def release(held):
    """Let the holder finish, and demand that it does."""
    held.write("released", "")
    held.holder.finish(exit_code=0)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_eight_processes_on_an_empty_database(make_deployed, dialect):
    deployed = make_deployed(dialect)
    write_chain(deployed, "a1", "a2", "a3")

    for process in [deployed.start("upgrade") for _ in range(PROCESSES)]:
        said = process.finish(exit_code=0)
        assert "Traceback" not in said.stderr

    revisions, _ = noted(deployed)
    assert revisions == ["a1", "a2", "a3"]
    assert deployed.applied() == ["a3"]


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_eight_processes_on_a_database_ten_revisions_behind(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    names = [f"a{number:02}" for number in range(12)]
    write_chain(deployed, *names[:2])
    deployed.db("upgrade")
    write_chain(deployed, *names, slow="a06")

    running = [deployed.start("upgrade") for _ in range(PROCESSES)]
    said = {process.pid: process.finish(exit_code=0) for process in running}

    revisions, processes = noted(deployed)
    assert revisions == names
    holders = processes & said.keys()
    assert len(holders) == 1
    (holder,) = (process for process in running if process.pid in holders)
    assert not any("Traceback" in each.stderr for each in said.values())
    waited = [each for each in said.values() if str(holder.pid) in each.stderr]
    assert len(waited) >= PROCESSES / 2
    for each in waited:
        assert_holder_named(each, holder)


@pytest.mark.soak
@pytest.mark.parametrize("env", BOTH)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_eight_processes_ten_times(make_deployed, dialect, env):
    for _ in range(10):
        deployed = make_deployed(dialect, env=env)
        write_chain(deployed, "a1", "a2", "a3", "a4", slow="a2", how=lasting(0.5))
        for process in [deployed.start("upgrade") for _ in range(PROCESSES)]:
            assert "Traceback" not in process.finish(exit_code=0).stderr
        assert noted(deployed)[0] == ["a1", "a2", "a3", "a4"]


@pytest.mark.parametrize("limit", [0, 1])
def test_who_waits_too_long_says_for_whom(held, limit):
    held.settings(MIGRATE_RUN_LOCK_TIMEOUT=limit)
    waiting = held.start("upgrade")
    said = waiting.finish(exit_code=1)
    lasted = time.monotonic() - waiting.started

    assert "Traceback" not in said.stderr
    assert_holder_named(said, held.holder)
    assert held.holder.runs
    assert lasted >= limit
    release(held)
    assert noted(held)[0] == ["a1", "a2"]


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_the_next_goes_on_when_the_holder_is_killed(held, signum):
    waiting = held.start("upgrade")
    waiting.wait_for(lambda: str(held.holder.pid) in waiting.said())

    held.holder.send(signum)
    held.write("released", "")
    killed = time.monotonic()

    if held.dialect == "mariadb":
        # What the killed one has done is in the way of the next: to go on is another issue.
        said = waiting.finish()
        assert "Traceback" not in said.stderr
    else:
        waiting.finish(exit_code=0)
        assert noted(held) == (["a1", "a2"], {waiting.pid, *noted(held)[1]})
    assert time.monotonic() - killed < 12


def test_a_holder_that_was_killed_leaves_no_table_that_a_migration_would_drop(make_deployed):
    deployed = make_deployed("mariadb")
    deployed.revision("a1", "time.sleep(20)")
    holder = deployed.start("upgrade")
    holder.wait_for("-> a1")
    time.sleep(0.3)
    holder.kill()
    deployed.revision("a1", "pass")
    deployed.db("stamp", "head")
    deployed.db("check")


def test_an_upgrade_with_nothing_to_do_waits_for_nobody(held):
    process = held.start("upgrade", "a1")
    process.finish(exit_code=0)
    assert held.holder.runs
    release(held)


READ_ONLY = {
    "sqlite": lambda url: url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true",
    "postgresql": lambda url: f"{url}?options=-cdefault_transaction_read_only%3Don",
    "mariadb": lambda url: f"{url}?init_command=SET SESSION TRANSACTION READ ONLY",
}


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_upgrade_with_nothing_to_do_writes_nothing(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    write_chain(deployed, "a1", "a2")
    deployed.db("upgrade")
    url = READ_ONLY[dialect](deployed.url)
    with (
        pytest.raises(sa.exc.DBAPIError),
        sa.create_engine(url, poolclass=sa.NullPool).begin() as connection,
    ):
        connection.exec_driver_sql("INSERT INTO noted VALUES ('x', 1)")

    deployed.db("upgrade", DATABASE_URL=url)
    deployed.db("current", DATABASE_URL=url)


def test_threads_of_one_process_take_turns(deployed):
    write_chain(deployed, "a1", "a2", "a3", slow="a2", how=lasting(0.5))
    said = deployed.python_code(
        """
        from concurrent.futures import ThreadPoolExecutor
        from app import app
        from flask_migrate import upgrade

        def run(_):
            with app.app_context():
                return len(upgrade().targets[0].steps)

        with ThreadPoolExecutor(4) as pool:
            print(sorted(pool.map(run, range(4))))
        """
    )
    assert said.stdout.split("\n")[0] == "[0, 0, 0, 3]"
    assert "Traceback" not in said.stderr
    assert noted(deployed)[0] == ["a1", "a2", "a3"]


USERS = """
class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
"""


def test_two_at_once_that_write_a_revision_do_not_make_two_heads_silently(deployed):
    write_chain(deployed, "a1")
    deployed.db("upgrade")
    app = deployed.path / "app.py"
    app.write_text(app.read_text("utf-8") + USERS, "utf-8")

    running = [deployed.start("migrate", "-m", f"by {number}") for number in range(2)]
    said = [process.finish() for process in running]

    assert not any("Traceback" in each.stderr for each in said)
    heads = deployed.db("heads").stdout.split("\n")
    if len(list(filter(None, heads))) > 1:
        assert any("head" in each.problems for each in said)
    assert any(each.exit_code == 0 for each in said)
