"""Enums, and booleans with a constraint."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.changes.change import change, dialect_of, of_column, things, v

REWRITTEN = "A row has a value that is no longer there."
TEXT = {"sqlite": "It is a text that is as long as its longest value."}
NO_TYPE = {"because": "An enum is no type of its own."}


def enum(*labels, name="mood", **options):
    return sa.Enum(*labels, name=name, **options)


def checked(*labels, **options):
    return enum(*labels, native_enum=False, create_constraint=True, **options)


def plain(*labels, **options):
    return enum(*labels, native_enum=False, **options)


def of_labels(name, before, after, values=("low", "high", None), **more):
    """Return the change of an enum for each way to have one."""
    for way, make in (("an enum", enum), ("an enum with a CHECK", checked)):
        is_text = make is enum and len(max(before, key=len)) == len(max(after, key=len))
        yield of_column(
            f"{way} {name}",
            lambda make=make: make(*before),
            lambda make=make: make(*after),
            values=list(values),
            without=TEXT if is_text else {},
            **more,
        )


def array(*labels):
    """Return models with an array of an enum, where there are arrays."""

    def models(m):
        if dialect_of(m) != "postgresql":
            return things(m, v(sa.String(20)))
        return things(m, v(postgresql.ARRAY(enum(*labels))))

    return models


def two_tables(*labels):
    """Return models of two tables that share an enum."""

    def models(m):
        shared = sa.Enum(*labels, name="mood", metadata=m)
        things(m, v(shared))
        things(m, v(shared, server_default=labels[0]), name="others")

    return models


def boolean(**options):
    return lambda: sa.Boolean(**options)


CHANGES = (
    *of_labels("gets a value at its end", ["low", "high"], ["low", "high", "top"]),
    *of_labels("gets a value at its beginning", ["low", "high"], ["none", "low", "high"]),
    *of_labels("gets a value in between", ["low", "high"], ["low", "mid", "high"]),
    *of_labels("gets several values", ["low", "high"], ["none", "low", "mid", "high", "top"]),
    *of_labels("loses a value that no row has", ["low", "mid", "high"], ["low", "high"]),
    *of_labels("changes the order of its values", ["low", "high"], ["high", "low"]),
    *of_labels(
        "gets values with quotes and more",
        ["low", "high"],
        ["low", "high", "it's", 'say "x"', "100%", ":colon", "a,b", "grün"],
    ),
    *of_labels("gets a longer value", ["low", "high"], ["low", "high", "higher than ever before"]),
    *of_labels("loses and gets values at once", ["low", "mid", "high"], ["low", "high", "top"]),
    *of_labels(
        "loses a value that a row has",
        ["low", "mid", "high"],
        ["low", "high"],
        values=["low", "mid", None],
        refused=dict.fromkeys(("sqlite", "postgresql", "mariadb"), REWRITTEN),
    ),
    of_column(
        "an enum keeps its default when it gets a value",
        lambda: v(enum("low", "high"), server_default="low"),
        lambda: v(enum("low", "mid", "high"), server_default="low"),
        without=TEXT,
    ),
    of_column(
        "an enum keeps its default when it loses a value",
        lambda: v(enum("low", "mid", "high"), server_default="low"),
        lambda: v(enum("low", "high"), server_default="low"),
        values=["low", "high"],
        without=TEXT,
    ),
    of_column(
        "an enum gets a value and a default of it",
        lambda: v(enum("low", "high")),
        lambda: v(enum("low", "mid", "high"), server_default="mid"),
        values=["low", "high", None],
    ),
    of_column(
        "an enum with an index loses a value",
        lambda: v(enum("low", "mid", "high"), index=True),
        lambda: v(enum("low", "high"), index=True),
        values=["low", "high", None],
        without=TEXT,
    ),
    change(
        "an enum is made with its first column",
        things,
        lambda m: things(m, v(enum("low", "high"))),
    ),
    change(
        "an enum is dropped with its last column",
        lambda m: things(m, v(enum("low", "high"))),
        things,
    ),
    change(
        "an enum is kept, as another table has it",
        two_tables("low", "high"),
        lambda m: (
            things(m),
            things(m, v(enum("low", "high"), server_default="low"), name="others"),
        ),
    ),
    change(
        "a second table gets an enum that is there",
        lambda m: (
            things(m),
            things(m, v(enum("low", "high"), server_default="low"), name="others"),
        ),
        two_tables("low", "high"),
    ),
    change(
        "an enum of two tables gets a value",
        two_tables("low", "high"),
        two_tables("low", "mid", "high"),
        without=TEXT,
    ),
    change(
        "an enum of two tables loses a value",
        two_tables("low", "mid", "high"),
        two_tables("low", "high"),
        rows={one: [{"v": "low"}, {"v": "high"}] for one in ("things", "others")},
        without=TEXT,
    ),
    change(
        "an enum of an array gets a value",
        array("low", "high"),
        array("low", "mid", "high"),
        only=["postgresql"],
        because="There are no arrays.",
    ),
    change(
        "an enum of an array loses a value",
        array("low", "mid", "high"),
        array("low", "high"),
        rows={"things": [{"v": ["low", "high"]}, {"v": []}]},
        only=["postgresql"],
        because="There are no arrays.",
    ),
    change(
        "a table with an array of an enum is made",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), array("low", "high")(m)),
    ),
    of_column(
        "an enum gets another name",
        lambda: enum("low", "high"),
        lambda: enum("low", "high", name="state"),
        only=["postgresql"],
        **NO_TYPE,
    ),
    of_column(
        "a text becomes an enum",
        lambda: sa.String(20),
        lambda: enum("low", "high"),
        values=["low", "high", None],
    ),
    of_column(
        "a text with a default becomes an enum",
        lambda: v(sa.String(20), server_default="low"),
        lambda: v(enum("low", "high"), server_default="low"),
        values=["low", "high"],
    ),
    of_column(
        "an enum becomes a text",
        lambda: enum("low", "high"),
        lambda: sa.String(20),
        values=["low", "high", None],
    ),
    of_column(
        "an enum becomes one with a CHECK",
        lambda: enum("low", "high"),
        lambda: checked("low", "high"),
        values=["low", "high", None],
    ),
    of_column(
        "an enum gets its CHECK",
        lambda: plain("low", "high"),
        lambda: checked("low", "high"),
        values=["low", "high", None],
    ),
    of_column(
        "an enum loses its CHECK",
        lambda: checked("low", "high"),
        lambda: plain("low", "high"),
        values=["low", "high", None],
    ),
    of_column(
        "an enum without a CHECK gets a longer value",
        lambda: plain("low", "high"),
        lambda: plain("low", "high", "higher than ever"),
        values=["low", "high", None],
    ),
    of_column(
        "an enum without a CHECK gets a value as long as others",
        lambda: v(plain("low", "high"), comment=None),
        lambda: v(plain("low", "high", "mid"), nullable=False),
        values=["low", "high"],
    ),
    of_column(
        "an enum becomes another one",
        lambda: enum("low", "high"),
        lambda: enum("low", "high", "top", name="state"),
        values=["low", "high", None],
        without=TEXT,
    ),
    of_column(
        "an ENUM of MariaDB gets a character set",
        lambda: sa.String(20).with_variant(mysql.ENUM("low", "high"), "mysql", "mariadb"),
        lambda: sa.String(20).with_variant(
            mysql.ENUM("low", "high", charset="latin1"), "mysql", "mariadb"
        ),
        values=["low", "high", None],
        only=["mariadb"],
        because="An enum has no character set.",
    ),
    of_column(
        "a boolean gets its CHECK",
        boolean(),
        boolean(create_constraint=True, name="is_v"),
        without={"postgresql": "A boolean is a type, and needs no CHECK."},
    ),
    of_column(
        "a boolean loses its CHECK",
        boolean(create_constraint=True, name="is_v"),
        boolean(),
        without={"postgresql": "A boolean is a type, and needs no CHECK."},
    ),
    of_column(
        "a boolean gets its CHECK without a name",
        boolean(),
        boolean(create_constraint=True),
        without={"postgresql": "A boolean is a type, and needs no CHECK."},
    ),
    change(
        "a column of a boolean with a CHECK is added",
        things,
        lambda m: things(m, v(sa.Boolean(create_constraint=True, name="is_v"))),
    ),
    change(
        "a column of a boolean with a CHECK is dropped",
        lambda m: things(m, v(sa.Boolean(create_constraint=True, name="is_v"))),
        things,
    ),
    change(
        "a column of an enum with a CHECK is added",
        things,
        lambda m: things(m, v(checked("low", "high"))),
    ),
    change(
        "a column of an enum with a CHECK is dropped",
        lambda m: things(m, v(checked("low", "high"))),
        things,
    ),
)
