"""Server defaults."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.changes.change import change, dialect_of, of_column, of_table, things, v

TEXTS = {
    "an empty text": "",
    "a quote": "it's",
    "two quotes": "''",
    "double quotes": 'say "hi"',
    "a backslash": "a\\b",
    "a backslash at the end": "a\\",
    "a newline": "a\nb",
    "a tab": "a\tb",
    "a percent sign": "100%",
    "percent signs as of a format": "%s %(name)s %%",
    "a colon": "a:b :name",
    "braces": "{} {name}",
    "spaces around it": " a ",
    "Unicode": "grüße 🐦",
    "digits": "007",
    "the word NULL": "NULL",
    "the word of a function": "now()",
    "a semicolon and a comment": "a; -- b",
    "everything at once": "'\"\\%:;\n{}$",
}
FUNCTION = {"because": "There is no such function."}
UUID_OF = {
    "sqlite": None,
    "postgresql": sa.text("gen_random_uuid()"),
    "mariadb": sa.text("(uuid())"),
}
ON_UPDATE = {"only": ["mariadb"], "because": "There is no ON UPDATE."}


def text(default=None):
    return lambda: v(sa.String(60), server_default=default)


def number(default=None, type_=sa.Integer):
    return lambda: v(type_, server_default=default)


def moment(default=None, **options):
    return lambda: v(sa.DateTime, server_default=default, **options)


def updated(default):
    return moment(sa.text(default))


def of_text(name, default):
    """Return the changes that a default comes, changes to another one, and goes."""
    yield of_column(f"a default comes: {name}", text(), text(default))
    yield of_column(f"a default of {name} becomes plain", text(default), text("plain"))


def by_dialect(**expressions):
    """Return models whose default is an expression of the database."""

    def models(m):
        things(m, v(sa.String(60), server_default=sa.text(expressions[dialect_of(m)])))

    return models


CHANGES = (
    *(one for name, default in TEXTS.items() for one in of_text(name, default)),
    of_column("a default goes", text("x"), text()),
    of_column("a default changes its case only", text("abc"), text("ABC")),
    of_column("a default comes: a number", number(), number("5")),
    of_column("a default of a number changes", number("5"), number("-6")),
    of_column("a default of a number goes", number("5"), number()),
    of_column("a default of a number is written as one", number("5"), number(sa.text("6"))),
    of_column(
        "a default of a decimal changes",
        number("1.50", sa.Numeric(8, 2)),
        number("2.25", sa.Numeric(8, 2)),
    ),
    of_column(
        "a default of a float changes",
        number("1.5", sa.Float),
        number("2.5", sa.Float),
    ),
    of_column(
        "a default of a big number changes",
        number("9223372036854775806", sa.BigInteger),
        number("9223372036854775807", sa.BigInteger),
    ),
    of_column(
        "a default becomes true", number(sa.false(), sa.Boolean), number(sa.true(), sa.Boolean)
    ),
    of_column("a default comes: false", number(None, sa.Boolean), number(sa.false(), sa.Boolean)),
    of_column("a default of a boolean goes", number("1", sa.Boolean), number(None, sa.Boolean)),
    of_column("a default comes: now()", moment(), moment(sa.func.now())),
    of_column("a default of now() goes", moment(sa.func.now()), moment()),
    of_column("a default comes: CURRENT_TIMESTAMP", moment(), moment(sa.text("CURRENT_TIMESTAMP"))),
    of_column(
        "a default of a moment becomes now()",
        moment(sa.text("'2024-01-01 00:00:00'")),
        moment(sa.func.now()),
    ),
    of_column(
        "a default of a day changes",
        lambda: v(sa.Date, server_default="2024-01-01"),
        lambda: v(sa.Date, server_default="2024-02-29"),
    ),
    of_column(
        "a default of a time changes",
        lambda: v(sa.Time, server_default="12:00:00"),
        lambda: v(sa.Time, server_default="13:30:00"),
    ),
    of_column(
        "a default comes: a document",
        lambda: v(sa.JSON),
        lambda: v(sa.JSON, server_default='{"a": [1, "it\'s"]}'),
    ),
    of_column(
        "a default of a document changes",
        lambda: v(sa.JSON, server_default="{}"),
        lambda: v(sa.JSON, server_default="[]"),
    ),
    of_column(
        "a default of JSONB changes",
        lambda: v(postgresql.JSONB, server_default='{"b": 1, "a": 2}'),
        lambda: v(postgresql.JSONB, server_default=sa.text("'{}'::jsonb")),
        only=["postgresql"],
        because="There is no JSONB, or no such cast.",
    ),
    of_column(
        "a default of an array changes",
        lambda: v(postgresql.ARRAY(sa.Integer), server_default="{}"),
        lambda: v(postgresql.ARRAY(sa.Integer), server_default="{1,2}"),
        only=["postgresql"],
        because="There are no arrays.",
    ),
    of_column(
        "a default of an enum changes",
        lambda: v(sa.Enum("red", "green", name="colour"), server_default="red"),
        lambda: v(sa.Enum("red", "green", name="colour"), server_default="green"),
    ),
    of_column(
        "a default comes: a member of an enum",
        lambda: v(sa.Enum("red", "green", name="colour")),
        lambda: v(sa.Enum("red", "green", name="colour"), server_default="green"),
    ),
    of_column(
        "a default of a UUID changes",
        lambda: v(sa.Uuid, server_default="00000000000000000000000000000001"),
        lambda: v(sa.Uuid, server_default="00000000000000000000000000000002"),
    ),
    of_column(
        "a default of bytes changes",
        lambda: v(sa.LargeBinary(10), server_default=sa.text("'ab'")),
        lambda: v(sa.LargeBinary(10), server_default=sa.text("'cd'")),
    ),
    of_column("a default comes: an expression", number(), number(sa.text("(1 + 2)"))),
    of_column(
        "a default of an expression changes",
        number(sa.text("(1 + 2)")),
        number(sa.text("(1 + 3)")),
    ),
    of_column(
        "a default of an expression becomes plain",
        number(sa.text("(1 + 2)")),
        number("3"),
    ),
    change(
        "a default comes: a function with arguments",
        lambda m: things(m, v(sa.String(60))),
        by_dialect(
            sqlite="(lower('A%' || ':b'))",
            postgresql="lower('A%' || ':b')",
            mariadb="(lower(concat('A%', ':b')))",
        ),
    ),
    change(
        "a default of a function changes its argument",
        by_dialect(sqlite="(lower('A'))", postgresql="lower('A')", mariadb="(lower('A'))"),
        by_dialect(sqlite="(lower('B'))", postgresql="lower('B')", mariadb="(lower('B'))"),
    ),
    change(
        "a default comes: a UUID that the database makes",
        lambda m: things(m, v(sa.Uuid)),
        lambda m: things(m, v(sa.Uuid, server_default=UUID_OF[dialect_of(m)])),
        without={"sqlite": "There is no such function."},
    ),
    of_column(
        "a default comes: the moment in another zone",
        moment(),
        moment(sa.text("(now() AT TIME ZONE 'utc')")),
        only=["postgresql"],
        **FUNCTION,
    ),
    of_column(
        "a default comes: an interval from now",
        moment(),
        moment(sa.text("(now() + interval '1 day')")),
        only=["postgresql"],
        **FUNCTION,
    ),
    of_column(
        "a default comes: the moment in seconds",
        number(),
        number(sa.text("(strftime('%s', 'now'))")),
        only=["sqlite"],
        **FUNCTION,
    ),
    of_column(
        "a default comes: ON UPDATE",
        updated("CURRENT_TIMESTAMP"),
        updated("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
        **ON_UPDATE,
    ),
    of_column(
        "a default goes: ON UPDATE",
        updated("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
        updated("CURRENT_TIMESTAMP"),
        **ON_UPDATE,
    ),
    of_column(
        "another default than now() is kept by ON UPDATE",
        updated("NULL ON UPDATE CURRENT_TIMESTAMP"),
        updated("'2024-01-01 00:00:00' ON UPDATE CURRENT_TIMESTAMP"),
        **ON_UPDATE,
    ),
    of_column(
        "a default of a text without a length comes",
        lambda: v(sa.Text),
        lambda: v(sa.Text, server_default="it's"),
    ),
    of_table(
        "a default comes for a column that has an index and a foreign key",
        lambda: [
            sa.Column("parent_id", sa.ForeignKey("things.id"), index=True),
        ],
        lambda: [
            sa.Column("parent_id", sa.ForeignKey("things.id"), index=True, server_default="1"),
        ],
    ),
    of_table(
        "defaults of several columns change",
        lambda: [
            sa.Column("a", sa.String(9), server_default="a"),
            sa.Column("b", sa.Integer, server_default="1"),
            sa.Column("c", sa.Boolean, server_default=sa.true()),
        ],
        lambda: [
            sa.Column("a", sa.String(9), server_default="b"),
            sa.Column("b", sa.Integer),
            sa.Column("c", sa.Boolean, server_default=sa.false()),
        ],
    ),
    of_column(
        "a default comes together with NOT NULL and a length",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(40), server_default="it's", nullable=False),
        values=["a", None],
        filled=["a", "it's"],
    ),
)
