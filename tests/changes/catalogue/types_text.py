"""Types: text."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from tests.changes.change import change, dialect_of, of_column, things, v

SHORT = ["one", "two", None]
BINARY = {"sqlite": "NOCASE", "postgresql": "C", "mariadb": "utf8mb4_bin"}
OTHER = {"sqlite": "RTRIM", "postgresql": "POSIX", "mariadb": "utf8mb4_unicode_ci"}
NEEDS_LENGTH = {"mariadb": "VARCHAR must have a length."}
ONE_TEXT = {"because": "There is one TEXT, and CHARACTER SET belongs to the database."}


def of_collation(name, before, after):
    """Return a change of a collation, each given by the database."""

    def declare(names):
        def models(m):
            collation = names and names[dialect_of(m)]
            things(m, v(sa.String(20, collation=collation)), sa.Column("w", sa.String(20)))

        return models

    return change(name, declare(before), declare(after))


CHANGES = (
    of_column("a text becomes longer", lambda: sa.String(20), lambda: sa.String(80)),
    of_column("a text becomes shorter", lambda: sa.String(80), lambda: sa.String(20)),
    of_column("a text becomes longer than 255", lambda: sa.String(200), lambda: sa.String(300)),
    of_column("VARCHAR becomes TEXT", lambda: sa.String(80), sa.Text),
    of_column("TEXT becomes VARCHAR", sa.Text, lambda: sa.String(80)),
    of_column(
        "CHAR becomes VARCHAR",
        lambda: sa.CHAR(3),
        lambda: sa.String(3),
        values=["one", "two", None],
    ),
    of_column(
        "VARCHAR becomes CHAR",
        lambda: sa.String(3),
        lambda: sa.CHAR(3),
        values=["one", "two", None],
    ),
    of_column(
        "a text without a length gets one",
        sa.String,
        lambda: sa.String(50),
        without=NEEDS_LENGTH,
    ),
    of_column(
        "a text loses its length",
        lambda: sa.String(50),
        sa.String,
        without=NEEDS_LENGTH,
    ),
    of_column("Unicode becomes UnicodeText", lambda: sa.Unicode(30), sa.UnicodeText),
    of_column(
        "NVARCHAR becomes VARCHAR",
        lambda: sa.NVARCHAR(30),
        lambda: sa.VARCHAR(30),
        without={"postgresql": "There is no NVARCHAR."},
    ),
    of_collation("a column gets a collation", None, BINARY),
    of_collation("a column loses its collation", BINARY, None),
    of_collation("a collation changes", BINARY, OTHER),
    of_column(
        "a text becomes longer and keeps its collation",
        lambda: (
            sa.String(20)
            .with_variant(sa.String(20, collation="C"), "postgresql")
            .with_variant(sa.String(20, collation="NOCASE"), "sqlite")
            .with_variant(sa.String(20, collation="utf8mb4_bin"), "mysql", "mariadb")
        ),
        lambda: (
            sa.String(40)
            .with_variant(sa.String(40, collation="C"), "postgresql")
            .with_variant(sa.String(40, collation="NOCASE"), "sqlite")
            .with_variant(sa.String(40, collation="utf8mb4_bin"), "mysql", "mariadb")
        ),
    ),
    of_column(
        "TEXT becomes MEDIUMTEXT",
        sa.Text,
        lambda: sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb"),
        only=["mariadb"],
        **ONE_TEXT,
    ),
    of_column(
        "LONGTEXT becomes TEXT",
        lambda: sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb"),
        sa.Text,
        only=["mariadb"],
        **ONE_TEXT,
    ),
    of_column(
        "VARCHAR becomes TINYTEXT",
        lambda: sa.String(50),
        mysql.TINYTEXT,
        only=["mariadb"],
        **ONE_TEXT,
    ),
    of_column(
        "a column gets a character set",
        lambda: mysql.VARCHAR(20),
        lambda: mysql.VARCHAR(20, charset="latin1"),
        only=["mariadb"],
        **ONE_TEXT,
    ),
    of_column(
        "a character set changes",
        lambda: mysql.VARCHAR(20, charset="latin1"),
        lambda: mysql.VARCHAR(20, charset="ascii"),
        only=["mariadb"],
        **ONE_TEXT,
    ),
)
