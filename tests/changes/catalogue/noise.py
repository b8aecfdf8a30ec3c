"""Changes beside what differs in words only."""

import enum

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import mysql

from tests.changes.change import change, of_table, things

C = sa.Column


class Mood(enum.Enum):
    """As an application writes it."""

    GOOD = "good"
    BAD = "bad"


def beside(name, *make, **more):
    """Return the change that a column is added beside some that stay as they are."""
    return of_table(
        f"a column is added beside {name}",
        lambda: [one() for one in make],
        lambda: [*(one() for one in make), C("added", sa.Integer)],
        **more,
    )


def mapped(*, has_more):
    """Return models that are classes with annotations."""

    def models(m):
        class Base(orm.DeclarativeBase):
            metadata = m

        class Thing(Base):
            __tablename__ = "things"
            id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
            price: orm.Mapped[float]
            name: orm.Mapped[str] = orm.mapped_column(sa.String(20))
            note: orm.Mapped[str | None] = orm.mapped_column(sa.String(20))
            mood: orm.Mapped[Mood]
            flag: orm.Mapped[bool]
            data: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary(20))
            if has_more:
                more: orm.Mapped[float | None]

    return models


def key_of_text(*items, **options):
    return lambda m: sa.Table(
        "things", m, C("code", sa.String(9), primary_key=True, **options), *(one() for one in items)
    )


def default(type_, text, **options):
    return lambda: C("v", type_, server_default=text, **options)


CHANGES = (
    beside("a float", lambda: C("v", sa.Float)),
    beside("a double", lambda: C("v", sa.Double)),
    beside("a float with a precision", lambda: C("v", sa.Float(53))),
    beside("a decimal without digits", lambda: C("v", sa.Numeric)),
    beside("a column of two words", lambda: C("v", sa.DOUBLE_PRECISION)),
    beside("an enum", lambda: C("v", sa.Enum(Mood))),
    beside("an enum that is a text", lambda: C("v", sa.Enum("a", "b", native_enum=False))),
    beside(
        "an enum that is a text of a length",
        lambda: C("v", sa.Enum("a", "b", native_enum=False, length=50)),
    ),
    beside("a boolean", lambda: C("v", sa.Boolean)),
    beside("a boolean with a default", default(sa.Boolean, sa.true(), nullable=False)),
    beside("a boolean whose default is a text", default(sa.Boolean, "0")),
    beside("a number with a default", default(sa.Integer, "0", nullable=False)),
    beside("a number whose default is written as one", default(sa.Integer, sa.text("0"))),
    beside("a decimal with a default", default(sa.Numeric(8, 2), "0")),
    beside("a decimal with a default of other digits", default(sa.Numeric(8, 2), "1.5")),
    beside("now() as default", default(sa.DateTime, sa.func.now(), nullable=False)),
    beside("CURRENT_TIMESTAMP as default", default(sa.DateTime, sa.text("CURRENT_TIMESTAMP"))),
    beside(
        "ON UPDATE",
        lambda: C(
            "v",
            sa.DateTime().with_variant(mysql.TIMESTAMP(), "mysql", "mariadb"),
            server_default=sa.func.current_timestamp(),
            server_onupdate=sa.FetchedValue(),
        ),
    ),
    beside("a moment with a zone", lambda: C("v", sa.DateTime(timezone=True))),
    beside("a document", lambda: C("v", sa.JSON)),
    beside("a document with a default", default(sa.JSON, "{}")),
    beside("a UUID", lambda: C("v", sa.Uuid)),
    beside("bytes", lambda: C("v", sa.LargeBinary)),
    beside("an interval", lambda: C("v", sa.Interval)),
    beside("an interval that is a moment", lambda: C("v", sa.Interval(native=False))),
    beside(
        "an interval of one server",
        lambda: C(
            "v",
            sa.Interval(native=False).with_variant(sa.Interval(second_precision=1), "postgresql"),
        ),
    ),
    beside("a text without a length", lambda: C("v", sa.Text, server_default="x")),
    beside("a unique column", lambda: C("v", sa.Integer, unique=True)),
    beside("an index", lambda: C("v", sa.Integer, index=True)),
    beside(
        "an index of an expression",
        lambda: C("v", sa.String(20)),
        lambda: sa.Index("ix", sa.text("lower(v)")),
        without={"mariadb": "An index has no expressions."},
    ),
    beside(
        "an index that is DESC", lambda: C("v", sa.Integer), lambda: sa.Index("ix", sa.desc("v"))
    ),
    beside("a foreign key without a name", lambda: C("v", sa.ForeignKey("things.id"))),
    beside("a CHECK", lambda: C("v", sa.Integer), lambda: sa.CheckConstraint("v > 0 AND v<100")),
    beside(
        "a computed column",
        lambda: C("v", sa.Integer),
        lambda: C("w", sa.Integer, sa.Computed("v+1", persisted=True)),
    ),
    change("a class with annotations gets a column", mapped(has_more=False), mapped(has_more=True)),
    change(
        "a column is added beside a key of text",
        key_of_text(),
        key_of_text(lambda: C("added", sa.Integer)),
    ),
    change(
        "a column is added beside a key that may not be NULL",
        key_of_text(nullable=False),
        key_of_text(lambda: C("added", sa.Integer), nullable=False),
    ),
    change(
        "a column is added beside two tables that share an enum",
        lambda m: (
            things(m, C("v", sa.Enum(Mood, name="mood"))),
            things(m, C("v", sa.Enum(Mood, name="mood")), name="others"),
        ),
        lambda m: (
            things(m, C("v", sa.Enum(Mood, name="mood")), C("added", sa.Integer)),
            things(m, C("v", sa.Enum(Mood, name="mood")), name="others"),
        ),
    ),
)
