"""What cannot be done without losing something is refused, before anything is touched."""

import pytest
import sqlalchemy as sa

from flask_migrate.errors import MigrateError, RebuildRefused, RowsRefused, UnknownPart

TABLE = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c INT)",
    "INSERT INTO t VALUES (1, NULL, 2, 3), (2, 'x', 2, -4)",
)


def drop_a(batch):
    batch.drop_column("a")


def drop_a_by_copy(batch):
    batch.drop_column("a")
    batch.alter_column("b", nullable=False)


# Name: more statements, the operations, what the error says.
REFUSED = {
    "a view that uses the column": (
        ["CREATE VIEW v AS SELECT a FROM t"],
        drop_a,
        "'v' would not work any more: error in view v",
    ),
    "a view that uses a view that uses the column": (
        ["CREATE VIEW v AS SELECT * FROM t", "CREATE VIEW w AS SELECT a FROM v"],
        drop_a_by_copy,
        "'w' would not work any more: error in view w",
    ),
    "a trigger that uses the column": (
        ["CREATE TRIGGER tr AFTER INSERT ON t WHEN new.a = 'x' BEGIN SELECT 1; END"],
        drop_a,
        "'tr' would not work any more: error in trigger tr",
    ),
    "a trigger of another table that uses the column": (
        [
            "CREATE TABLE o (x INT)",
            "CREATE TRIGGER tr AFTER INSERT ON o BEGIN UPDATE t SET a = 1; END",
        ],
        drop_a_by_copy,
        "'tr' would not work any more: error in trigger tr",
    ),
    "a trigger for updates of the column": (
        ["CREATE TRIGGER tr AFTER UPDATE OF b, a ON t BEGIN SELECT 1; END"],
        drop_a,
        "the trigger 'tr' is for updates of the column 'a'",
    ),
    "a foreign key of a child": (
        ["CREATE UNIQUE INDEX u ON t (a)", "CREATE TABLE child (x TEXT REFERENCES t (a))"],
        drop_a,
        "a foreign key of 'child' refers to the column 'a'",
    ),
    "a foreign key of its own": (
        ["DROP TABLE t", "CREATE TABLE t (a INT UNIQUE, b INT REFERENCES t (a))"],
        drop_a,
        "a foreign key of its own refers to the column 'a': REFERENCES t (a)",
    ),
    "a CHECK of several columns": (
        ["DROP TABLE t", "CREATE TABLE t (a INT, b INT, CONSTRAINT c CHECK (a < b))"],
        drop_a,
        "the column 'a' cannot be dropped: a constraint needs it: CONSTRAINT c CHECK (a < b)",
    ),
    "a generated column": (
        ["DROP TABLE t", "CREATE TABLE t (a INT, b INT AS (a + 1))"],
        drop_a,
        "the column 'a' cannot be dropped: the column 'b' is defined by it: AS (a + 1)",
    ),
    "the only column": (
        ["DROP TABLE t", "CREATE TABLE t (a INT)"],
        drop_a,
        "the column 'a' cannot be dropped: it is the only column",
    ),
    "a column that is there": (
        [],
        lambda batch: batch.add_column(sa.Column("A", sa.Integer())),
        "there is a column 'A' already",
    ),
    "AUTOINCREMENT without INTEGER": (
        ["DROP TABLE t", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)"],
        lambda batch: batch.alter_column("id", type_=sa.BigInteger()),
        "SQLite would refuse it: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY",
    ),
    "a broken view, where SQLite has to look at it": (
        ["CREATE VIEW broken AS SELECT x FROM nowhere"],
        lambda batch: batch.alter_column("a", new_column_name="z"),
        "SQLite would refuse it: error in view broken",
    ),
    "a type that STRICT does not know": (
        ["DROP TABLE t", "CREATE TABLE t (a TEXT) STRICT"],
        lambda batch: batch.alter_column("a", type_=sa.String(5)),
        "unknown datatype for",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(lab, name):
    more, change, said = REFUSED[name]
    lab.run(*TABLE, *more)
    before = lab.snapshot()
    with pytest.raises(RebuildRefused) as caught, lab.batch("t") as batch:
        change(batch)
    words = ("ALTER", "DROP", "CREATE", "INSERT")

    assert caught.value.message.startswith("The table 't' was not changed: ")
    assert said in caught.value.message
    assert not [sql for sql in lab.statements if sql.startswith(words)]
    assert lab.snapshot() == before


@pytest.mark.parametrize("table", ["docs", "docs_content"])
def test_a_virtual_table_and_its_shadows_are_refused(lab, table):
    lab.run("CREATE VIRTUAL TABLE docs USING fts5(a)")
    with pytest.raises(RebuildRefused, match="virtual table"), lab.batch(table) as batch:
        batch.drop_column("a")


@pytest.mark.parametrize(
    ("change", "said", "other"),
    [
        (lambda batch: batch.drop_column("z"), "No such column: 'z' in the table 't'.", KeyError),
        (lambda batch: batch.alter_column("z", nullable=True), "No such column: 'z'", KeyError),
        (lambda batch: batch.drop_constraint("z"), "No such constraint: 'z'", ValueError),
        (
            lambda batch: (batch.drop_index("z"), batch.drop_column("b")),
            "No such index: 'z'",
            ValueError,
        ),
    ],
)
def test_what_is_not_there_is_named_and_caught_as_with_alembic(lab, change, said, other):
    lab.run(*TABLE)
    with pytest.raises(UnknownPart, match=said) as caught, lab.batch("t") as batch:
        change(batch)

    assert isinstance(caught.value, other)
    assert isinstance(caught.value, MigrateError)
    assert str(caught.value).startswith("No such")


def test_a_table_that_is_not_there_is_missed_as_with_alembic(lab):
    with pytest.raises(sa.exc.NoSuchTableError), lab.batch("missing") as batch:
        batch.drop_column("a")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda batch: batch.alter_column("a", nullable=False),
            "(NOT NULL constraint failed: t.a): id=1.",
        ),
        (
            lambda batch: batch.alter_column("a", nullable=False, new_column_name="name"),
            "(NOT NULL constraint failed: t.name): id=1.",
        ),
        (
            lambda batch: batch.add_column(sa.Column("n", sa.Integer(), nullable=False)),
            "no row has a value for the new column 'n', and it has no default.",
        ),
        (
            lambda batch: batch.create_unique_constraint("u", ["b"]),
            "(UNIQUE constraint failed: t.b): 2 rows have b=2.",
        ),
        (
            lambda batch: batch.create_check_constraint("positive", "c > 0"),
            "(CHECK constraint failed: positive): id=2, c=-4.",
        ),
    ],
)
def test_rows_that_a_new_constraint_forbids_are_named(lab, change, said):
    lab.run(*TABLE)
    before = lab.snapshot()
    with pytest.raises(RowsRefused) as caught, lab.batch("t") as batch:
        change(batch)

    assert caught.value.message.startswith("The table 't' was not changed, because it has rows")
    assert caught.value.message.endswith(said)
    assert lab.snapshot() == before


def test_a_conflict_clause_does_not_let_rows_go_without_a_word(lab):
    lab.run(*TABLE)
    with pytest.raises(RowsRefused), lab.batch("t") as batch:
        batch.create_unique_constraint("u", ["b"], sqlite_on_conflict="IGNORE")

    assert lab.rows("SELECT count(*) FROM t") == [(2,)]
