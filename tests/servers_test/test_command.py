"""The wrapper as its users see it, with servers that are given: nothing is started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.command import SIGNALS, Stopped, signals_held_back, stop_on_signals

ROOT = Path(__file__).parent.parent.parent
GIVEN = {
    "GODWIT_TEST_POSTGRESQL": "postgresql+psycopg://someone@nowhere.invalid/db",
    "GODWIT_TEST_MARIADB": "mysql+pymysql://someone@nowhere.invalid/db",
    "GODWIT_TEST_PGBOUNCER": "postgresql+psycopg://someone@nowhere.invalid:6432/db",
}


def start(*command):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.servers", "--", *command],
        cwd=ROOT,
        env={**os.environ, **GIVEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_exit_code_is_passed_on(script, code):
    process = start("sh", "-c", script)
    process.communicate(timeout=60)
    assert process.returncode == code


def test_given_urls_are_passed_on():
    output, errors = start("sh", "-c", "echo $GODWIT_TEST_POSTGRESQL; exit 3").communicate(
        timeout=60
    )
    assert output == GIVEN["GODWIT_TEST_POSTGRESQL"] + "\n"
    assert errors == ""


def test_a_command_that_does_not_exist():
    process = start("no-such-command")
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (
        127,
        "Cannot run no-such-command: No such file or directory.\n",
    )


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_command_too(signum, tmp_path):
    trace = tmp_path / "trace"
    script = f"trap 'echo stopped >{trace}; exit' TERM HUP; echo ready; while :; do sleep 0.1; done"
    process = start("sh", "-c", script)
    assert process.stdout.readline() == "ready\n"

    process.send_signal(signum)

    process.communicate(timeout=60)
    assert process.returncode == 128 + signum
    assert trace.read_text() == "stopped\n"


def test_after_ctrl_c_the_command_may_finish_its_report():
    process = start(
        "sh",
        "-c",
        "trap 'sleep 0.3; echo report; exit' INT; echo ready; while :; do sleep 0.1; done",
    )
    assert process.stdout.readline() == "ready\n"
    shell = child_of(process.pid)

    process.send_signal(signal.SIGINT)
    os.kill(shell, signal.SIGINT)

    output, _ = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, "report\n")


def child_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline = time.monotonic() + 5
    while not children.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    return int(children.read_text().split()[0])


@pytest.fixture
def signals_at_work():
    """The signal handlers of the wrapper, in this process, for one test."""
    before = {signum: signal.getsignal(signum) for signum in SIGNALS}
    stop_on_signals()
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


@pytest.mark.usefixtures("signals_at_work")
def test_a_signal_waits_until_the_command_is_known():
    steps = []
    with pytest.raises(Stopped), signals_held_back():  # noqa: PT012 - it is raised at the end
        signal.raise_signal(signal.SIGTERM)
        steps.append("the command is known")
    assert steps == ["the command is known"]
