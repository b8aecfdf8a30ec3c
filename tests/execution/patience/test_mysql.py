"""Waiting for locks on MariaDB, behind real sessions."""

import pytest
import sqlalchemy as sa

from flask_migrate.errors import SessionOpen, StatementTimeout, TableLocked
from flask_migrate.values.patience import Limits
from tests.execution.patience.conductor import QUICK, SHORT, Conductor, application, in_way

READS = "SELECT id FROM users"
WRITES = "UPDATE users SET n = n + 1 WHERE id = 1"


@pytest.fixture(autouse=True)
def _elsewhere(elsewhere):
    """The sessions in the way are those of this process; let them be of another one."""


def add_column(op):
    op.add_column("users", sa.Column("age", sa.Integer))


def columns(engine, table="users"):
    return [column["name"] for column in sa.inspect(engine).get_columns(table)]


@pytest.mark.parametrize("statement", [READS, WRITES])
def test_no_query_of_the_application_waits_longer_than_the_timeout(mariadb, statement):
    conductor = Conductor(mariadb)
    with (
        in_way(mariadb, statement, seconds=4),
        application(mariadb, READS, "UPDATE users SET n = 0 WHERE id = 2") as took,
    ):
        conductor.run(add_column)

    assert "age" in columns(mariadb)
    # The server counts whole seconds.
    assert max(took) < 1 + 1
    assert conductor.begun == 1
    assert conductor.slept


def test_what_came_before_is_committed_and_holds_nothing(mariadb):
    conductor = Conductor(mariadb, limits=SHORT)

    def revision(op):
        op.execute("UPDATE orders SET n = 7 WHERE id = 1")
        add_column(op)

    with in_way(mariadb, READS), pytest.raises(TableLocked):
        conductor.run(revision)
    with mariadb.begin() as connection:
        connection.execute(sa.text("SET innodb_lock_wait_timeout = 1"))
        assert connection.scalar(sa.text("SELECT n FROM orders WHERE id = 1")) == 7
        connection.execute(sa.text("UPDATE orders SET n = 8 WHERE id = 1"))
        connection.execute(sa.text("ALTER TABLE orders ADD COLUMN note INTEGER"))


def test_the_limit_ends_in_a_sentence_that_names_the_session(mariadb):
    conductor = Conductor(mariadb, limits=Limits(first=0.2, longest=0.4, total=4.0))
    with in_way(mariadb, READS) as connection:
        number = connection.scalar(sa.text("SELECT CONNECTION_ID()"))
        with pytest.raises(TableLocked) as raised:
            conductor.run(add_column)

    message = raised.value.message
    assert f"held probably by session {number} of user" in message
    assert "from 127.0.0.1" in message
    assert "idle in a transaction open for" in message
    assert "ALTER TABLE users ADD COLUMN age INTEGER" in message


def test_a_transaction_in_another_database_is_not_blamed(mariadb, make_database, make_engine):
    other = make_engine(make_database("mariadb"))
    with other.begin() as connection:
        connection.execute(sa.text("CREATE TABLE elsewhere (id INTEGER)"))
    conductor = Conductor(mariadb, limits=Limits(first=0.2, longest=0.4, total=4.0))
    with (
        in_way(other, "SELECT id FROM elsewhere"),
        in_way(mariadb, READS),
        pytest.raises(TableLocked) as raised,
    ):
        conductor.run(add_column)

    assert len(raised.value.blockers) == 1


def test_a_session_of_this_process_is_said_and_not_waited_for(mariadb, monkeypatch):
    monkeypatch.undo()
    with in_way(mariadb, READS), pytest.raises(SessionOpen, match="This very process"):
        Conductor(mariadb).run(add_column)


def test_after_five_seconds_somebody_is_told_who_it_is(mariadb):
    conductor = Conductor(mariadb)
    with in_way(mariadb, READS, seconds=8):
        conductor.run(add_column)

    assert "Waiting for" in conductor.said[0]
    assert "idle in a transaction" in conductor.said[0]


def test_rows_that_are_locked_are_the_revisions_affair(mariadb):
    conductor = Conductor(mariadb)

    def revision(op):
        op.execute("SET innodb_lock_wait_timeout = 1")
        op.execute("UPDATE users SET n = 7 WHERE id = 1")

    with in_way(mariadb, WRITES), pytest.raises(sa.exc.OperationalError, match="1205"):
        conductor.run(revision)

    assert conductor.slept == []


def test_a_statement_that_says_how_long_to_wait_does_so(mariadb):
    conductor = Conductor(mariadb)
    with in_way(mariadb, READS), pytest.raises(sa.exc.OperationalError, match="1205"):
        conductor.run(lambda op: op.execute("ALTER TABLE users NOWAIT ADD COLUMN age INTEGER"))

    assert conductor.slept == []


def test_a_long_statement_is_stopped_in_a_sentence(mariadb):
    conductor = Conductor(mariadb, limits=Limits(statement=0.5))
    with pytest.raises(StatementTimeout, match="stopped after") as raised:
        conductor.run(lambda op: op.execute("SELECT SLEEP(5) FROM users"))

    assert "MIGRATE_STATEMENT_TIMEOUT" in raised.value.hint


@pytest.mark.parametrize("limits", [QUICK, Limits(first=None), Limits(statement=7)])
def test_the_session_is_as_it_was(mariadb, limits):
    ask = sa.text("SELECT @@SESSION.lock_wait_timeout, @@SESSION.max_statement_time")
    inside = []

    def revision(op):
        add_column(op)
        inside.extend(op.get_bind().execute(ask).one())

    with mariadb.connect() as connection:
        connection.execute(sa.text("SET lock_wait_timeout = 1234"))
        connection.execute(sa.text("SET max_statement_time = 12.5"))
        connection.commit()
        Conductor(mariadb, limits=limits).run_on(connection, revision)
        after = connection.execute(ask).one()

    assert tuple(after) == (1234, 12.5)
    expected = {QUICK: [60, 12.5], Limits(first=None): [1234, 12.5], Limits(statement=7): [300, 7]}
    assert inside == expected[limits]
