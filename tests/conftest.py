"""Fixtures for all tests."""

import compileall
import os
import re
import signal
from pathlib import Path

import hypothesis
import pytest

# Before they are imported, so that their asserts explain themselves.
pytest.register_assert_rewrite(
    "tests.peer.twins",
    "tests.support.deployed",
    "tests.support.golden",
    "tests.support.project",
    "tests.support.running",
)

from tests.peer.twins import NoPeer  # noqa: E402 - see above
from tests.support.databases import DIALECTS, Servers  # noqa: E402 - see above
from tests.support.golden import Golden  # noqa: E402 - see above
from tests.support.project import Project  # noqa: E402 - see above

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("godwit", deadline=None)
hypothesis.settings.load_profile("godwit")

SOURCES = Path(__file__).parent.parent / "src" / "flask_migrate"


def pytest_configure(config):
    # A test writes a file twice within a second, which Python's caches do not tell apart. What
    # does not change while the tests run is compiled once, and not by each of their processes.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(SOURCES, rx=re.compile("/templates/"), quiet=1)
    # A shell that starts us in the background has us ignore Ctrl-C, nohup the end of the
    # terminal. What the tests start would do so as well, and some of it is to be interrupted.
    wanted = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    for signum, handler in wanted.items():
        if signal.getsignal(signum) is signal.SIG_IGN:
            signal.signal(signum, handler)


def pytest_xdist_auto_num_workers():
    # Many tests wait, for a server or for a process, and leave their processor to others.
    return len(os.sched_getaffinity(0)) + 1


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the files in tests/golden"
    )


@pytest.fixture(scope="session")
def servers(worker_id):
    """The servers on which the databases of the tests are made; see make_database."""
    servers = Servers(worker=worker_id)
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def peer_python():
    """The Python of an environment that has Flask-Migrate."""
    python = os.environ.get("GODWIT_TEST_PEER")
    if not python:
        raise NoPeer
    return str(Path(python).absolute())


@pytest.fixture
def make_database(servers, tmp_path):
    """A function that makes an empty database: make_database("postgresql")."""
    databases = []

    def make(dialect):
        databases.append(servers.create(dialect, directory=tmp_path))
        return databases[-1]

    yield make
    for database in databases:
        servers.drop(database)


@pytest.fixture(params=DIALECTS)
def database(request, make_database):
    """An empty database; a test that asks for it runs once on each kind of server."""
    return make_database(request.param)


@pytest.fixture
def sqlite_database(make_database):
    return make_database("sqlite")


@pytest.fixture
def postgresql_database(make_database):
    return make_database("postgresql")


@pytest.fixture
def pooled_database(servers, postgresql_database):
    """A PostgreSQL database behind a pooler, which gives a session for one transaction only."""
    return servers.pooled(postgresql_database)


@pytest.fixture
def mariadb_database(make_database):
    return make_database("mariadb")


@pytest.fixture
def project(database, tmp_path):
    """An application on disk on an empty database; runs once on each kind of server."""
    return Project(tmp_path / "project", database.url)


@pytest.fixture
def sqlite_project(sqlite_database, tmp_path):
    """An application on disk on an empty SQLite database."""
    return Project(tmp_path / "project", sqlite_database.url)


@pytest.fixture
def golden(request):
    """A function that compares text with a file: golden(text, "upgrade.txt")."""
    return Golden(update=request.config.getoption("--update-golden"))
