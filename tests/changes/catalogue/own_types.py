"""Types of the application."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.changes.change import change, of_column, of_table, things, v

C = sa.Column
SAME = "The database does not know the type of Python."


class Trimmed(sa.types.TypeDecorator):
    """A text without spaces around it."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value and value.strip()


class Cents(sa.types.TypeDecorator):
    """An amount, kept as an integer; its argument has no default."""

    impl = sa.Integer
    cache_ok = True

    def __init__(self, currency):
        super().__init__()
        self.currency = currency


class Anywhere(sa.types.TypeDecorator):
    """A document: JSONB where there is such a thing, or text."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect):
        native = postgresql.JSONB() if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(native)


class Point(sa.types.UserDefinedType):
    """A type that SQLAlchemy does not have: its words are those of the database."""

    cache_ok = True

    def __init__(self, size=20):
        self.size = size

    def get_col_spec(self, **_):
        return f"VARCHAR({self.size})"


class Code(sa.String):
    """A text that has a name in Python."""


def local(length):
    """Return a type that nothing can import."""

    class Hidden(sa.types.TypeDecorator):
        impl = sa.String
        cache_ok = True

    return Hidden(length)


def documents():
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(), "postgresql")


CHANGES = (
    of_table("a column of a decorated type is added", list, lambda: [v(Trimmed(20))]),
    of_table("a column of a decorated type is dropped", lambda: [v(Trimmed(20))], list),
    of_column("a decorated type gets longer", lambda: Trimmed(20), lambda: Trimmed(40)),
    of_column(
        "a text becomes a decorated type that is longer", lambda: sa.String(20), lambda: Trimmed(40)
    ),
    of_column(
        "a text becomes a decorated type that is the same",
        lambda: sa.String(20),
        lambda: Trimmed(20),
        only=[],
        because=SAME,
    ),
    of_column(
        "a decorated type becomes the type underneath",
        lambda: Trimmed(20),
        lambda: sa.String(20),
        only=[],
        because=SAME,
    ),
    of_column(
        "a decorated type becomes another one",
        lambda: Trimmed(20),
        lambda: Cents("EUR"),
        values=["1", "20", None],
        filled=[1, 20, None],
    ),
    of_table(
        "a column of a type that needs an argument is added",
        list,
        lambda: [v(Cents("EUR"))],
    ),
    of_column(
        "a column of a type that needs an argument becomes NOT NULL",
        lambda: v(Cents("EUR")),
        lambda: v(Cents("EUR"), nullable=False, server_default="0"),
        values=[1, None],
        filled=[1, 0],
    ),
    of_table(
        "a column of a type that depends on the database is added", list, lambda: [v(Anywhere())]
    ),
    of_column(
        "a column of a type that depends on the database gets a default",
        lambda: v(Anywhere(), nullable=False),
        lambda: v(Anywhere(), nullable=False, server_default="{}"),
        values=["[]", "{}"],
    ),
    of_table(
        "a column of a type of its own is added",
        list,
        lambda: [v(Point())],
        rows={"things": [{}] * 2},
    ),
    of_column(
        "a type of its own gets bigger", lambda: Point(20), lambda: Point(40), values=["a", None]
    ),
    of_table("a column of a named text is added", list, lambda: [v(Code(20))]),
    of_column("a named text gets longer", lambda: Code(20), lambda: Code(40)),
    of_table("a column of a type that nothing can import is added", list, lambda: [v(local(20))]),
    of_column("a type that nothing can import gets longer", lambda: local(20), lambda: local(40)),
    of_table(
        "a column with a variant for each database is added",
        list,
        lambda: [
            v(
                sa.String(20)
                .with_variant(sa.Text(), "postgresql")
                .with_variant(mysql.TINYTEXT(), "mysql", "mariadb")
            )
        ],
    ),
    of_column(
        "the variant for PostgreSQL changes",
        lambda: sa.String(20).with_variant(sa.String(30), "postgresql"),
        lambda: sa.String(20).with_variant(sa.Text(), "postgresql"),
        only=["postgresql"],
        because="The variant is for another database.",
    ),
    of_column(
        "the variant for MariaDB changes",
        lambda: sa.Integer().with_variant(mysql.TINYINT(), "mysql", "mariadb"),
        lambda: sa.Integer().with_variant(mysql.MEDIUMINT(unsigned=True), "mysql", "mariadb"),
        only=["mariadb"],
        because="The variant is for another database.",
    ),
    of_column(
        "the variant for SQLite changes",
        lambda: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        lambda: sa.BigInteger().with_variant(sa.Text(), "sqlite"),
        only=["sqlite"],
        because="The variant is for another database.",
        values=[None],
    ),
    of_table("a column of a document with a variant is added", list, lambda: [v(documents())]),
    of_table(
        "a column of an array of a decorated type is added",
        list,
        lambda: [v(postgresql.ARRAY(Trimmed(20)))],
        without={"sqlite": "There are no arrays.", "mariadb": "There are no arrays."},
    ),
    change(
        "a table of own types is made",
        lambda m: things(m, name="others"),
        lambda m: (
            things(m, name="others"),
            things(
                m,
                C("a", Trimmed(20), index=True),
                C("b", Cents("EUR"), nullable=False),
                C("c", Anywhere()),
                C("d", Point(7)),
                C("e", Code(9), unique=True),
                C("f", local(9)),
            ),
        ),
    ),
    change(
        "a table of own types is dropped",
        lambda m: (
            things(m, name="others"),
            things(m, C("a", Trimmed(20), index=True), C("b", Cents("EUR")), C("c", Code(9))),
        ),
        lambda m: things(m, name="others"),
    ),
)
