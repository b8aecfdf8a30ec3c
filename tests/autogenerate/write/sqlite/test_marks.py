"""Changes that only SQLite knows, or that it makes in its own way: each gets all its marks."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.changes.catalogue.options import takes
from tests.changes.change import change, of_column, of_table, things, v
from tests.changes.harness import Judge

MIDNIGHT = [dt.datetime(2024, 2, 29), None]  # noqa: DTZ001  (the column has no zone)
DAYS = [dt.date(2024, 2, 29), None]


def number(name, **options):
    return sa.Column(name, sa.Integer, **options)


def stored(expression):
    return v(sa.Integer, sa.Computed(expression, persisted=True))


def checked(*labels, **options):
    return sa.Enum(*labels, create_constraint=True, **options)


def strict(m, *, is_strict):
    return sa.Table("things", m, number("id", primary_key=True), sqlite_strict=is_strict)


def numbered(m, *, is_numbered, **options):
    return things(m, number("a"), sqlite_autoincrement=is_numbered, **options)


def coded(m, *items, **options):
    return sa.Table(
        "things", m, sa.Column("code", sa.String(9), primary_key=True), *items, **options
    )


def paired(m, *keys, **options):
    key = sa.PrimaryKeyConstraint(*keys, name="pair", **options)
    return sa.Table("things", m, number("a", nullable=False), number("b", nullable=False), key)


def conflicting(m, conflict):
    key = number("id", primary_key=True, sqlite_on_conflict_primary_key=conflict)
    return sa.Table("things", m, key, sqlite_autoincrement=True)


CHANGES = (
    of_table(
        "one of several nameless CHECKs over two columns goes",
        lambda: (
            [
                number("a"),
                number("b"),
                sa.CheckConstraint("a >= b"),
                sa.CheckConstraint("a < 9"),
                sa.CheckConstraint("a + b > 0"),
            ]
        ),
        lambda: [
            number("a"),
            number("b"),
            sa.CheckConstraint("a < 9"),
            sa.CheckConstraint("a + b > 0"),
        ],
    ),
    of_table(
        "two nameless CHECKs over two columns change at once",
        lambda: [
            number("a"),
            number("b"),
            sa.CheckConstraint("a >= b"),
            sa.CheckConstraint("a + b > 0"),
        ],
        lambda: [
            number("a"),
            number("b"),
            sa.CheckConstraint("a > b - 1"),
            sa.CheckConstraint("a + b > 1"),
        ],
    ),
    of_table(
        "columns of two nameless Booleans with a CHECK come",
        lambda: [number("a")],
        lambda: (
            [
                number("a"),
                v(sa.Boolean(create_constraint=True)),
                sa.Column("w", sa.Boolean(create_constraint=True)),
            ]
        ),
    ),
    of_column(
        "a nameless enum with a CHECK becomes longer",
        lambda: checked("low", "high"),
        lambda: checked("low", "high", "highest"),
    ),
    of_column(
        "a text becomes an enum with a CHECK",
        lambda: sa.String(20),
        lambda: checked("low", "high", name="level"),
        values=["low", "high", None],
    ),
    of_table(
        "a computed column that is indexed, and another is computed from, changes",
        lambda: [number("a"), stored("a * 2"), sa.Index("ix_v", "v")],
        lambda: [number("a"), stored("a * 3"), sa.Index("ix_v", "v")],
        becomes={"things.v": [3, 6, None]},
    ),
    of_table(
        "a stored column becomes virtual",
        lambda: [number("a"), stored("a * 2")],
        lambda: [number("a"), v(sa.Integer, sa.Computed("a * 2", persisted=False))],
    ),
    *(
        [
            change(
                "a table becomes STRICT",
                lambda m: strict(m, is_strict=False),
                lambda m: strict(m, is_strict=True),
            )
        ]
        if takes(lambda **options: lambda m: sa.Table("t", m, **options), sqlite_strict=True)
        else []
    ),
    change(
        "a table loses its rowid and gets a column",
        coded,
        lambda m: coded(m, number("a"), sqlite_with_rowid=False),
    ),
    change(
        "a key is numbered by AUTOINCREMENT",
        lambda m: numbered(m, is_numbered=False),
        lambda m: numbered(m, is_numbered=True),
    ),
    of_table(
        "a unique constraint gets ON CONFLICT",
        lambda: [number("a"), sa.UniqueConstraint("a", name="once")],
        lambda: [number("a"), sa.UniqueConstraint("a", name="once", sqlite_on_conflict="IGNORE")],
    ),
    change(
        "a key of two columns gets ON CONFLICT",
        lambda m: paired(m, "a", "b"),
        lambda m: paired(m, "a", "b", sqlite_on_conflict="REPLACE"),
    ),
    change(
        "a key gets a column and ON CONFLICT",
        lambda m: paired(m, "a"),
        lambda m: paired(m, "b", "a", sqlite_on_conflict="IGNORE"),
    ),
    change(
        "a key that loses a column keeps ON CONFLICT",
        lambda m: paired(m, "a", "b", sqlite_on_conflict="IGNORE"),
        lambda m: paired(m, "a", sqlite_on_conflict="IGNORE"),
    ),
    change(
        "a key that is numbered by AUTOINCREMENT gets ON CONFLICT",
        lambda m: conflicting(m, None),
        lambda m: conflicting(m, "ROLLBACK"),
    ),
    of_column(
        "a column becomes NOT NULL with ON CONFLICT",
        lambda: sa.Integer,
        lambda: v(
            sa.Integer,
            nullable=False,
            server_default="7",
            sqlite_on_conflict_not_null="REPLACE",
        ),
        values=[1, None, 3],
        filled=[1, 7, 3],
    ),
    of_column(
        "a column with ON CONFLICT may be NULL",
        lambda: v(sa.Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"),
        lambda: sa.Integer,
    ),
    of_table(
        "a column with ON CONFLICT comes that rows are given a value for",
        lambda: [number("a")],
        lambda: [
            number("a"),
            v(sa.Integer, nullable=False, default=5, sqlite_on_conflict_not_null="IGNORE"),
        ],
        becomes={"things.v": [5, 5, 5]},
    ),
    of_column(
        "a collation changes", lambda: sa.String(9, collation="NOCASE"), lambda: sa.String(9)
    ),
    of_table(
        "what is unique goes with one of its columns, and the other stays",
        lambda: [number("a"), number("b"), sa.UniqueConstraint("a", "b")],
        lambda: [number("a")],
    ),
    of_column(
        "a moment becomes a day", lambda: sa.DateTime, lambda: sa.Date, values=MIDNIGHT, filled=DAYS
    ),
    change(
        "a view reads a column that goes",
        lambda m: with_view(m, number("a"), v(sa.Integer)),
        lambda m: with_view(m, number("a")),
    ),
    change(
        "a nameless foreign key refers to another table",
        lambda m: (
            coded(m),
            things(m, name="a"),
            things(m, name="b"),
            things(m, number_of("a"), name="c"),
        ),
        lambda m: (
            coded(m),
            things(m, name="a"),
            things(m, name="b"),
            things(m, number_of("b"), name="c"),
        ),
    ),
)


def with_view(m, *items):
    table = things(m, *items)
    view = sa.DDL("CREATE VIEW shown AS SELECT v FROM things")
    if "v" in table.c:
        sa.event.listen(table, "after_create", view)


def number_of(table):
    return sa.Column("other", sa.ForeignKey(f"{table}.id"))


@pytest.mark.parametrize("one", CHANGES, ids=[one.name for one in CHANGES])
def test_a_change_gets_its_marks(one, make_database, tmp_path):
    result = Judge(make_database, tmp_path).judge(one, "sqlite", kind="")

    assert not result.failed, f"{result.failed}\n{result.script}"


def judged(make_database, tmp_path, before, after, **more):
    result = Judge(make_database, tmp_path).judge(
        of_table("", before, after, **more), "sqlite", kind=""
    )
    assert not result.failed, f"{result.failed}\n{result.script}"
    return result.script


def test_what_goes_with_its_column_and_has_no_name_is_not_written(make_database, tmp_path):
    script = judged(make_database, tmp_path, lambda: [v(sa.Integer, unique=True)], list)

    assert "drop_constraint" not in script


def test_another_kind_of_table_is_said_by_its_batch(make_database, tmp_path):
    result = Judge(make_database, tmp_path).judge(
        change(
            "",
            lambda m: numbered(m, is_numbered=False),
            lambda m: numbered(m, is_numbered=True),
        ),
        "sqlite",
        kind="",
    )

    assert "recreate='always', table_kwargs={'sqlite_autoincrement': True}" in result.script
