import asyncio
import sqlite3
from functools import partial
from types import ModuleType

import pytest
import sqlalchemy as sa
from sqlalchemy import BLANK_SCHEMA
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import UserDefinedType

from flask_migrate.database.scratch.judged import NoScratchPlace
from flask_migrate.database.scratch.sqlite import read_models
from flask_migrate.database.scratch.statements import Statement
from flask_migrate.database.snapshots.sqlite import read
from flask_migrate.values.schema import Name
from tests.database.snapshots.sqlite_models import CONVENTION, everything


class Broken(UserDefinedType):
    """A type that SQLite cannot read."""

    def get_col_spec(self, **_):
        return "INT(1"


@pytest.fixture
def connection(sqlite_database):
    engine = sa.create_engine(sqlite_database.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("options", [{}, {"naming_convention": CONVENTION}], ids=["", "named"])
def test_models_are_what_create_all_makes_of_them(connection, options):
    metadata = everything(**options)
    metadata.create_all(connection)
    judged = read_models(connection, metadata.tables.values())

    assert judged.failed == {}
    assert read(connection, [""]) == judged.snapshot


def test_the_database_is_not_touched(connection):
    read_models(connection, everything().tables.values())

    assert not connection.in_transaction()
    assert read(connection, [""]).tables == {}


def test_models_in_schemas_are_made_in_them(connection):
    metadata = sa.MetaData(schema="Other one")
    parent = sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    child = sa.Table("t", metadata, sa.Column("a", sa.ForeignKey(parent.c.id)))
    sa.Index("i", child.c.a.desc())
    plain = sa.Table("t", metadata, sa.Column("a", sa.Integer), schema=BLANK_SCHEMA)
    connection.exec_driver_sql("ATTACH ':memory:' AS 'Other one'")
    metadata.create_all(connection)
    judged = read_models(connection, [parent, child, plain])

    assert judged.failed == {}
    assert read(connection, ["", "Other one"]) == judged.snapshot
    assert set(judged.snapshot.tables) == {
        Name("", "t"),
        Name("Other one", "p"),
        Name("Other one", "t"),
    }


def test_what_the_application_adds_to_sqlite_is_not_missed(connection):
    metadata = sa.MetaData()
    table = sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.String(9, collation="german")),
        sa.Column("b", sa.Integer, sa.Computed("hash(a)")),
        sa.CheckConstraint("is_fine(a, b)"),
    )
    sa.Index("i", sa.func.soundslike(table.c.a), table.c.a.collate("french"))
    judged = read_models(connection, [table])

    assert judged.failed == {}
    found = judged.snapshot.tables[Name("", "t")]
    assert found.columns[0].collation == "german"
    assert found.indexes[0].definition == "(soundslike(a), a COLLATE french)"


def test_a_table_that_cannot_be_made_is_told_and_the_others_are_there(connection):
    metadata = sa.MetaData()
    identity = sa.Column("id", sa.Integer, primary_key=True)
    sa.Table("fine", metadata, sa.Column("a", sa.ForeignKey("bad.id")))
    sa.Table("bad", metadata, identity, sa.Column("a", Broken))
    sa.Table("unwritable", metadata, sa.Column("a"))
    sa.Table("lonely", metadata, sa.Column("a", sa.ForeignKey("missing.id")))
    with_index = sa.Table("indexed", metadata, sa.Column("a", sa.Integer))
    sa.Index("i", with_index.c.a, sa.text("missing_column"))
    judged = read_models(connection, metadata.tables.values())

    assert list(judged.snapshot.tables) == [Name("", "fine")]
    (key,) = [one for one in judged.snapshot.tables[Name("", "fine")].constraints if one.target]
    assert key.target == Name("", "bad")
    assert {name.name: said for name, said in judged.failed.items()} == {
        "bad": 'near "PRIMARY": syntax error',
        "unwritable": judged.failed[Name("", "unwritable")],
        "lonely": judged.failed[Name("", "lonely")],
        "indexed": "no such column: missing_column",
    }
    assert "could not find table 'missing'" in judged.failed[Name("", "lonely")]


def test_more_can_be_made_after_the_tables(connection):
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer))
    view = Statement(owner=Name("", "v"), sql="CREATE VIEW v AS SELECT a FROM t")
    wrong = Statement(owner=Name("", "w"), sql="CREATE VIEW w AS SELEC a")
    judged = read_models(connection, [table], further=[view, wrong])

    assert [one.name.name for one in judged.snapshot.code] == ["v"]
    assert list(judged.failed) == [Name("", "w")]


def test_there_is_no_place_for_more_schemas_than_sqlite_attaches(connection):
    metadata = sa.MetaData()
    tables = [
        sa.Table("t", metadata, sa.Column("a", sa.Integer), schema=f"s{number}")
        for number in range(200)
    ]

    with pytest.raises(NoScratchPlace, match="too many attached databases"):
        read_models(connection, tables)


def test_the_driver_of_the_connection_is_the_one_that_makes_them(sqlite_database):
    used = []

    class Memory(sqlite3.Connection):
        def execute(self, sql, *arguments):
            used.append(sql)
            return super().execute(sql, *arguments)

    driver = ModuleType("driver")
    vars(driver).update(vars(sqlite3))
    driver.connect = partial(sqlite3.connect, factory=Memory)
    engine = sa.create_engine(sqlite_database.url, module=driver)
    with engine.connect() as connection:
        read_models(connection, [sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))])
    engine.dispose()

    assert [sql for sql in used if sql.startswith("CREATE TABLE")]


async def judged_by(engine, tables):
    async with engine.connect() as connection:
        judged = await connection.run_sync(read_models, tables)
    await engine.dispose()
    return judged


def test_an_asynchronous_driver_has_a_plain_one(sqlite_database):
    engine = create_async_engine(sqlite_database.url.replace("sqlite:", "sqlite+aiosqlite:"))
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    judged = asyncio.run(judged_by(engine, [table]))

    assert list(judged.snapshot.tables) == [Name("", "t")]
