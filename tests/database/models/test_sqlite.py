import sqlite3

import pytest
import sqlalchemy as sa
from hypothesis import assume, given
from sqlalchemy.dialects import sqlite

from flask_migrate.database.models.declared import Declared
from flask_migrate.database.models.sqlite import models_of
from flask_migrate.database.models.sqlite_types import type_of
from flask_migrate.database.scratch.sqlite import read_models
from flask_migrate.database.snapshots.sqlite import read
from flask_migrate.values.schema import Name
from tests.database.snapshots.sqlite_models import CONVENTION, KNOWS_STRICT, everything
from tests.database.sqlite.statements import create_tables

T = Name("", "t")
BY_HAND = [
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, Code TEXT UNIQUE, x, y, UNIQUE (x, y))",
    """CREATE TABLE t ( -- what we sell
      id integer constraint pk primary key on conflict rollback,
      [b c] VARCHAR(10) NOT NULL ON CONFLICT IGNORE DEFAULT 'x' COLLATE NOCASE
        CONSTRAINT u UNIQUE ON CONFLICT REPLACE, /* between */
      `d` DECIMAL(10,2) DEFAULT -1 CHECK (d > 0) CHECK (d <> 7)
        REFERENCES parent(code) ON DELETE SET NULL MATCH FULL DEFERRABLE INITIALLY DEFERRED,
      'e' GENERATED ALWAYS AS (d + (1)) STORED NOT NULL,
      f AS (d),
      g REFERENCES t ON UPDATE CASCADE DEFAULT (random() || ' :a %s'),
      h INT(5) COLLATE RTRIM DEFAULT x'00',
      i "my type" DEFAULT CURRENT_DATE,
      k UNSIGNED BIG INT REFERENCES missing (z),
      UNIQUE (d, "b c")
      CHECK (d <> ',:x' AND "b c" IN ("a", 'b%')), FOREIGN KEY (d, f) REFERENCES parent (x, y)
    )""",
    "CREATE UNIQUE INDEX i ON t (d DESC, \"b c\" COLLATE BINARY, f) WHERE h IS NOT 'a:b'",
    "CREATE INDEX j ON t (lower(d) || ' :a', (d + 1) DESC)",
    "CREATE TABLE counted (id INTEGER PRIMARY KEY ON CONFLICT FAIL AUTOINCREMENT, a)",
    "CREATE TABLE keyed (a INT, b TEXT, PRIMARY KEY (b, a) ON CONFLICT IGNORE) WITHOUT ROWID",
    'CREATE TABLE "a.b" ("c.d" TEXT PRIMARY KEY, up REFERENCES \'a.b\')',
]


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def run(connection, *statements):
    for sql in statements:
        connection.exec_driver_sql(sql)


def made_anew(connection, *schemas):
    """Return what there is, what there is when it is made of models, and the models."""
    there = read(connection, schemas or [""])
    models = models_of(there, there.tables.keys(), dialect=connection.dialect)
    judged = read_models(connection, [one.table for one in models.values()])
    assert judged.failed == {}
    return there, judged.snapshot, models


@pytest.mark.parametrize("options", [{}, {"naming_convention": CONVENTION}], ids=["", "named"])
def test_what_models_made_is_said_by_models(connection, options):
    everything(**options).create_all(connection)
    there, again, models = made_anew(connection)

    assert again.tables == there.tables
    assert [one.unsaid for one in models.values() if one.unsaid] == []


def test_what_was_written_by_hand_is_said_by_models(connection):
    run(connection, *BY_HAND)
    there, again, models = made_anew(connection)

    assert again.tables == there.tables
    assert [one.unsaid for one in models.values() if one.unsaid] == []


def test_schemas_do_not_get_into_each_others_way(connection):
    run(
        connection,
        "ATTACH ':memory:' AS a",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up REFERENCES t)",
        "CREATE TABLE a.t (id INTEGER PRIMARY KEY, up REFERENCES t, x)",
        'CREATE TABLE "a.t" (id INTEGER PRIMARY KEY, up REFERENCES "a.t", y)',
    )
    there, again, _ = made_anew(connection, "", "a")

    assert again.tables == there.tables
    assert len(there.tables) == 3


# Statements, and what SQLAlchemy cannot say of them.
UNSAID = {
    "CREATE TABLE t (a INTEGER PRIMARY KEY DESC)": ["PRIMARY KEY (a DESC)"],
    "CREATE TABLE t (a, b, UNIQUE (a, b COLLATE NOCASE DESC))": [
        "UNIQUE (a, b COLLATE NOCASE DESC)"
    ],
    "CREATE TABLE t (a INTEGER CONSTRAINT k PRIMARY KEY AUTOINCREMENT)": [
        "CONSTRAINT k PRIMARY KEY (a)"
    ],
    "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT REFERENCES t)": ["AUTOINCREMENT"],
    "CREATE TABLE t (a REFERENCES missing)": ["FOREIGN KEY (a) REFERENCES missing"],
}


@pytest.mark.parametrize("sql", UNSAID)
def test_what_cannot_be_said_is_told(connection, sql):
    run(connection, sql)
    there, again, models = made_anew(connection)

    assert list(models[T].unsaid) == UNSAID[sql]
    assert again.tables[T] != there.tables[T]


def test_a_strict_table_is_one_where_sqlalchemy_knows_of_them(connection):
    run(connection, "CREATE TABLE t (a INT, b ANY, c BLOB) STRICT")
    there, again, models = made_anew(connection)

    assert (again.tables == there.tables) is KNOWS_STRICT
    assert models[T].unsaid == (() if KNOWS_STRICT else ("STRICT",))


@given(create_tables())
def test_any_table_is_said_as_far_as_it_can_be(sql):
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        run(connection, "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        try:
            connection.connection.dbapi_connection.execute(sql)
        except sqlite3.OperationalError:
            assume(False)
        there, again, models = made_anew(connection)
    engine.dispose()

    assert (again.tables[T] == there.tables[T]) is (models[T].unsaid == ())


def test_only_what_is_asked_for_is_made(connection):
    run(connection, *BY_HAND)
    models = models_of(read(connection, [""]), [T, Name("", "nothing")], dialect=sqlite.dialect())

    assert list(models) == [T]
    assert list(models[T].table.metadata.tables) == ["t"]


@pytest.mark.parametrize(
    ("declared", "type_"),
    [
        ("VARCHAR(20)", sa.VARCHAR(20)),
        ("VARCHAR", sa.VARCHAR()),
        ("NUMERIC(10, 2)", sa.NUMERIC(10, 2)),
        ("DATETIME", sa.DateTime()),
        ("DOUBLE PRECISION", sa.DOUBLE_PRECISION()),
        ("JSON", sa.JSON()),
        ("INTEGER", sa.INTEGER()),
        ("INT", Declared("INT")),
        ("VARCHAR(20, 2)", Declared("VARCHAR(20, 2)")),
        ("DECIMAL(10, -2)", Declared("DECIMAL(10, -2)")),
        ("ARRAY", Declared("ARRAY")),
        ("ENUM", Declared("ENUM")),
        ("", Declared("")),
    ],
)
def test_types_are_those_of_sqlalchemy_where_it_has_them(declared, type_):
    found = type_of(declared, None, sqlite.dialect())

    assert type(found) is type(type_)
    assert found.compile(dialect=sqlite.dialect()) == declared
