"""New columns that are NOT NULL."""

import datetime as dt
import uuid
from decimal import Decimal

import sqlalchemy as sa

from tests.changes.catalogue.nullability import Size
from tests.changes.change import of_table, v

NO_VALUE = {
    "refused": dict.fromkeys(
        ("sqlite", "postgresql"), "Nothing says what the rows that there are get."
    ),
    "said": {"mariadb": "The rows that there are get the zero of the type."},
}


def added(name, make, value=None, **more):
    """Return the change that adds a column, which the three rows get a value in."""
    if value is not None:
        more["becomes"] = {"things.v": [value] * 3}
    return of_table(f"a required column is added with {name}", list, lambda: [make()], **more)


def required(type_, **options):
    return v(type_, nullable=False, **options)


CHANGES = (
    added("a text as server default", lambda: required(sa.String(20), server_default="x"), "x"),
    added("an empty server default", lambda: required(sa.String(20), server_default=""), ""),
    added(
        "a number as server default",
        lambda: required(sa.Integer, server_default=sa.text("7")),
        7,
    ),
    added("true as server default", lambda: required(sa.Boolean, server_default=sa.true()), True),
    added(
        "false as server default", lambda: required(sa.Boolean, server_default=sa.false()), False
    ),
    added("now() as server default", lambda: required(sa.DateTime, server_default=sa.func.now())),
    added(
        "an expression as server default",
        lambda: required(sa.Integer, server_default=sa.text("(3 * 4)")),
        12,
    ),
    added(
        "a member of an enum as server default",
        lambda: required(sa.Enum(Size, name="size"), server_default="LARGE"),
        "LARGE",
    ),
    added("a text as default in Python", lambda: required(sa.String(20), default="it's"), "it's"),
    added("an empty default in Python", lambda: required(sa.String(20), default=""), ""),
    added("zero as default in Python", lambda: required(sa.Integer, default=0), 0),
    added("false as default in Python", lambda: required(sa.Boolean, default=False), False),
    added(
        "a truth that has a CHECK as default in Python",
        lambda: required(sa.Boolean(create_constraint=True, name="truth"), default=True),
        True,
    ),
    added(
        "a decimal as default in Python",
        lambda: required(sa.Numeric(8, 2), default=Decimal("1.50")),
        Decimal("1.5"),
    ),
    added(
        "a member of an enum as default in Python",
        lambda: required(sa.Enum(Size, name="size"), default=Size.LARGE),
        "LARGE",
    ),
    added(
        "a day as default in Python",
        lambda: required(sa.Date, default=dt.date(2024, 2, 29)),
    ),
    added("a document as default in Python", lambda: required(sa.JSON, default={"a": [1]})),
    added(
        "a UUID as default in Python",
        lambda: required(sa.Uuid, default=uuid.UUID(int=5)),
    ),
    added(
        "an index and a default in Python",
        lambda: required(sa.String(20), default="x", index=True),
        "x",
    ),
    added("both defaults", lambda: required(sa.Integer, default=1, server_default="2"), 2),
    added("no default at all", lambda: required(sa.Integer), **NO_VALUE),
    added(
        "only a function of Python as default",
        lambda: required(sa.Uuid, default=uuid.uuid4),
        **NO_VALUE,
    ),
    added("a float as default in Python", lambda: required(sa.Float, default=0.5), 0.5),
)
