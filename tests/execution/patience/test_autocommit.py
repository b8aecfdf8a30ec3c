"""Statements outside of a transaction, and indexes that are built while the application writes."""

import threading
import time

import pytest
import sqlalchemy as sa

from flask_migrate.errors import TableLocked
from flask_migrate.values.patience import Limits
from tests.execution.patience.conductor import QUICK, SHORT, Conductor, application, in_way

READS = "SELECT id FROM users"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"
BUILD = 'CREATE UNIQUE INDEX CONCURRENTLY "By n" ON public."users" (n)'


@pytest.fixture(autouse=True)
def _elsewhere(elsewhere):
    """The sessions in the way are those of this process; let them be of another one."""


def is_valid(engine, name='"By n"'):
    with engine.connect() as connection:
        return connection.scalar(sa.text(VALID), {"name": name})


def alone(*statements):
    def revision(op):
        with op.get_context().autocommit_block():
            for statement in statements:
                op.execute(statement)

    return revision


def make_unique(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE users SET n = id"))


@pytest.fixture
def invalid(postgresql):
    """An engine of a database with an index that is INVALID: there are duplicates."""
    with pytest.raises(sa.exc.IntegrityError):
        Conductor(postgresql).run(alone(BUILD))
    assert is_valid(postgresql) is False
    make_unique(postgresql)
    return postgresql


def test_a_statement_in_autocommit_waits_in_short_turns_too(postgresql):
    conductor = Conductor(postgresql)
    with (
        in_way(postgresql, READS, seconds=2),
        application(postgresql, READS) as took,
    ):
        conductor.run(alone("ALTER TABLE users ADD COLUMN age INTEGER"))

    assert max(took) < QUICK.longest + 0.5
    assert conductor.begun == 1
    assert len(conductor.slept) >= 2


def test_what_cannot_run_in_a_transaction_runs(postgresql):
    Conductor(postgresql).run(
        alone("VACUUM users", "REINDEX SCHEMA public", "SELECT 1", "SET statement_timeout = 0")
    )


def test_a_procedure_that_commits_runs(postgresql):
    commits = "DO $$ BEGIN UPDATE users SET n = n + 1; COMMIT; END $$"
    Conductor(postgresql).run(alone(commits))

    with postgresql.connect() as connection:
        assert connection.scalars(sa.text("SELECT n FROM users")).all() == [2, 2]


def test_an_index_that_is_built_concurrently_waits_as_long_as_it_wants(postgresql):
    make_unique(postgresql)
    conductor = Conductor(postgresql)
    elsewhere = postgresql.execution_options(isolation_level="REPEATABLE READ")
    with in_way(elsewhere, "SELECT id FROM orders", seconds=2):
        started = time.monotonic()
        conductor.run(alone(BUILD))
        waited = time.monotonic() - started

    assert is_valid(postgresql)
    assert conductor.slept == []
    assert waited > 1


def test_who_holds_up_a_concurrent_index_is_said(postgresql):
    make_unique(postgresql)
    conductor = Conductor(postgresql)
    with in_way(postgresql, "UPDATE users SET n = n WHERE id = 1", seconds=6.5):
        conductor.run(alone(BUILD))

    assert "Waiting for 5 s for a lock that 'CREATE UNIQUE INDEX" in conductor.said[0]
    assert "its last query was: UPDATE users" in conductor.said[0]


def test_a_timeout_of_the_server_does_not_leave_an_invalid_index(postgresql, make_engine):
    make_unique(postgresql)
    hasty = sa.create_engine(postgresql.url, connect_args={"options": "-c lock_timeout=300ms"})
    conductor = Conductor(hasty)
    with in_way(postgresql, "UPDATE users SET n = n WHERE id = 1", seconds=1.2):
        conductor.run(alone(BUILD))
    hasty.dispose()

    assert is_valid(postgresql)
    assert conductor.slept


@pytest.mark.parametrize("build", [BUILD, BUILD.replace("LY", "LY IF NOT EXISTS")])
def test_an_invalid_index_is_built_again(invalid, build):
    conductor = Conductor(invalid)
    conductor.run(alone(build))

    assert is_valid(invalid)
    said = 'The index public."By n" is INVALID, an earlier CREATE INDEX CONCURRENTLY has failed: '
    assert conductor.said == [f"{said}it is dropped and built again."]


def test_an_operation_of_alembic_builds_it_again_too(invalid):
    def revision(op):
        with op.get_context().autocommit_block():
            op.create_index("By n", "users", ["n"], unique=True, postgresql_concurrently=True)

    Conductor(invalid).run(revision)

    assert is_valid(invalid)


def test_a_valid_index_is_not_touched(invalid):
    Conductor(invalid).run(alone(BUILD))
    with pytest.raises(sa.exc.ProgrammingError, match="already exists"):
        Conductor(invalid).run(alone(BUILD))

    assert is_valid(invalid)


def test_an_index_that_is_being_built_is_waited_for(postgresql):
    """As after a runner was killed: its server process builds on."""
    make_unique(postgresql)
    killed = threading.Thread(target=lambda: Conductor(postgresql).run(alone(BUILD)))
    conductor = Conductor(postgresql)
    with in_way(postgresql, "UPDATE users SET n = n WHERE id = 1", seconds=2.5):
        killed.start()
        while is_valid(postgresql) is None:
            time.sleep(0.05)
        conductor.run(alone(BUILD))
        killed.join()

    assert is_valid(postgresql)
    assert "is building the index" in conductor.said[0]


def test_an_index_that_is_being_built_is_not_waited_for_ever(postgresql):
    make_unique(postgresql)
    killed = threading.Thread(target=lambda: Conductor(postgresql).run(alone(BUILD)))
    with in_way(postgresql, "UPDATE users SET n = n WHERE id = 1", seconds=5):
        killed.start()
        while is_valid(postgresql) is None:
            time.sleep(0.05)
        with pytest.raises(TableLocked, match="held by session"):
            Conductor(postgresql, limits=SHORT).run(alone(BUILD))
        killed.join()


def test_a_revision_that_has_committed_a_part_says_so(postgresql):
    make_unique(postgresql)

    def revision(op):
        alone(BUILD)(op)
        op.add_column("orders", sa.Column("note", sa.Text))
        op.add_column("users", sa.Column("age", sa.Integer))

    conductor = Conductor(postgresql)
    with in_way(postgresql, READS), pytest.raises(TableLocked) as raised:
        conductor.run(revision)

    assert conductor.begun == 1
    assert (
        "cannot begin again, because a part of it is committed already: CREATE UNIQUE INDEX"
        in str(raised.value)
    )


def test_after_a_block_the_first_statement_is_tried_again_in_place(postgresql):
    make_unique(postgresql)

    def revision(op):
        alone(BUILD)(op)
        op.add_column("users", sa.Column("age", sa.Integer))

    conductor = Conductor(postgresql)
    with in_way(postgresql, READS, seconds=1):
        conductor.run(revision)

    assert conductor.begun == 1
    assert conductor.slept


def test_a_revision_that_ends_the_transaction_by_itself_is_let_be(postgresql):
    make_unique(postgresql)

    def revision(op):
        op.add_column("orders", sa.Column("note", sa.Text))
        op.execute("COMMIT")
        op.execute("UPDATE users SET n = 5 WHERE id = 1")
        op.execute("SELECT id FROM orders")

    Conductor(postgresql).run(revision)


def test_a_transaction_begun_by_hand_is_let_be(postgresql):
    Conductor(postgresql).run(
        alone("BEGIN", "ALTER TABLE users ADD COLUMN age INTEGER", "COMMIT", "DROP TABLE orders")
    )
    assert not sa.inspect(postgresql).has_table("orders")


@pytest.mark.parametrize("words", [["BEGIN", "ALTER", "COMMIT"], ["BEGIN; ALTER"]])
def test_a_lock_that_is_lost_in_a_transaction_begun_by_hand_is_an_error(postgresql, words):
    statements = [
        word.replace("ALTER", "ALTER TABLE users ADD COLUMN age INTEGER") for word in words
    ]

    hasty = sa.create_engine(postgresql.url, connect_args={"options": "-c lock_timeout=300ms"})
    with (
        in_way(postgresql, READS),
        pytest.raises(sa.exc.OperationalError, match="lock timeout"),
    ):
        Conductor(hasty).run(alone(*statements))
    hasty.dispose()


def test_rows_are_returned_in_autocommit(postgresql):
    seen = []

    def revision(op):
        with op.get_context().autocommit_block():
            insert = sa.text("INSERT INTO users VALUES (:id, 0) RETURNING id")
            seen.append(op.get_bind().scalar(insert, {"id": 7}))
            op.get_bind().execute(
                sa.text("DELETE FROM users WHERE id = :id"), [{"id": 1}, {"id": 2}]
            )
            seen.append(op.get_bind().scalar(sa.text("SELECT count(*) FROM users")))

    Conductor(postgresql, limits=Limits(statement=9)).run(revision)

    assert seen == [7, 1]
