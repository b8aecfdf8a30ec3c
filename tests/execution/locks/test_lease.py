"""A lease, where a pooler is between."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
import sqlalchemy as sa

from flask_migrate.database.lease import LEASE_TABLE
from flask_migrate.errors import LockLost, LockNotAcquired
from flask_migrate.execution.locks.facts import this_process
from flask_migrate.execution.locks.lease import LeaseLock, Terms
from flask_migrate.execution.locks.lease_row import LeaseRow
from flask_migrate.execution.locks.lock import migration_lock
from tests.servers.pgbouncer import PgBouncer
from tests.servers.private import private_server

ME = this_process("shop", "upgrade to head")
NEVER_RENEWED = Terms(seconds=1, heartbeat=60)


def lock(connection, *, limit=0, terms=None, schema=None):
    table = sa.Table(
        "alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32)), schema=schema
    )
    return migration_lock(
        connection,
        version_table=table,
        me=ME,
        limit=limit,
        waiting=lambda *_: None,
        terms=terms,
    )


@pytest.fixture
def engine(pooled_database):
    engine = sa.create_engine(pooled_database.url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def test_it_is_taken_behind_a_pooler_and_given_back(engine):
    with engine.connect() as connection, lock(connection) as held:
        assert isinstance(held, LeaseLock)
        assert not held.waited
        held.verify()
        with engine.connect() as other, pytest.raises(LockNotAcquired), lock(other):
            pass
    with engine.connect() as connection, lock(connection):
        pass
    assert sa.inspect(engine).get_table_names() == []


def test_what_is_done_is_told(engine):
    with engine.connect() as connection, lock(connection) as held:
        held.verify("upgrade to 1975ea83b712")
        with engine.connect() as other, pytest.raises(LockNotAcquired) as caught, lock(other):
            pass
    assert caught.value.holder.doing == "upgrade to 1975ea83b712"
    assert caught.value.holder.process == ME.process


def test_one_that_was_not_renewed_is_lost(engine):
    with engine.connect() as connection, lock(connection, terms=NEVER_RENEWED) as held:
        held.verify()
        time.sleep(1.2)
        with pytest.raises(LockLost):
            held.verify()


def test_who_stood_still_begins_no_transaction_after_somebody_else_took_over(engine):
    with ExitStack() as stack:
        one, other = (stack.enter_context(engine.connect()) for _ in range(2))
        first = stack.enter_context(lock(one, terms=NEVER_RENEWED))
        time.sleep(1.2)
        second = stack.enter_context(lock(other, limit=5))
        with pytest.raises(LockLost), one.begin():
            first.guard_transaction()
        with other.begin():
            second.guard_transaction()


def test_nobody_takes_over_while_a_transaction_of_the_last_holder_is_open(engine):
    with ExitStack() as stack:
        one, other = (stack.enter_context(engine.connect()) for _ in range(2))
        first = stack.enter_context(lock(one, terms=NEVER_RENEWED))
        with one.begin():
            first.guard_transaction()
            time.sleep(1.2)
            with pytest.raises(LockNotAcquired), lock(other):
                pass
        with lock(other, limit=5):
            pass


def test_a_statement_of_the_migration_is_stopped_when_its_process_has_died(engine):
    with engine.connect() as connection, lock(connection) as held, connection.begin():
        held.guard_transaction()
        setting = sa.text("SELECT current_setting('client_connection_check_interval')")
        assert connection.scalar(setting) == "1s"


def test_psycopg_prepares_nothing_meanwhile(engine):
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        before = driver.prepare_threshold
        with lock(connection):
            for _ in range(30):
                connection.execute(sa.text("SELECT 1"))
                connection.commit()
        assert driver.prepare_threshold == before


def test_the_table_is_in_the_schema_of_the_version_table(engine):
    with engine.begin() as connection:
        connection.execute(sa.text('CREATE SCHEMA "Odd: schema"'))
    with engine.connect() as connection:
        with lock(connection, schema="Odd: schema"):
            assert sa.inspect(engine).get_table_names(schema="Odd: schema") == [LEASE_TABLE]
            with engine.connect() as other, lock(other):
                pass
        assert sa.inspect(engine).get_table_names(schema="Odd: schema") == []


def test_the_connection_beside_is_opened_again(engine, execute, postgresql_database):
    with engine.connect() as connection, lock(connection) as held:
        time.sleep(0.2)
        execute(
            postgresql_database.url,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        held.verify()


def test_a_pool_of_one_is_enough(postgresql_database):
    with private_server(PgBouncer, behind=postgresql_database.url, pool_size=1) as address:
        url = sa.make_url(address).set(database=postgresql_database.name)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection, lock(connection) as held:
            with connection.begin():
                held.guard_transaction()
            held.verify()
            held.verify("upgrade to head")


def test_its_table_may_be_made_by_many_at_once(postgresql_database):
    # Not through the pooler, which lets few in at once.
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    together = Barrier(8, timeout=20)

    def take_and_give_back(_):
        taken = 0
        with engine.connect() as connection:
            for _ in range(60):
                row = LeaseRow("a lock", schema=None)
                together.wait()
                is_taken = row.take(connection, ME, seconds=60)
                together.wait()
                if is_taken:
                    row.give_back(connection)
                taken += is_taken
        return taken

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take_and_give_back, range(8))) == 60
    assert sa.inspect(engine).get_table_names() == []
