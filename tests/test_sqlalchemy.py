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
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn
from sqlalchemy.util import greenlet_spawn

from flask_migrate._sqlalchemy import (
    await_nothing,
    begins_by_itself,
    connections_held_by,
    copied,
    creation_of_view,
    is_for_dialect,
    is_of_type,
    is_plain,
    is_to_run,
    listeners,
    may_declare,
    name_as_made,
    named_types_made,
    opened_anew,
    options_of,
    pool_without_memory,
    prefixes_of,
    run_anew,
    run_in_own_loop,
    speak_through,
    variants_of,
    writes_tables_itself,
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


def test_a_name_that_a_convention_makes_too_long_is_the_one_in_the_statement():
    convention = {"uq": "uq_%(column_0_name)s", "ix": "ix_%(column_0_name)s"}
    columns = [
        sa.Column("c" * 63, sa.Integer, unique=True),
        sa.Column("d" * 63, sa.Integer, index=True),
    ]
    table = sa.Table("t", sa.MetaData(naming_convention=convention), *columns)
    plain = sa.Table("t", sa.MetaData(), sa.Column("c", sa.Integer, unique=True))
    dialect = postgresql.dialect()

    [unique] = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
    [index] = table.indexes
    [nameless] = [one for one in plain.constraints if isinstance(one, sa.UniqueConstraint)]

    name = name_as_made(unique, dialect)
    assert len(name) < 64
    assert name in str(sa.schema.CreateTable(table).compile(dialect=dialect))
    assert name_as_made(index, dialect) in str(
        sa.schema.CreateIndex(index).compile(dialect=dialect)
    )
    assert name_as_made(nameless, dialect) is None


def test_a_part_without_options_is_not_given_a_place_for_them():
    plain = sa.Column("name", sa.String(20), sqlite_on_conflict_not_null="IGNORE")
    assert list(options_of(plain)) == ["sqlite_on_conflict_not_null"]

    plain = sa.Column("name", sa.String(20))
    before = set(vars(plain))
    assert list(options_of(plain)) == []
    assert set(vars(plain)) == before


def test_what_stands_before_the_word_table_is_known():
    assert prefixes_of(sa.Table("things", sa.MetaData(), prefixes=["UNLOGGED"]))
    assert not prefixes_of(sa.Table("things", sa.MetaData()))


def test_an_application_that_compiles_tables_itself_is_known():
    assert not writes_tables_itself()

    @compiles(CreateColumn)
    def as_ever(element, compiler, **options):
        return compiler.visit_create_column(element, **options)

    try:
        assert writes_tables_itself()
    finally:
        deregister(CreateColumn)
    assert not writes_tables_itself()


def test_what_listens_for_an_event_is_told_in_its_order():
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer))
    one, two, three = (sa.DDL(f"SELECT {number}") for number in range(3))
    sa.event.listen(metadata, "after_create", two)
    sa.event.listen(metadata, "after_create", one, insert=True)
    sa.event.listen(table, "after_create", three)

    assert listeners(metadata, "after_create") == [one, two]
    assert listeners(table, "after_create") == [three]
    assert listeners(table, "before_create") == []


def test_the_conditions_of_a_statement_are_told_one_by_one(engine):
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    asked = []

    def refuses(ddl, target, bind, **_):
        asked.append((target, bind))
        return False

    plain, here = sa.DDL("SELECT 1"), sa.DDL("SELECT 2").execute_if(dialect="sqlite")
    there = sa.DDL("SELECT 3").execute_if(dialect=("oracle", "mysql"))
    refused = sa.DDL("SELECT 4").execute_if(dialect="sqlite", callable_=refuses)
    with engine.connect() as connection:
        statements = (plain, here, there, refused)
        told = [is_for_dialect(one, table, connection) for one in statements]
        assert told == [True, True, False, True]
        assert asked == []
        told = [is_to_run(one, table, connection) for one in statements]
        assert told == [True, True, False, False]
        assert asked == [(table, connection)]


def test_a_view_of_sqlalchemy_is_told_from_a_table():
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer))

    assert creation_of_view(table) is None
    if hasattr(sa.schema, "CreateView"):  # since 2.1
        create = sa.schema.CreateView(sa.select(table.c.a), "v", metadata=metadata)
        assert creation_of_view(create.table) is create


def test_what_brings_statements_along_is_told_from_what_does_not():
    metadata = sa.MetaData()
    plain = sa.Table("plain", metadata, sa.Column("mood", sa.Enum("glad", name="mood")))
    heard = sa.Table("heard", metadata, sa.Column("a", sa.Integer))
    sa.event.listen(heard, "after_create", lambda *_, **__: None)
    both = sa.Table("both", metadata, sa.Column("a", sa.Integer))
    sa.event.listen(both, "before_create", sa.DDL("SELECT 1"))

    assert [may_declare(one) for one in (metadata, plain, heard, both)] == [False] * 3 + [True]
    sa.event.listen(metadata, "after_create", sa.DDL("SELECT 1"))
    assert may_declare(metadata)
    if hasattr(sa.schema, "CreateView"):  # since 2.1
        create = sa.schema.CreateView(sa.select(plain.c.mood), "v", metadata=metadata)
        assert may_declare(create.table)


def test_a_type_that_is_alike_everywhere_is_told_from_others():
    class Own(sa.String):
        pass

    class Wrapping(sa.types.TypeDecorator):
        impl = sa.String

    others = (Own(), Wrapping(), sa.Interval(), postgresql.INET())
    varied = sa.String().with_variant(postgresql.ENUM("a", name="e"), "postgresql")

    assert all(map(is_plain, (sa.String(9), sa.Integer(), sa.Boolean(), sa.Uuid())))
    assert not any(map(is_plain, (*others, varied)))


def test_the_types_that_a_run_has_made_are_known():
    runner = SimpleNamespace(memo={})
    for type_ in (postgresql.ENUM("a", name="mood"), postgresql.DOMAIN("zip", sa.Text())):
        type_._check_for_name_in_memos(checkfirst=False, kw={"_ddl_runner": runner})

    assert list(named_types_made(runner.memo)) == [{(None, "mood")}, {(None, "zip")}]


def test_the_variants_of_a_type_are_told_by_their_servers():
    other = sa.Text()

    assert variants_of(sa.Interval()) == {}
    assert variants_of(sa.Interval().with_variant(other, "sqlite")) == {"sqlite": other}
