"""What a signal does to a command; `tests/faults/test_kills.py` has what it does to a database."""

import json
import signal
import subprocess
import sys
import textwrap

import pytest

from tests.support.deployed import Deployed

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
BEGIN = """
import os, signal, sys, threading
from flask_migrate.cli.signals import stopped_by_signals
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
INT, TERM = signal.SIGINT, signal.SIGTERM
send = lambda signum: os.kill(os.getpid(), signum)
"""


def python(code):
    """Run code in a process of its own, and return how it ended and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.split()


@pytest.mark.parametrize("signum", EXIT_CODES)
def test_the_first_signal_stops_in_order_and_the_second_kills(signum):
    code = f"""
    with stopped_by_signals() as stop:
        try:
            send({signum:d})
        except KeyboardInterrupt:
            print(stop.exit_code, flush=True)
            send({signum:d})
            print("alive", flush=True)
    """
    assert python(code) == (-signum, [str(EXIT_CODES[signum])])


def test_the_second_signal_may_be_the_other_one():
    code = """
    with stopped_by_signals():
        try:
            send(INT)
        except KeyboardInterrupt:
            send(TERM)
            print("alive", flush=True)
    """
    assert python(code) == (-signal.SIGTERM, [])


def test_afterwards_signals_do_what_they_did_before():
    code = """
    for signum in (INT, TERM):
        before = signal.getsignal(INT), signal.getsignal(TERM)
        try:
            with stopped_by_signals():
                send(signum)
        except KeyboardInterrupt:
            print((signal.getsignal(INT), signal.getsignal(TERM)) == before)
    """
    assert python(code) == (0, ["True", "True"])


def test_what_a_program_has_set_for_a_signal_stays():
    code = """
    signal.signal(INT, signal.SIG_IGN)
    signal.signal(TERM, lambda *_: print("mine"))
    with stopped_by_signals():
        send(INT)
        send(TERM)
    print("done")
    """
    assert python(code) == (0, ["mine", "done"])


def test_another_thread_than_the_main_one_sets_nothing():
    code = """
    before = signal.getsignal(INT), signal.getsignal(TERM)

    def run():
        with stopped_by_signals() as stop:
            print((signal.getsignal(INT), signal.getsignal(TERM)) == before, stop.exit_code)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    """
    assert python(code) == (0, ["True", "130"])


@pytest.fixture
def slow(sqlite_database, tmp_path):
    """An application with a revision that is quick and one that takes long."""
    deployed = Deployed(tmp_path / "application", sqlite_database)
    deployed.revision("quick", 'op.create_table("quick", sa.Column("id", sa.Integer))')
    deployed.revision(
        "slow",
        """
        op.create_table("slow", sa.Column("id", sa.Integer))
        os.write(2, b"begun")
        time.sleep(60)
        """,
    )
    yield deployed
    deployed.close()


KILLED_AT_COMMIT = """
@sa.event.listens_for(sa.Engine, "commit")
def killed(connection):
    os.kill(os.getpid(), 15)
    time.sleep(60)

import time
"""


@pytest.mark.parametrize("signum", EXIT_CODES)
def test_a_machine_is_told_where_it_stopped(slow, signum):
    running = slow.start("upgrade", "--json")
    running.wait_for("begun")
    running.send(signum)
    said = running.finish(exit_code=EXIT_CODES[signum], seconds=20)

    error = json.loads(said.stdout)["error"]
    assert error["code"] == "interrupted"
    assert error["message"] == "the upgrade stopped in slow 'slow, as a person wrote it.'."
    assert error["hint"].endswith("the database is at quick. To go on, run the command again.")
    (target,) = error["report"]["targets"]
    assert (target["before"], target["after"]) == ([], ["quick"])
    assert [step["revision"] for step in target["steps"]] == ["quick"]
    assert slow.applied() == ["quick"]
    assert slow.tables() == {"alembic_version", "quick"}


@pytest.mark.parametrize("signum", EXIT_CODES)
def test_who_waits_for_another_runner_can_be_stopped_too(slow, signum):
    first = slow.start("upgrade")
    first.wait_for("begun")
    second = slow.start("upgrade", "--json")
    second.wait_for("Waiting for")
    second.send(signum)
    said = second.finish(exit_code=EXIT_CODES[signum], seconds=20)

    assert said.problems == (
        "Interrupted: nothing more was done.\nHint: See where it stopped: flask db current\n"
    )
    assert json.loads(said.stdout)["error"] == {
        "code": "interrupted",
        "message": "nothing more was done.",
        "hint": "See where it stopped: flask db current",
    }
    assert first.runs


def test_a_signal_while_a_class_is_made_has_its_exit_code(slow):
    slow.revision("slow", "exec('time.sleep(0.1); os.kill(os.getpid(), 15); time.sleep(60)')")
    slow.start("upgrade").finish(exit_code=143, seconds=20)


def test_a_signal_at_the_end_of_a_revision_names_it(slow):
    slow.revision("slow", "pass")
    app = slow.path / "app.py"
    app.write_text(app.read_text("utf-8") + KILLED_AT_COMMIT, "utf-8")
    said = slow.start("upgrade").finish(exit_code=143, seconds=20)
    assert "Interrupted: the upgrade stopped at the end of slow" in said.problems
    assert "flask db current" in said.problems


def test_an_application_that_stops_itself_learns_where(slow):
    code = """
    from app import app
    from flask_migrate import upgrade
    from flask_migrate.errors import RunInterrupted

    with app.app_context():
        try:
            upgrade()
        except RunInterrupted as interrupt:
            print(interrupt.message, interrupt.report.targets[0].after)
    """
    running = slow.start_code(code)
    running.wait_for("begun")
    running.send(signal.SIGINT)
    said = running.finish(exit_code=0, seconds=20)

    assert "the upgrade stopped in slow" in said.stdout
    assert "('quick',)" in said.stdout
