"""Each edit changes what it is about, and not a character more."""

import sqlite3

import pytest
from hypothesis import assume, given

from flask_migrate.database.sqlite import edit
from flask_migrate.database.sqlite.ddl import Kind
from flask_migrate.database.sqlite.parse import parse_column, parse_constraint, parse_table
from tests.database.sqlite.statements import create_tables

ORDERS = """CREATE TABLE orders (
  id INTEGER PRIMARY KEY, -- the number
  [user id] INT CONSTRAINT fk REFERENCES users (id) DEFERRABLE,
  total NUMERIC NOT NULL DEFAULT 0 CHECK (total >= 0),
  code TEXT COLLATE NOCASE,
  UNIQUE ("user id", code),
  CONSTRAINT short CHECK (length(code) < 9)
)"""


def column(name, change):
    return lambda table: edit.change_column(table, name, change)


def dropped(kind, position=0):
    return lambda table: edit.drop_constraint(table, list(table.found(kind))[position])


EDITS = {
    "the name of the table": (
        lambda table: edit.rename_table(table, 'my "orders"'),
        ("orders (", '"my ""orders""" ('),
    ),
    "a type": (
        column("TOTAL", lambda one: edit.set_type(one, "DECIMAL(10, 2)")),
        ("total NUMERIC", "total DECIMAL(10, 2)"),
    ),
    "NULL allowed": (
        column("total", lambda one: edit.set_not_null(one, not_null=False)),
        (" NOT NULL", ""),
    ),
    "NULL forbidden": (
        column("code", lambda one: edit.set_not_null(one, not_null=True)),
        ("COLLATE NOCASE,", "COLLATE NOCASE NOT NULL,"),
    ),
    "a default": (
        column("total", lambda one: edit.set_default(one, "(1 + 1)")),
        (" DEFAULT 0 CHECK (total >= 0),", " CHECK (total >= 0) DEFAULT (1 + 1),"),
    ),
    "no default": (
        column("total", lambda one: edit.set_default(one, None)),
        (" DEFAULT 0", ""),
    ),
    "a collation": (
        column("code", lambda one: edit.set_collation(one, "RTRIM")),
        ("NOCASE", '"RTRIM"'),
    ),
    "no collation": (
        column("code", lambda one: edit.set_collation(one, None)),
        (" COLLATE NOCASE", ""),
    ),
    "a generated column": (
        column("code", lambda one: edit.set_generated(one, "AS (id) STORED")),
        ("NOCASE,", "NOCASE AS (id) STORED,"),
    ),
    "a new column": (
        lambda table: edit.add_column(table, parse_column("note TEXT")),
        ("NOCASE,", "NOCASE,\n  note TEXT,"),
    ),
    "a new column after another": (
        lambda table: edit.add_column(table, parse_column("note TEXT"), after="id"),
        ("number\n", "number\n\n  note TEXT,"),
    ),
    "a new column before another": (
        lambda table: edit.add_column(table, parse_column("note TEXT"), before="code"),
        ("\n  code", "\n  note TEXT,\n  code"),
    ),
    "a dropped column with its remark": (
        lambda table: edit.drop_column(table, "id"),
        ("\n  id INTEGER PRIMARY KEY, -- the number\n", ""),
    ),
    "a dropped column with its own CHECK": (
        lambda table: edit.drop_column(table, "total"),
        ("\n  total NUMERIC NOT NULL DEFAULT 0 CHECK (total >= 0),", ""),
    ),
    "a dropped UNIQUE": (dropped(Kind.UNIQUE), ('\n  UNIQUE ("user id", code),', "")),
    "a dropped CHECK, the last item": (
        dropped(Kind.CHECK, 1),
        (",\n  CONSTRAINT short CHECK (length(code) < 9)", ""),
    ),
    "a dropped foreign key of a column": (
        dropped(Kind.FOREIGN_KEY),
        (" CONSTRAINT fk REFERENCES users (id) DEFERRABLE", ""),
    ),
    "a new constraint": (
        lambda table: edit.add_constraint(table, parse_constraint("CONSTRAINT u UNIQUE (total)")),
        ("< 9)", "< 9),\n  CONSTRAINT u UNIQUE (total)"),
    ),
    "another primary key": (
        lambda table: edit.add_constraint(table, parse_constraint("PRIMARY KEY (code)")),
        None,
    ),
    "AUTOINCREMENT": (
        lambda table: edit.set_autoincrement(table, wanted=True),
        ("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT"),
    ),
    "WITHOUT ROWID": (
        lambda table: edit.set_option(table, "WITHOUT ROWID", wanted=True),
        ("\n)", "\n) WITHOUT ROWID"),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_nothing_but_what_is_asked_for_changes(name):
    change, replaced = EDITS[name]
    changed = change(parse_table(ORDERS))

    assert parse_table(changed.text) is not None
    if replaced is not None:
        assert changed.text == ORDERS.replace(*replaced)


def test_another_primary_key_takes_the_place_of_the_first():
    table = EDITS["another primary key"][0](parse_table(ORDERS))

    assert [one.columns for one in table.found(Kind.PRIMARY_KEY)] == [("code",)]
    assert "id INTEGER, --" in table.text


def test_constraints_go_with_the_last_column_that_they_are_about():
    table = edit.drop_column(parse_table(ORDERS), "code")

    assert table.constraints == ()


def test_a_primary_key_loses_a_column_and_keeps_the_others():
    table = parse_table("CREATE TABLE t (a, b, c, CONSTRAINT pk PRIMARY KEY (a, b DESC, c))")

    assert edit.drop_column(table, "a").text == (
        "CREATE TABLE t ( b, c, CONSTRAINT pk PRIMARY KEY (b DESC, c))"
    )


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE TABLE t (a)", "the only column"),
        ("CREATE TABLE t (a, b CHECK (b > a))", "the column 'b' is defined by it: CHECK"),
        ("CREATE TABLE t (a, b AS (a + 1))", "the column 'b' is defined by it: AS"),
        ("CREATE TABLE t (a, b, CHECK (a > b))", "a constraint needs it: CHECK"),
    ],
)
def test_a_column_that_something_needs_does_not_go(sql, reason):
    with pytest.raises(edit.PartInUse, match=reason):
        edit.drop_column(parse_table(sql), "A")


def test_columns_move_no_further_than_asked():
    table = parse_table("CREATE TABLE t (a, b, c, d)")
    ordered = edit.order_columns(table, [("d", "b"), ("c", "a")])

    assert [column.name for column in ordered.columns] == ["c", "a", "d", "b"]
    with pytest.raises(edit.PartInUse, match="circle"):
        edit.order_columns(table, [("a", "b"), ("b", "a")])


def test_a_missing_column_is_named():
    with pytest.raises(edit.PartMissing, match="No such column: 'x'"):
        edit.get_column(parse_table("CREATE TABLE t (a)"), "x")


@given(create_tables())
def test_what_is_added_and_dropped_again_leaves_no_trace(sql):
    table = parse_table(sql)
    added = edit.add_column(table, parse_column("extra INT NOT NULL"))

    assert len(parse_table(added.text).columns) == len(table.columns) + 1
    assert edit.drop_column(added, "extra").text == sql


@given(create_tables())
def test_a_new_default_is_the_only_difference(sql):
    table = parse_table(sql)
    first = table.columns[0]
    changed = edit.change_column(table, first.name, lambda one: edit.set_default(one, "(42)"))
    again = parse_table(changed.text)
    assume(first.clause(Kind.GENERATED) is None)

    assert again.columns[0].clause(Kind.DEFAULT).expression == "(42)"
    assert [one.text for one in again.columns[1:]] == [one.text for one in table.columns[1:]]
    assert [one.text for one in again.constraints] == [one.text for one in table.constraints]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("a INTEGER PRIMARY KEY", True),
        ("a /* INT */ integer -- it\n PRIMARY KEY ASC", True),
        ('a "Integer" PRIMARY KEY', True),
        ("a INT PRIMARY KEY", False),
        ("a INTEGER PRIMARY KEY DESC", False),
        ("a INTEGER(8) PRIMARY KEY", False),
        ("a INTEGER", False),
    ],
)
def test_the_number_of_a_row_is_told_from_other_keys(column, expected):
    sql = f"CREATE TABLE t ({column})"
    connection = sqlite3.connect(":memory:")
    connection.execute(sql)
    connection.execute("INSERT INTO t (a) VALUES (NULL)")
    (stored,) = connection.execute("SELECT a FROM t").fetchone()
    connection.close()

    assert edit.is_rowid(parse_table(sql), "a") is expected is (stored == 1)
