"""Names that go from one table to another."""

import sqlalchemy as sa

from tests.changes.change import change, things


def index(name="ix"):
    return sa.Index(name, "x")


def unique():
    return sa.UniqueConstraint("x", name="uq")


def key():
    return sa.ForeignKeyConstraint(["x"], ["targets.id"], name="fk")


def tables(**parts):
    """Return models of tables that have a column `x`, and what their functions make."""

    def models(m):
        things(m, name="targets")
        for name, make in parts.items():
            made = [make()] if make else []
            things(m, sa.Column("x", sa.Integer), *made, name=name)

    return models


CHANGES = (
    change(
        "the name of an index moves to a table before its own",
        tables(a=None, b=index),
        tables(a=index, b=None),
    ),
    change(
        "the name of an index moves to a table behind its own",
        tables(a=index, b=None),
        tables(a=None, b=index),
    ),
    change("the name of an index moves to a new table", tables(b=index), tables(a=index, b=None)),
    change(
        "the name of an index moves to a new table from one that goes",
        tables(b=index),
        tables(a=index),
    ),
    change(
        "two tables swap the names of their indexes",
        tables(a=index, b=lambda: index("other")),
        tables(a=lambda: index("other"), b=index),
    ),
    change(
        "the name of a unique constraint moves to another table",
        tables(a=None, b=unique),
        tables(a=unique, b=None),
    ),
    change(
        "the name of a unique constraint moves to a new table from one that goes",
        tables(b=unique),
        tables(a=unique),
    ),
    change(
        "the name of a foreign key moves to another table",
        tables(a=None, b=key),
        tables(a=key, b=None),
    ),
    change(
        "the name of a foreign key moves to a new table from one that goes",
        tables(b=key),
        tables(a=key),
    ),
)
