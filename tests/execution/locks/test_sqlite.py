"""Who holds the write lock of a SQLite file."""

import os
import socket
import subprocess
import sys
import textwrap

import pytest
import sqlalchemy as sa

from flask_migrate.execution.locks.sqlite import sqlite_holder

WRITE = """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("PRAGMA journal_mode = " + sys.argv[2])
    connection.execute("BEGIN IMMEDIATE")
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["delete", "wal"])
def mode(request):
    return request.param


@pytest.fixture
def path(tmp_path, mode):
    path = tmp_path / "shop.db"
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA journal_mode = {mode}")
        connection.exec_driver_sql("CREATE TABLE users (id integer)")
    return path


@pytest.fixture
def engine(path):
    return sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)


@pytest.fixture
def writer(path, mode):
    """Another process that is in a transaction which writes."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITE), path, mode],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.communicate()


def test_it_is_found(engine, writer):
    with engine.connect() as connection:
        holder = sqlite_holder(connection)
        assert not connection.in_transaction()

    assert holder.process == str(writer.pid)
    assert holder.host == socket.gethostname()
    assert holder.doing.startswith(sys.executable)
    assert holder.since is None


def test_it_is_found_while_somebody_reads_too(engine, writer):
    with engine.connect() as reader, engine.connect() as connection:
        reader.exec_driver_sql("SELECT * FROM users").all()
        assert sqlite_holder(connection).process == str(writer.pid)


def test_nobody_is_found_where_nobody_writes(engine):
    with engine.connect() as reader, engine.connect() as connection:
        reader.exec_driver_sql("SELECT * FROM users").all()
        assert sqlite_holder(connection) is None


def test_a_database_in_memory_belongs_to_this_process():
    with sa.create_engine("sqlite://").connect() as connection:
        assert sqlite_holder(connection) is None


def test_looking_does_not_break_the_locks_of_this_process(engine, path):
    with engine.connect() as one, engine.connect() as other:
        one.exec_driver_sql("BEGIN IMMEDIATE")
        one.exec_driver_sql("INSERT INTO users VALUES (1)")
        assert sqlite_holder(other).process == str(os.getpid())
        assert sqlite_holder(one).process == str(os.getpid())
        write = "sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        code = f"import sqlite3, sys; {write}"
        done = subprocess.run(
            [sys.executable, "-c", code, path], capture_output=True, text=True, check=False
        )
        assert "database is locked" in done.stderr


def test_a_moved_working_directory_is_no_obstacle(engine, writer, path, monkeypatch):
    monkeypatch.chdir(path.parent)
    with sa.create_engine("sqlite:///shop.db", poolclass=sa.NullPool).connect() as connection:
        monkeypatch.chdir(os.sep)
        assert sqlite_holder(connection).process == str(writer.pid)
