"""Unique constraints."""

import sqlalchemy as sa

from tests.changes.change import change, of_table, things

C = sa.Column
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "A unique constraint has no such option."}
ON_CONFLICT = {"only": ["sqlite"], "because": "There is no ON CONFLICT."}


def columns(*items):
    """Return the columns `a` and `b`, and what else there is, made anew each time."""
    return lambda: [C("a", sa.String(9)), C("b", sa.Integer), *(make() for make in items)]


def unique(*names, name="once", **options):
    return lambda: sa.UniqueConstraint(*names, name=name, **options)


CHANGES = (
    of_table("a unique constraint is added", columns(), columns(unique("a"))),
    of_table("a unique constraint is dropped", columns(unique("a")), columns()),
    of_table(
        "a unique constraint without a name is added", columns(), columns(unique("a", name=None))
    ),
    of_table(
        "a unique constraint without a name is dropped", columns(unique("a", name=None)), columns()
    ),
    of_table(
        "a column becomes unique",
        columns(),
        lambda: [C("a", sa.String(9), unique=True), C("b", sa.Integer)],
    ),
    of_table(
        "a column is no longer unique",
        lambda: [C("a", sa.String(9), unique=True), C("b", sa.Integer)],
        columns(),
    ),
    of_table("a unique constraint gets a column", columns(unique("a")), columns(unique("a", "b"))),
    of_table("a unique constraint loses a column", columns(unique("a", "b")), columns(unique("a"))),
    of_table(
        "the columns of a unique constraint change their order",
        columns(unique("a", "b")),
        columns(unique("b", "a")),
    ),
    of_table(
        "a unique constraint is on another column", columns(unique("a")), columns(unique("b"))
    ),
    of_table(
        "a unique constraint gets another name",
        columns(unique("a")),
        columns(unique("a", name="no_twins")),
    ),
    of_table(
        "a unique constraint gets a name",
        columns(unique("a", name=None)),
        columns(unique("a")),
    ),
    of_table(
        "a unique constraint becomes a unique index",
        columns(unique("a")),
        columns(lambda: sa.Index("once", "a", unique=True)),
        without={"mariadb": "A unique constraint is a unique index."},
    ),
    of_table(
        "a unique index becomes a unique constraint",
        columns(lambda: sa.Index("once", "a", unique=True)),
        columns(unique("a")),
        without={"mariadb": "A unique constraint is a unique index."},
    ),
    of_table(
        "a unique constraint becomes an index of another name",
        columns(unique("a")),
        columns(lambda: sa.Index("ix_a", "a")),
    ),
    of_table(
        "a unique constraint becomes DEFERRABLE",
        columns(unique("a")),
        columns(unique("a", deferrable=True)),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a unique constraint becomes INITIALLY DEFERRED",
        columns(unique("a", deferrable=True)),
        columns(unique("a", deferrable=True, initially="DEFERRED")),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a unique constraint is no longer DEFERRABLE",
        columns(unique("a", deferrable=True, initially="DEFERRED")),
        columns(unique("a")),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a unique constraint gets INCLUDE",
        columns(unique("a")),
        columns(unique("a", postgresql_include=["b"])),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a unique constraint loses INCLUDE",
        columns(unique("a", postgresql_include=["b"])),
        columns(unique("a")),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "NULLs become equal to each other for a unique constraint",
        columns(unique("a")),
        columns(unique("a", postgresql_nulls_not_distinct=True)),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a unique constraint gets ON CONFLICT",
        columns(unique("a")),
        columns(unique("a", sqlite_on_conflict="IGNORE")),
        **ON_CONFLICT,
    ),
    of_table(
        "ON CONFLICT of a unique constraint changes",
        columns(unique("a", sqlite_on_conflict="IGNORE")),
        columns(unique("a", sqlite_on_conflict="REPLACE")),
        **ON_CONFLICT,
    ),
    of_table(
        "a unique constraint loses ON CONFLICT",
        columns(unique("a", sqlite_on_conflict="IGNORE")),
        columns(unique("a")),
        **ON_CONFLICT,
    ),
    change(
        "a unique constraint that a foreign key needs is dropped with it",
        lambda m: (
            things(m, C("code", sa.String(9)), sa.UniqueConstraint("code", name="once")),
            things(
                m,
                C("code", sa.String(9)),
                sa.ForeignKeyConstraint(["code"], ["things.code"], name="to_things"),
                name="parts",
            ),
        ),
        lambda m: (
            things(m, C("code", sa.String(9))),
            things(m, C("code", sa.String(9)), name="parts"),
        ),
    ),
    change(
        "a unique constraint is added with the foreign key that needs it",
        lambda m: (
            things(m, C("code", sa.String(9))),
            things(m, C("code", sa.String(9)), name="parts"),
        ),
        lambda m: (
            things(m, C("code", sa.String(9)), sa.UniqueConstraint("code", name="once")),
            things(
                m,
                C("code", sa.String(9)),
                sa.ForeignKeyConstraint(["code"], ["things.code"], name="to_things"),
                name="parts",
            ),
        ),
        rows={"things": [{"code": "x"}, {"code": "y"}], "parts": [{"code": "x"}, {"code": None}]},
    ),
)
