"""Waiting for locks on PostgreSQL, behind real sessions."""

import threading
import time
from contextlib import suppress

import pytest
import sqlalchemy as sa

from flask_migrate.errors import SessionOpen, StatementTimeout, TableLocked
from flask_migrate.values.patience import Limits
from tests.execution.patience.conductor import QUICK, SHORT, Conductor, application, in_way

READS = "SELECT id FROM users"
WRITES = "UPDATE users SET n = n + 1 WHERE id = 1"


def add_column(op):
    op.add_column("users", sa.Column("age", sa.Integer))


def columns(engine, table="users"):
    return [column["name"] for column in sa.inspect(engine).get_columns(table)]


@pytest.fixture(autouse=True)
def _elsewhere(elsewhere):
    """The sessions in the way are those of this process; let them be of another one."""


@pytest.mark.parametrize("statement", [READS, WRITES])
def test_no_query_of_the_application_waits_longer_than_the_timeout(postgresql, statement):
    conductor = Conductor(postgresql)
    with (
        in_way(postgresql, statement, seconds=3),
        application(postgresql, READS, "UPDATE users SET n = 0 WHERE id = 2") as took,
    ):
        conductor.run(add_column)

    assert "age" in columns(postgresql)
    assert max(took) < QUICK.longest + 0.5
    assert len(took) > 20
    # The first statement of a transaction: Python ran once.
    assert conductor.begun == 1
    assert len(conductor.slept) >= 2


def test_what_a_revision_did_behind_our_back_is_not_lost_while_it_waits(postgresql):
    conductor = Conductor(postgresql)

    def revision(op):
        driver = op.get_bind().connection.dbapi_connection
        driver.cursor().execute("INSERT INTO orders (id) VALUES (4711)")
        add_column(op)

    with in_way(postgresql, READS, seconds=1.5):
        conductor.run(revision)

    assert "age" in columns(postgresql)
    assert (conductor.begun, bool(conductor.slept)) == (1, True)
    with postgresql.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM orders WHERE id = 4711")) == 1


def test_pauses_are_as_long_as_the_timeouts_which_grow(postgresql):
    conductor = Conductor(postgresql)
    with in_way(postgresql, READS, seconds=3):
        conductor.run(add_column)

    for slept, timeout in zip(conductor.slept, (0.2, 0.4, 0.8, 0.8), strict=False):
        assert timeout <= slept <= 1.5 * timeout


def test_a_later_statement_lets_go_of_the_locks_and_the_revision_begins_again(postgresql):
    conductor = Conductor(postgresql)

    def revision(op):
        op.add_column("orders", sa.Column("note", sa.Text))
        add_column(op)

    with (
        in_way(postgresql, READS, seconds=2),
        application(postgresql, "SELECT id FROM orders", READS) as took,
    ):
        conductor.run(revision)

    assert "note" in columns(postgresql, "orders")
    assert "age" in columns(postgresql)
    assert conductor.begun > 1
    assert max(took) < QUICK.longest + 0.5


def test_the_limit_ends_in_a_sentence_that_names_the_session(postgresql, make_engine):
    url = postgresql.url.update_query_dict({"application_name": "gunicorn"})
    other = sa.create_engine(url)
    conductor = Conductor(postgresql, limits=SHORT)
    with in_way(other, READS) as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        connection.execute(sa.text(READS))
        with pytest.raises(TableLocked) as raised:
            conductor.run(add_column)
    other.dispose()

    message = raised.value.message
    assert f"session {pid} of user" in message
    assert "'gunicorn' from 127.0.0.1" in message
    assert "idle in a transaction open for" in message
    assert f"its last query was: {READS}." in message
    assert "ALTER TABLE users ADD COLUMN age INTEGER" in message
    assert raised.value.blockers[0].session == pid
    assert "age" not in columns(postgresql)


def test_after_five_seconds_somebody_is_told_who_it_is(postgresql):
    conductor = Conductor(postgresql)
    with in_way(postgresql, READS, seconds=6.5):
        conductor.run(add_column)

    assert len(conductor.said) == 1
    assert "Waiting for" in conductor.said[0]
    assert f"its last query was: {READS}." in conductor.said[0]


def test_rows_are_waited_for_as_long_as_a_lock_may_be(postgresql):
    conductor = Conductor(postgresql, limits=Limits(first=0.2, longest=4, total=60))
    with in_way(postgresql, WRITES, seconds=1.5):
        conductor.run(lambda op: op.execute("UPDATE users SET n = 7 WHERE id = 1"))

    assert conductor.slept == []
    assert conductor.begun == 1


def test_a_session_of_this_process_is_said_and_not_waited_for(postgresql, monkeypatch):
    monkeypatch.undo()
    started = time.monotonic()
    with in_way(postgresql, READS), pytest.raises(SessionOpen, match="This very process"):
        Conductor(postgresql).run(add_column)

    assert time.monotonic() - started < 10


def test_off_means_that_nothing_is_set_and_nothing_is_tried_again(postgresql):
    conductor = Conductor(postgresql, limits=Limits(first=None))
    seen = []
    with in_way(postgresql, READS, seconds=1.5):

        def revision(op):
            add_column(op)
            seen.append(op.get_bind().scalar(sa.text("SHOW lock_timeout")))

        conductor.run(revision)

    assert seen == ["0"]
    assert conductor.slept == []


def test_nothing_is_left_set(postgresql):
    shows = [sa.text("SHOW lock_timeout"), sa.text("SHOW statement_timeout")]
    inside, after = [], []

    def revision(op):
        add_column(op)
        inside.extend(map(op.get_bind().scalar, shows))

    with postgresql.connect() as connection:
        Conductor(postgresql, limits=Limits(statement=9)).run_on(connection, revision)
        after.extend(map(connection.scalar, shows))

    assert inside == ["500ms", "9s"]
    assert after == ["0", "0"]


def test_a_timeout_that_a_revision_sets_is_its_own(postgresql):
    seen = []

    def revision(op):
        op.execute("SET LOCAL lock_timeout = '3s'")
        add_column(op)
        seen.append(op.get_bind().scalar(sa.text("SHOW lock_timeout")))

    Conductor(postgresql).run(revision)

    assert seen == ["3s"]


def test_a_statement_that_does_not_want_to_wait_fails_at_once(postgresql):
    conductor = Conductor(postgresql)
    with (
        in_way(postgresql, READS),
        pytest.raises(sa.exc.OperationalError, match="could not obtain"),
    ):
        conductor.run(lambda op: op.execute("LOCK TABLE users NOWAIT"))

    assert conductor.slept == []


@pytest.mark.parametrize("after", ["SELECT id FROM more", "SELECT 1 FROM pg_class"])
def test_what_a_revision_catches_is_raised_again(postgresql, after):
    conductor = Conductor(postgresql)

    def revision(op):
        op.create_table("more", sa.Column("id", sa.Integer))
        with suppress(Exception):
            add_column(op)
        op.execute(after)

    with in_way(postgresql, READS, seconds=1):
        conductor.run(revision)

    assert "age" in columns(postgresql)


def test_a_long_statement_is_stopped_in_a_sentence(postgresql):
    conductor = Conductor(postgresql, limits=Limits(statement=0.3))
    with pytest.raises(StatementTimeout, match="stopped after") as raised:
        conductor.run(lambda op: op.execute("SELECT pg_sleep(5)"))

    assert "MIGRATE_STATEMENT_TIMEOUT" in raised.value.hint


def test_in_one_transaction_all_revisions_begin_again(postgresql):
    conductor = Conductor(postgresql)
    with in_way(postgresql, READS, seconds=1.5):
        conductor.run_together(
            lambda op: op.add_column("orders", sa.Column("note", sa.Text)), add_column
        )

    assert "age" in columns(postgresql)
    assert conductor.begun >= 4


def test_a_savepoint_lets_go_of_what_one_revision_holds(postgresql):
    conductor = Conductor(postgresql)

    def revision(op):
        op.add_column("orders", sa.Column("note", sa.Text))
        add_column(op)

    with (
        in_way(postgresql, READS, seconds=1.5),
        application(postgresql, "SELECT id FROM orders") as took,
    ):
        conductor.run_together(revision)

    assert "age" in columns(postgresql)
    assert conductor.begun > 1
    assert max(took) < QUICK.longest + 0.5


def test_other_connections_of_the_engine_are_left_alone(postgresql):
    seen = []

    def revision(op):
        add_column(op)
        with postgresql.connect() as other:
            other.execute(sa.text("SELECT id FROM orders"))
            seen.append(other.scalar(sa.text("SHOW lock_timeout")))

    Conductor(postgresql).run(revision)

    assert seen == ["0"]


def test_nothing_of_ours_is_prepared(postgresql):
    """A pooler in transaction mode gives the next transaction to another session."""
    revisions = [
        lambda op, name=name: op.add_column("users", sa.Column(name, sa.Integer))
        for name in "abcdefghij"
    ]
    with postgresql.connect() as connection:
        Conductor(postgresql).run_on(connection, *revisions)
        prepared = connection.scalars(sa.text("SELECT statement FROM pg_prepared_statements"))

        assert prepared.all() == []


def test_a_prepared_transaction_is_named(postgresql):
    name = postgresql.url.database
    with postgresql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("BEGIN", READS, f"PREPARE TRANSACTION '{name}'"):
            connection.execute(sa.text(statement))
        with pytest.raises(TableLocked, match="by a prepared transaction"):
            Conductor(postgresql, limits=SHORT).run(add_column)
        connection.execute(sa.text(f"ROLLBACK PREPARED '{name}'"))


def test_nothing_listens_afterwards(postgresql):
    with postgresql.connect() as connection:
        conductor = Conductor(postgresql)
        conductor.run_on(connection, add_column)
        connection.execute(sa.text("ALTER TABLE users ADD COLUMN other INTEGER"))
        connection.rollback()

        assert not list(connection.dispatch.begin)
        assert not list(postgresql.dialect.dispatch.do_execute)
    assert "flask-migrate-watch" not in [thread.name for thread in threading.enumerate()]
