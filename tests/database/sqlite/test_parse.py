import sqlite3

import pytest
from hypothesis import assume, given

from flask_migrate.database.sqlite.ddl import Kind
from flask_migrate.database.sqlite.parse import parse_column, parse_constraint, parse_table
from flask_migrate.database.sqlite.reader import UnreadableDDL
from tests.database.sqlite.statements import create_tables

BY_HAND = """CREATE TABLE "my table" ( -- what we sell
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the number
  [b c] VARCHAR(10) NOT NULL ON CONFLICT IGNORE DEFAULT 'x' COLLATE NOCASE
    CONSTRAINT u UNIQUE ON CONFLICT REPLACE, /* between */
  `d` DECIMAL(10,2) DEFAULT -1 CHECK (d > 0)
    REFERENCES p(q) ON DELETE SET NULL MATCH FULL DEFERRABLE INITIALLY DEFERRED NOT NULL,
  'e' GENERATED ALWAYS AS (d + (1)) STORED,
  f AS (d) CONSTRAINT nothing,
  CONSTRAINT pair UNIQUE (d DESC, "b c" COLLATE nocase)
  CHECK (d <> ','), FOREIGN KEY (d, f) REFERENCES y -- last
) STRICT , without  rowid"""


@given(create_tables())
def test_a_statement_is_written_as_it_was_read(sql):
    assert parse_table(sql).text == sql


@given(create_tables())
def test_what_sqlite_accepts_is_read_as_sqlite_reads_it(sql):
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(sql)
    except sqlite3.OperationalError:
        assume(False)
    (stored,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()
    table = parse_table(stored)
    columns = connection.execute("PRAGMA table_xinfo(t)").fetchall()
    keys = connection.execute("PRAGMA foreign_key_list(t)").fetchall()
    connection.close()

    assert table.text == stored
    assert [column.name for column in table.columns] == [row[1] for row in columns]
    is_not_null = [column.clause(Kind.NOT_NULL) is not None for column in table.columns]
    if table.has_rowid:
        assert is_not_null == [bool(row[3]) for row in columns]
    found = [one.columns for one in table.found(Kind.FOREIGN_KEY)]
    assert len(found) == len({row[0] for row in keys})
    primary = [name for one in table.found(Kind.PRIMARY_KEY) for name in one.columns]
    assert [name.lower() for name in primary] == [row[1].lower() for row in columns if row[5]]


def test_every_clause_is_told_apart():
    table = parse_table(BY_HAND)
    kinds = {
        column.name: [clause.kind.value for clause in column.clauses] for column in table.columns
    }

    assert table.text == BY_HAND
    assert (table.name, table.options) == ("my table", {"STRICT", "WITHOUT ROWID"})
    assert kinds == {
        "id": ["primary key"],
        "b c": ["not null", "default", "collate", "unique"],
        "d": ["default", "check", "foreign key", "not null"],
        "e": ["generated"],
        "f": ["generated", "nothing"],
    }
    assert [column.declared_type for column in table.columns] == [
        "INTEGER",
        "VARCHAR(10)",
        "DECIMAL(10,2)",
        "",
        "",
    ]
    assert [(one.clause.name, one.clause.columns) for one in table.constraints] == [
        ("pair", ("d", "b c")),
        (None, ()),
        (None, ("d", "f")),
    ]


def test_a_foreign_key_says_what_it_refers_to():
    clause = parse_column('"c" INT CONSTRAINT k REFERENCES "the parent" ("x y") ON DELETE CASCADE')

    (key,) = clause.clauses
    assert (key.name, key.refers_to, key.refers_columns) == ("k", "the parent", ("x y",))
    assert parse_constraint("FOREIGN KEY (a) REFERENCES p").clause.refers_columns == ()


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "CREATE TABLE t AS SELECT 1",
        "CREATE TABLE t (a INT",
        "CREATE TABLE t (a 'INT)",
        "CREATE TABLE t (UNIQUE (a))",
        "CREATE TABLE t (a INT, UNIQUE (a), b INT)",
        "CREATE TABLE t (a INT NOT SUGAR)",
    ],
)
def test_what_is_no_table_is_not_guessed_at(sql):
    with pytest.raises(UnreadableDDL, match="cannot read"):
        parse_table(sql)


@pytest.mark.parametrize("read", [parse_column, parse_constraint])
def test_nothing_may_stand_behind(read):
    with pytest.raises(UnreadableDDL):
        read("a INT, b")
