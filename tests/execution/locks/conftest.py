"""Processes that take locks."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

ROOT = Path(__file__).parents[3]
PROGRAM = "tests.execution.locks.runner"
PATIENCE = 60  # seconds after which a process that says nothing has failed


class Runner:
    """A process that takes the lock of a database; see `runner`."""

    def __init__(self, url, job, *arguments, limit=30, **environment):
        self.url = url
        self._process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, url, job, str(limit), *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        self._watchdog = threading.Timer(PATIENCE, self._process.kill)
        self._watchdog.start()

    def next(self, key=None):
        """Return the next thing it says, or the next that has a key."""
        for line in self._process.stdout:
            said = json.loads(line)
            if key is None or key in said:
                return said if key is None else said[key]
        raise AssertionError(f"It never said {key}.")

    def finish(self):
        """Let it come to its end, and return what else it says."""
        output, _ = self._process.communicate(timeout=PATIENCE)
        assert self._process.returncode == 0, output
        return [json.loads(line) for line in output.splitlines()]

    def kill(self):
        """End it as the kernel does when there is no memory left."""
        self._process.kill()
        self._process.wait()

    def close(self):
        self._watchdog.cancel()
        self.kill()
        self._process.stdin.close()
        self._process.stdout.close()


@pytest.fixture
def run():
    """A function that starts a process: run(url, "hold")."""
    runners = []

    def start(*arguments, **options):
        runners.append(Runner(*arguments, **options))
        return runners[-1]

    yield start
    for runner in runners:
        runner.close()


@pytest.fixture
def url(request, make_database, servers):
    """The address of an empty database, by the way in which its lock is held."""
    way = request.param
    if way == "mariadb":
        return make_database("mariadb").url
    database = make_database("postgresql")
    if way.startswith("pooled"):
        database = servers.pooled(database)
    return database.url.replace("+psycopg", "+asyncpg") if "asyncpg" in way else database.url


@pytest.fixture
def execute():
    """A function that runs a statement and returns its rows: execute(url, "SELECT 1")."""

    def run_statement(url, statement, **values):
        engine = sa.create_engine(sync(url), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            result = connection.execute(sa.text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    return run_statement


def sync(url):
    return url.replace("+asyncpg", "+psycopg")
