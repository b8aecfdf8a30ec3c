"""A lock that belongs to the session of a migration, and how it is let go."""

import secrets
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from flask_migrate.errors import LockLost, LockNotAcquired
from flask_migrate.execution.locks.facts import this_process
from flask_migrate.execution.locks.lock import NoLock, migration_lock
from flask_migrate.execution.locks.polling import Polling
from flask_migrate.execution.locks.postgresql import PostgreSQLLock, place_of
from flask_migrate.execution.locks.servers import SessionChanges
from flask_migrate.execution.locks.session import session_lock

SERVERS = pytest.mark.parametrize("url", ["postgresql", "mariadb"], indirect=True)
LOCKS = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND datname = current_database()
"""
ME = this_process("shop", "upgrade to head")


def versions(name="alembic_version", schema=None):
    return sa.Table(name, sa.MetaData(), sa.Column("version_num", sa.String(32)), schema=schema)


def lock(connection, *, table=None, limit=0):
    return migration_lock(
        connection,
        version_table=versions() if table is None else table,
        me=ME,
        limit=limit,
        waiting=lambda *_: None,
    )


@pytest.fixture
def engine(url):
    engine = sa.create_engine(url, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


@pytest.fixture
def is_free(url):
    """A function that returns whether another session gets the lock."""
    other = sa.create_engine(url, poolclass=sa.NullPool)

    def ask(**options):
        try:
            with other.connect() as connection, lock(connection, **options):
                return True
        except LockNotAcquired:
            return False

    return ask


@SERVERS
def test_it_is_held_inside_and_free_after(engine, is_free):
    with engine.connect() as connection:
        with lock(connection) as held:
            assert not connection.in_transaction()
            assert not is_free()
            held.verify()
            held.guard_transaction()
        assert not connection.in_transaction()
        assert is_free()


@SERVERS
def test_it_is_free_after_an_error_in_the_middle_of_a_transaction(engine, is_free):
    def fail(connection):
        with connection.begin():
            connection.execute(sa.text("SELECT * FROM nowhere"))

    with engine.connect() as connection:
        with pytest.raises(sa.exc.ProgrammingError), lock(connection):
            fail(connection)
        assert is_free()


@SERVERS
def test_it_is_free_where_the_failed_transaction_is_still_open(engine, is_free):
    with engine.connect() as connection:
        with pytest.raises(sa.exc.ProgrammingError), lock(connection):
            connection.execute(sa.text("SELECT * FROM nowhere"))
        assert is_free()
        connection.rollback()
        assert connection.scalar(sa.text("SELECT 1")) == 1


@SERVERS
def test_it_is_free_if_the_connection_went_back_to_its_pool_before(engine, is_free):
    connection = engine.connect()
    with lock(connection):
        connection.execute(sa.text("SELECT 1"))
        connection.close()
        assert is_free()
        with engine.connect() as again:
            assert not again.in_transaction()
            assert again.scalar(sa.text("SELECT 1")) == 1
    assert is_free()


@SERVERS
def test_one_session_may_take_it_twice(engine, is_free):
    with engine.connect() as connection, lock(connection):
        with lock(connection):
            assert not is_free()
        assert not is_free()
    assert is_free()


@SERVERS
def test_another_version_table_has_another_lock(engine, is_free):
    with engine.connect() as connection, lock(connection):
        assert is_free(table=versions("other_version"))
        assert not is_free()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_another_schema_has_another_lock_and_the_same_by_another_name_has_not(
    engine, is_free, execute, url
):
    execute(url, "CREATE SCHEMA tenant")
    with engine.connect() as connection:
        connection.execute(sa.text("SET search_path TO tenant"))
        connection.commit()
        with lock(connection):
            assert is_free()
            assert not is_free(table=versions(schema="tenant"))


@SERVERS
def test_who_waits_is_told_what_is_done_now(engine, is_free, url):
    other = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection, lock(connection) as held:
        held.verify("upgrade to 1975ea83b712")
        with other.connect() as waiting, pytest.raises(LockNotAcquired) as caught, lock(waiting):
            pass
    holder = caught.value.holder
    assert (holder.process, holder.host) == (ME.process, ME.host)
    assert (holder.application, holder.doing) == ("shop", "upgrade to 1975ea83b712")
    assert abs((holder.since - datetime.now(UTC)).total_seconds()) < 60


@SERVERS
def test_a_lock_whose_session_was_ended_is_lost(engine, execute, url):
    with engine.connect() as connection, lock(connection) as held:
        end_session(execute, url, session_of(connection))
        with pytest.raises(LockLost):
            held.verify()


@SERVERS
def test_a_lock_is_not_lost_with_the_connection_beside(engine, execute, url, is_free):
    with engine.connect() as connection, lock(connection) as held:
        ours = session_of(connection)
        for number in others(execute, url, ours):
            end_session(execute, url, number)
        held.verify()
        held.verify("upgrade to head")
        assert not is_free()
    assert is_free()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_without_a_connection_beside_it_is_held_all_the_same(engine, execute, url, is_free):
    name = f"godwit_test_one_{sa.make_url(url).database}"[:63]
    execute(url, f"CREATE ROLE {name} LOGIN PASSWORD 'one' CONNECTION LIMIT 1")
    alone = sa.create_engine(sa.make_url(url).set(username=name, password="one"))  # noqa: S106
    try:
        with alone.connect() as connection:
            with lock(connection) as held:
                held.verify()
                held.verify("upgrade to head")
                assert not is_free()
            assert is_free()
    finally:
        alone.dispose()
        execute(url, f"DROP ROLE {name}")


def test_without_the_right_to_make_a_table_it_is_held_all_the_same(mariadb_database, execute):
    url = sa.make_url(mariadb_database.url)
    name = f"godwit_test_{secrets.token_hex(4)}"
    execute(mariadb_database.url, f"CREATE USER {name}@'%' IDENTIFIED BY 'reader'")
    try:
        execute(mariadb_database.url, f"GRANT SELECT ON {url.database}.* TO {name}@'%'")
        reader = sa.create_engine(url.set(username=name, password="reader"))  # noqa: S106
        with reader.connect() as connection, lock(connection) as held:
            held.verify()
            held.verify("upgrade to head")
            with reader.connect() as other, pytest.raises(LockNotAcquired) as caught, lock(other):
                pass
        reader.dispose()
    finally:
        execute(mariadb_database.url, f"DROP USER {name}@'%'")
    assert caught.value.holder.text() == "a session from 127.0.0.1"


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_in_a_transaction_of_somebody_else_it_lasts_to_the_end_of_that(engine, is_free):
    with engine.connect() as connection:
        with connection.begin():
            with lock(connection) as held:
                held.verify()
            assert connection.in_transaction()
            assert not is_free()
        assert is_free()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_failed_transaction_of_somebody_else_is_left_to_him(engine, is_free):
    with engine.connect() as connection:
        session = session_of(connection)
        with connection.begin() as transaction:
            with pytest.raises(sa.exc.ProgrammingError), lock(connection):
                connection.execute(sa.text("SELECT * FROM nowhere"))
            transaction.rollback()
        assert is_free()
        assert session_of(connection) == session


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_the_session_is_as_it_was_after(engine):
    setting = sa.text("SELECT current_setting('client_connection_check_interval', true)")
    with engine.connect() as connection:
        before = connection.scalar(setting)
        connection.commit()
        with lock(connection):
            assert connection.scalar(setting) == "1s"
            connection.commit()
        assert connection.scalar(setting) == before


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_claim_is_true_while_the_lock_is_held_and_tells_what_is_done(engine, url):
    other = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        name = connection.scalar(sa.text("SHOW application_name"))
        connection.commit()
        with lock(connection) as held:
            asked = sa.text(f"SELECT {held.claim('upgrade to 1975ea83b712').condition}")
            assert connection.scalar(asked)
            connection.commit()
            with other.connect() as waiting:
                with pytest.raises(LockNotAcquired) as caught, lock(waiting):
                    pass
                assert not waiting.scalar(asked)
            connection.scalar(sa.text("SELECT pg_advisory_unlock_all()"))
            assert not connection.scalar(asked)
            connection.commit()
        assert connection.scalar(sa.text("SHOW application_name")) == name
    assert caught.value.holder.doing == "upgrade to 1975ea83b712"
    assert caught.value.holder.process == ME.process


@pytest.mark.parametrize("url", ["mariadb"], indirect=True)
def test_a_lock_that_is_asked_beside_has_no_claim(engine):
    with engine.connect() as connection, lock(connection) as held:
        assert held.claim("upgrade to 1975ea83b712") is None


def test_a_pooler_of_which_the_driver_does_not_tell_is_noticed(
    pooled_database, postgresql_database, execute
):
    engine = sa.create_engine(pooled_database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        place = place_of(connection, schema=None, table="alembic_version")
        assert place.is_pooled
        server = PostgreSQLLock(place, is_nested=False)
        polling = Polling(limit=5, waiting=lambda *_: None, database="shop")
        with pytest.raises(SessionChanges):  # noqa: SIM117
            with session_lock(server, connection, me=ME, polling=polling):
                pass
    assert execute(postgresql_database.url, LOCKS) == [(0,)]


def test_no_other_server_has_a_lock_of_its_own(sqlite_database):
    engine = sa.create_engine(sqlite_database.url, poolclass=sa.NullPool)
    with engine.connect() as connection, lock(connection) as held:
        assert isinstance(held, NoLock)
        held.verify()
        held.guard_transaction()
        held.verify("upgrade to head")
        assert not held.waited
        assert not connection.in_transaction()


def session_of(connection):
    name = "pg_backend_pid" if connection.dialect.name == "postgresql" else "connection_id"
    number = connection.scalar(sa.text(f"SELECT {name}()"))
    connection.commit()
    return number


def end_session(execute, url, number):
    if url.startswith("postgresql"):
        execute(url, f"SELECT pg_terminate_backend({number}, 5000)")
    else:
        execute(url, f"KILL {number}")


def others(execute, url, ours):
    if url.startswith("postgresql"):
        found = execute(
            url,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            f"AND pid NOT IN ({ours}, pg_backend_pid())",
        )
    else:
        found = execute(
            url,
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() "
            f"AND id NOT IN ({ours}, CONNECTION_ID())",
        )
    assert found
    return [number for (number,) in found]
