"""A table that is in use while it is altered: nobody waits long, and who is in the way is named."""

import re
import time

import pytest

from tests.support.databases import DIALECTS
from tests.support.envs import BOTH
from tests.support.long_run import slow_statement
from tests.support.traffic import Queries, long_transaction

SERVERS = ("postgresql", "mariadb")
LONG = {
    "reader": "SELECT * FROM book WHERE id = 1",
    "writer": "UPDATE book SET title = 'in use' WHERE id = 1",
}
MARGIN = 0.8
"""Seconds that a slow machine may add to a query."""


def in_use(deployed, kind, *, seconds):
    """Have a long transaction on the table."""
    begin = ["BEGIN"] if deployed.dialect == "sqlite" else []
    return long_transaction(deployed.database, *begin, LONG[kind], seconds=seconds)


def write_chain(deployed, change='op.add_column("book", sa.Column("isbn", sa.String(20)))'):
    """Write a revision that is applied, and one that changes its table."""
    deployed.revision(
        "u1",
        """
        op.create_table(
            "book", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String(40))
        )
        op.execute("INSERT INTO book (id, title) VALUES (1, 'Godwits'), (2, 'Waders')")
        """,
    )
    deployed.db("upgrade")
    deployed.revision("u2", change)


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize(
    ("dialect", "env"),
    [
        (dialect, env)
        if env == BOTH[number % 2]
        else pytest.param(dialect, env, marks=pytest.mark.soak)
        for number, dialect in enumerate(DIALECTS)
        for env in BOTH
    ],
)
def test_queries_wait_no_longer_than_the_timeout(make_deployed, dialect, env, kind):
    deployed = make_deployed(dialect, env=env)
    write_chain(deployed)
    # MariaDB counts whole seconds.
    timeout = 1 if dialect == "mariadb" else 0.5
    deployed.settings(MIGRATE_LOCK_TIMEOUT=timeout, MIGRATE_LOCK_TIMEOUT_LONGEST=timeout)

    with (
        in_use(deployed, kind, seconds=5),
        Queries(deployed.database, "SELECT count(*) FROM book") as queries,
    ):
        deployed.db("upgrade")

    assert not queries.errors
    assert max(queries.seconds) < timeout + MARGIN
    assert "isbn" in deployed.columns("book")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_queries_wait_little_with_no_setting_at_all(make_deployed, dialect):
    deployed = make_deployed(dialect)
    write_chain(deployed)
    with (
        in_use(deployed, "reader", seconds=5),
        Queries(deployed.database, "SELECT count(*) FROM book") as queries,
    ):
        deployed.db("upgrade")

    assert not queries.errors
    stalls = [seconds for seconds in queries.seconds if seconds > 0.3]
    if dialect != "sqlite":
        assert stalls, "nobody was in the way"
    # It grows, but a try must not take much longer than all that went before it.
    waited = 0
    for seconds in stalls:
        assert seconds < 1 + 1.2 * waited + MARGIN
        waited += seconds


@pytest.mark.parametrize("env", BOTH)
@pytest.mark.parametrize("dialect", SERVERS)
def test_who_is_in_the_way_is_named_in_the_end(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    write_chain(deployed)
    deployed.settings(MIGRATE_LOCK_RETRY_LIMIT=2)

    with in_use(deployed, "reader", seconds=30) as number:
        began = time.monotonic()
        said = deployed.db("upgrade", exit_code=1)
        assert time.monotonic() - began < 12

    assert "Traceback" not in said.stderr
    assert re.search(rf"\b{number}\b", said.problems)
    if dialect == "postgresql":
        assert LONG["reader"] in said.problems
    assert "u2" in said.problems
    # MariaDB counts whole seconds: after one there is no time for another.
    tries = r"1 s, in 1 try," if dialect == "mariadb" else r"\d s, in \d tries,"
    assert re.search(tries, said.problems), said.problems
    assert deployed.applied() == ["u1"]
    deployed.db("upgrade")


def test_the_query_in_the_way_is_shown(make_deployed):
    deployed = make_deployed("mariadb")
    write_chain(deployed)
    deployed.settings(MIGRATE_LOCK_RETRY_LIMIT=1)
    query = "SELECT sleep(6), title FROM book WHERE id = 1"
    with Queries(deployed.database, query):
        time.sleep(0.5)
        said = deployed.db("upgrade", exit_code=1)
    assert "sleep(6)" in said.problems.lower()


def test_who_has_the_file_is_told_in_the_end(make_deployed):
    deployed = make_deployed("sqlite")
    write_chain(deployed)
    deployed.settings(
        MIGRATE_RUN_LOCK_TIMEOUT=1, MIGRATE_LOCK_RETRY_LIMIT=1, MIGRATE_LOCK_TIMEOUT=0.2
    )
    holder = deployed.start_code(
        f"""
        import sqlite3, time
        connection = sqlite3.connect({deployed.url.removeprefix("sqlite:///")!r})
        connection.execute("BEGIN EXCLUSIVE")
        print("held", flush=True)
        time.sleep(60)
        """
    )
    holder.wait_for("held")
    said = deployed.db("upgrade", exit_code=1)
    assert "Traceback" not in said.stderr
    assert re.search(rf"\b{holder.pid}\b", said.problems), said.problems
    holder.kill()
    deployed.db("upgrade")


OWN = {
    "session": "db.session.execute(sa.text({statement!r}))",
    "second": "session = Session(db.engine)\nsession.execute(sa.text({statement!r}))",
    "connection": "held = db.engine.connect()\nheld.execute(sa.text({statement!r}))",
}


@pytest.mark.parametrize("way", OWN)
def test_a_transaction_of_the_process_itself_is_not_waited_for(deployed, way):
    write_chain(deployed)
    statement = LONG["writer"]
    holds = OWN[way].format(statement=statement).replace("\n", "\n            ")
    began = time.monotonic()
    said = deployed.python_code(
        f"""
        import sqlalchemy as sa
        from sqlalchemy.orm import Session
        from app import app, db
        from flask_migrate import upgrade
        from flask_migrate.errors import MigrateError

        with app.app_context():
            {holds}
            try:
                upgrade()
            except MigrateError as error:
                print("refused:", error)
        """
    )
    assert "refused:" in said.stdout
    assert "transaction" in said.stdout
    assert time.monotonic() - began < 10
    assert deployed.applied() == ["u1"]


@pytest.mark.parametrize("dialect", SERVERS)
def test_a_session_that_a_revision_opened_is_not_waited_for(make_deployed, dialect):
    deployed = make_deployed(dialect)
    write_chain(
        deployed,
        """
        from app import db
        db.session.execute(sa.text("SELECT * FROM book")).all()
        op.add_column("book", sa.Column("isbn", sa.String(20)))
        """,
    )
    began = time.monotonic()
    said = deployed.db("upgrade", exit_code=1)
    assert time.monotonic() - began < 20
    assert "session" in said.problems
    assert "Traceback" not in said.stderr


def test_what_python_has_done_twice_is_said(deployed):
    write_chain(
        deployed,
        """
        with open("side-effects", "a") as file:
            print("sent a letter", file=file)
        op.execute("UPDATE book SET title = 'altered' WHERE id = 2")
        op.add_column("book", sa.Column("isbn", sa.String(20)))
        """,
    )
    with in_use(deployed, "reader", seconds=4):
        said = deployed.db("upgrade")

    effects = (deployed.path / "side-effects").read_text("utf-8").splitlines()
    if len(effects) > 1:
        assert re.search(r"again|twice|from its beginning|restart", said.stderr), said.stderr
        why = "Others read the database" if deployed.dialect == "sqlite" else "ADD COLUMN isbn"
        assert why in said.stderr
    assert "isbn" in deployed.columns("book")


@pytest.mark.parametrize("dialect", SERVERS)
def test_the_lock_timeout_can_be_switched_off(make_deployed, dialect):
    deployed = make_deployed(dialect)
    write_chain(deployed)
    deployed.settings(MIGRATE_LOCK_TIMEOUT=None)
    with (
        in_use(deployed, "reader", seconds=5),
        Queries(deployed.database, "SELECT count(*) FROM book") as queries,
    ):
        said = deployed.db("upgrade")
    # Somebody waited for all the time that was left when the process had started.
    assert max(queries.seconds) > 1.5
    assert not said.problems


@pytest.mark.parametrize("dialect", SERVERS)
def test_a_statement_that_takes_too_long_is_stopped(make_deployed, dialect):
    deployed = make_deployed(dialect)
    slow = slow_statement(dialect, seconds=15)
    if dialect == "mariadb":
        slow = slow.replace("sleep", "title, sleep") + " FROM book"
    write_chain(deployed, f"op.get_bind().exec_driver_sql({slow!r}).all()")
    deployed.settings(MIGRATE_STATEMENT_TIMEOUT=1)
    began = time.monotonic()
    said = deployed.db("upgrade", exit_code=1)
    assert time.monotonic() - began < 8
    assert "u2" in said.problems
    assert "Traceback" not in said.stderr
