"""Types: numbers."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.changes.change import change, of_column, on_mariadb, on_postgresql, things, v

WHOLE = [1, 20, None]
TRUTH = [True, False, None]
SIGNED = {"because": "Numbers have a sign, and no display width."}


def same(name, before, after, values=None, filled=None, **more):
    """Return a change of a type whose values stay what they are."""
    more |= {"values": values or WHOLE}
    return of_column(name, before, after, filled=filled or more["values"], **more)


CHANGES = (
    same("SMALLINT becomes INTEGER", sa.SmallInteger, sa.Integer),
    same("INTEGER becomes BIGINT", sa.Integer, sa.BigInteger),
    same("BIGINT becomes INTEGER", sa.BigInteger, sa.Integer),
    same("INTEGER becomes SMALLINT", sa.Integer, sa.SmallInteger),
    change(
        "a numbered key becomes BIGINT",
        things,
        lambda m: sa.Table("things", m, sa.Column("id", sa.BigInteger, primary_key=True)),
    ),
    change(
        "a numbered key becomes INTEGER",
        lambda m: sa.Table("things", m, sa.Column("id", sa.BigInteger, primary_key=True)),
        things,
    ),
    change(
        "a numbered key and what refers to it become BIGINT",
        lambda m: (
            things(m),
            things(m, sa.Column("thing_id", sa.ForeignKey("things.id")), name="parts"),
        ),
        lambda m: (
            sa.Table("things", m, sa.Column("id", sa.BigInteger, primary_key=True)),
            things(m, sa.Column("thing_id", sa.ForeignKey("things.id")), name="parts"),
        ),
    ),
    same(
        "a decimal gets more digits",
        lambda: sa.Numeric(8, 2),
        lambda: sa.Numeric(12, 4),
        [Decimal("1.25"), Decimal("-3.5"), None],
    ),
    same(
        "a decimal gets fewer digits",
        lambda: sa.Numeric(12, 4),
        lambda: sa.Numeric(8, 2),
        [Decimal("1.25"), Decimal("-3.5"), None],
    ),
    same(
        "a decimal without digits gets some",
        sa.Numeric,
        lambda: sa.Numeric(10, 2),
        [Decimal(1), Decimal(-3), None],
    ),
    same(
        "a decimal becomes a float",
        lambda: sa.Numeric(8, 2),
        sa.Float,
        [Decimal("1.25"), Decimal("-3.5"), None],
    ),
    same("a float becomes a decimal", sa.Float, lambda: sa.Numeric(8, 2), [1.25, -3.5, None]),
    same(
        "FLOAT becomes DOUBLE",
        sa.Float,
        sa.Double,
        [1.25, -3.5, None],
        without={"postgresql": "FLOAT is DOUBLE PRECISION."},
    ),
    same(
        "REAL becomes DOUBLE",
        sa.REAL,
        sa.Double,
        [1.25, -3.5, None],
        without={"mariadb": "REAL is DOUBLE."},
    ),
    same(
        "a float gets a precision",
        lambda: sa.Float(20),
        lambda: sa.Float(40),
        [1.25, -3.5, None],
        without={"sqlite": "FLOAT has no precision."},
    ),
    same("an integer becomes a decimal", sa.Integer, lambda: sa.Numeric(10, 2)),
    same("an integer becomes a float", sa.Integer, sa.Float),
    same(
        "a decimal becomes an integer",
        lambda: sa.Numeric(10, 2),
        sa.Integer,
        [Decimal(1), Decimal(-3), None],
    ),
    of_column(
        "an integer becomes a text",
        sa.Integer,
        lambda: sa.String(20),
        values=WHOLE,
        filled=["1", "20", None],
    ),
    of_column(
        "a text of digits becomes an integer",
        lambda: sa.String(20),
        sa.Integer,
        values=["1", "20", None],
        filled=WHOLE,
    ),
    of_column(
        "a text of digits becomes a decimal",
        lambda: sa.String(20),
        lambda: sa.Numeric(8, 2),
        values=["1.25", "-20.75", None],
        filled=[Decimal("1.25"), Decimal("-20.75"), None],
    ),
    same("an integer becomes a boolean", sa.Integer, sa.Boolean, [1, 0, None]),
    same("a boolean becomes an integer", sa.Boolean, sa.Integer, TRUTH, [1, 0, None]),
    same(
        "an integer becomes a boolean and keeps its default",
        lambda: v(sa.Integer, server_default="0"),
        lambda: v(sa.Boolean, server_default=sa.false()),
        [1, 0, None],
    ),
    same(
        "INTEGER becomes UNSIGNED",
        mysql.INTEGER,
        lambda: mysql.INTEGER(unsigned=True),
        only=["mariadb"],
        **SIGNED,
    ),
    same(
        "UNSIGNED BIGINT becomes BIGINT",
        lambda: mysql.BIGINT(unsigned=True),
        sa.BigInteger,
        only=["mariadb"],
        **SIGNED,
    ),
    same(
        "TINYINT becomes MEDIUMINT",
        mysql.TINYINT,
        mysql.MEDIUMINT,
        only=["mariadb"],
        **SIGNED,
    ),
    same(
        "INTEGER gets ZEROFILL",
        mysql.INTEGER,
        lambda: mysql.INTEGER(6, zerofill=True),
        only=["mariadb"],
        **SIGNED,
    ),
    same(
        "a decimal becomes UNSIGNED",
        lambda: mysql.DECIMAL(8, 2),
        lambda: mysql.DECIMAL(8, 2, unsigned=True),
        [Decimal("1.25"), Decimal("3.5"), None],
        only=["mariadb"],
        **SIGNED,
    ),
    of_column(
        "a column of bits gets wider",
        lambda: on_mariadb(mysql.BIT(4)),
        lambda: on_mariadb(mysql.BIT(8)),
        values=[1, 2, None],
        only=["mariadb"],
        because="Bits are no number.",
    ),
    of_column(
        "a row of bits gets longer",
        lambda: on_postgresql(postgresql.BIT(4, varying=True)),
        lambda: on_postgresql(postgresql.BIT(8, varying=True)),
        values=["1010", "1", None],
        only=["postgresql"],
        because="There is no row of bits.",
    ),
    same(
        "MONEY becomes a decimal",
        postgresql.MONEY,
        lambda: sa.Numeric(12, 2),
        ["$1.25", "$3.50", None],
        [Decimal("1.25"), Decimal("3.5"), None],
        only=["postgresql"],
        because="There is no MONEY.",
    ),
)
