"""Real private servers: they are gone afterwards, whatever happens to those who use them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers.directory import PREFIX, place
from tests.servers.mariadb import MariaDB
from tests.servers.postgresql import PostgreSQL
from tests.servers.private import ServerFailed, private_server, server_account

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parent.parent.parent
KINDS = pytest.mark.parametrize("kind", [PostgreSQL, MariaDB])
WAIT = "echo $$ $GODWIT_TEST_POSTGRESQL $GODWIT_TEST_MARIADB; exec sleep 60"


@pytest.fixture
def wrapper():
    """The wrapper around a command that waits, the number of the command, the URLs it got."""
    free = dict.fromkeys(("GODWIT_TEST_POSTGRESQL", "GODWIT_TEST_MARIADB"), "")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", "--", "sh", "-c", WAIT],
        cwd=ROOT,
        env={**os.environ, **free},
        stdout=subprocess.PIPE,
        text=True,
    )
    command, *urls = process.stdout.readline().split()
    yield process, int(command), urls
    with suppress(ProcessLookupError):
        os.kill(int(command), signal.SIGKILL)
    process.communicate(timeout=60)


def answers(url):
    try:
        sa.create_engine(url, poolclass=sa.NullPool).connect().close()
    except sa.exc.OperationalError:
        return False
    return True


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert condition()


def directories():
    return set(place(server_account("nobody")).glob(f"{PREFIX}*"))


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_and_removes_everything(wrapper, signum):
    process, _, urls = wrapper
    assert all(map(answers, urls))

    process.send_signal(signum)

    assert process.wait(30) == 128 + signum
    assert not any(map(answers, urls))


def test_a_killed_command_leaves_nothing(wrapper):
    process, command, urls = wrapper

    os.kill(command, signal.SIGKILL)

    assert process.wait(30) == 137
    assert not any(map(answers, urls))


def test_a_killed_wrapper_takes_its_servers_along(wrapper):
    process, _, urls = wrapper
    process.kill()
    wait_until(lambda: not any(map(answers, urls)))


@KINDS
def test_the_directory_of_a_server_is_removed(kind):
    before = directories()
    with private_server(kind) as url:
        assert answers(url)
        assert directories() - before
    assert not answers(url)


@KINDS
def test_two_servers_run_side_by_side(kind):
    with private_server(kind) as one, private_server(kind) as other:
        assert one != other
        assert answers(one)
        assert answers(other)


@KINDS
def test_a_wrong_password_is_refused(kind):
    with private_server(kind) as url:
        assert not answers(sa.make_url(url).set(password="guess"))  # noqa: S106 - it is wrong


@KINDS
def test_a_server_that_does_not_start_shows_the_end_of_its_log(kind):
    class Misconfigured(kind):
        def serve(self, port):
            return [*super().serve(port), "--no-such-setting=1"]

    with pytest.raises(ServerFailed, match=r"does not start(.|\n)*no.such.setting"):  # noqa: SIM117
        with private_server(Misconfigured):
            pass
