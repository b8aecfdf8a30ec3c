"""The names that SQLAlchemy keeps private and that we need: each test fails when one changes."""

import asyncio
import contextlib
import sqlite3
import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from flask_migrate._sqlalchemy import (
    await_nothing,
    begins_by_itself,
    connections_held_by,
    copied,
    is_of_type,
    named_types_made,
    opened_anew,
    pool_without_memory,
    run_anew,
    run_in_own_loop,
    speak_through,
)


@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    yield engine
    engine.dispose()


def test_a_transaction_that_a_statement_begins_is_told_from_one_that_was_asked_for(engine):
    noted = []
    sa.event.listen(engine, "begin", lambda _: noted.append(begins_by_itself()))

    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        connection.rollback()
        with connection.begin():
            connection.execute(sa.text("SELECT 1"))

    assert noted == [True, False]


def test_a_session_holds_the_connections_that_it_has_used(engine):
    with Session(engine) as session:
        assert connections_held_by(session) == set()
        session.begin()
        assert connections_held_by(session) == set()

        session.execute(sa.text("SELECT 1"))

        assert connections_held_by(session) == {session.connection()}


def test_a_pool_without_memory_opens_what_the_engine_opens(engine, tmp_path):
    opened = []
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    sa.event.listen(engine, "connect", lambda connection, _: opened.append(connection))
    pool, kept = pool_without_memory(engine), engine.pool
    engine.pool = pool
    for _ in range(2):
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    engine.pool = kept

    assert len(opened) == 2
    assert (tmp_path / "app.db").exists()


def test_the_check_of_a_type_is_told_from_one_of_the_table():
    column = sa.Column("a", sa.Boolean(create_constraint=True))
    table = sa.Table("t", sa.MetaData(), column, sa.CheckConstraint("a > 0", name="own"))
    checks = [one for one in table.constraints if isinstance(one, sa.CheckConstraint)]

    assert {one.name == "own": is_of_type(one) for one in checks} == {True: False, False: True}


def test_a_function_runs_in_an_event_loop_of_its_own():
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=sa.NullPool).sync_engine

    def ask():
        with engine.connect() as connection:
            return connection.scalar(sa.text("SELECT 7"))

    assert run_in_own_loop(ask) == 7


@pytest.mark.parametrize("driver", ["sqlite", "sqlite+aiosqlite"])
def test_a_thread_opens_connections_of_an_engine_of_any_kind(driver, tmp_path):
    engine = sa.create_engine(f"{driver}:///{tmp_path}/app.db", poolclass=sa.NullPool)
    found = []

    def ask():
        with engine.connect() as connection:
            found.append(connection.scalar(sa.text("SELECT 1")))

    thread = threading.Thread(target=run_anew, args=(engine, ask))
    thread.start()
    thread.join()

    assert found == [1]


def test_what_a_pool_handed_out_may_speak_to_another_connection(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    with contextlib.closing(sqlite3.connect(":memory:")) as other, engine.connect() as connection:
        proxy = connection.connection
        own = proxy.dbapi_connection
        other.execute("CREATE TABLE here (id INTEGER)")
        speak_through(proxy, other)
        assert sa.inspect(connection).get_table_names() == ["here"]
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection is own
    engine.dispose()


def test_a_connection_that_was_lost_is_opened_anew(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    records = []
    sa.event.listen(engine, "checkout", lambda _, record, __: records.append(record))
    with engine.connect() as connection:
        proxy = connection.connection
        lost = proxy.dbapi_connection
        records[0].invalidate()
        speak_through(proxy, opened_anew(proxy))
        assert proxy.dbapi_connection is not lost
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_a_statement_that_awaits_nothing_may_run_in_an_asynchronous_engine():
    assert asyncio.run(greenlet_spawn(await_nothing, _require_await=True)) is None


def test_a_copy_of_a_column_belongs_to_no_table_and_is_else_the_same():
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Text, nullable=False, comment="c"))

    copy = copied(table.columns["a"])

    assert copy.table is None
    assert (copy.name, copy.nullable, copy.comment) == ("a", False, "c")


def test_the_types_that_a_run_has_made_are_known():
    runner = SimpleNamespace(memo={})
    for type_ in (postgresql.ENUM("a", name="mood"), postgresql.DOMAIN("zip", sa.Text())):
        type_._check_for_name_in_memos(checkfirst=False, kw={"_ddl_runner": runner})

    assert list(named_types_made(runner.memo)) == [{(None, "mood")}, {(None, "zip")}]
