from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_migrate.database.models.mysql import models_of
from flask_migrate.database.models.mysql_types import labels_of, type_of
from flask_migrate.database.scratch.mysql import read_models
from flask_migrate.database.snapshots.mysql import made_by_foreign_keys, read
from flask_migrate.values.schema import Name
from tests.database.scratch.mysql_models import every_feature
from tests.database.snapshots.test_mysql import TABLES

# A label with a backslash is more than SQLAlchemy could write at first.
BACKSLASH = r"\\"
ESCAPES = BACKSLASH in str(mysql.ENUM("\\").compile(dialect=mysql.dialect()))
LABELS = f"'a', 'it''s', '{BACKSLASH if ESCAPES else 'c'}'"
BY_HAND = [
    f"""CREATE TABLE shop (
      id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT,
      code VARCHAR(40) CHARACTER SET latin1 NOT NULL DEFAULT 'it''s \\\\ 100%' COMMENT 'a:b ''c''',
      body TEXT COLLATE utf8mb4_bin, kind ENUM({LABELS}) DEFAULT 'a',
      more SET('x', 'y'), doc JSON NOT NULL DEFAULT '{{}}', at TIMESTAMP NULL,
      changed_at DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
      number INT CHECK (number > 0), half DECIMAL(10,3) AS (number / 2) STORED,
      low VARCHAR(40) AS (LOWER(code)) VIRTUAL, made VARCHAR(60) DEFAULT (CONCAT('%', UUID())),
      y YEAR, b BIT(3), f FLOAT(7, 3), t TIME(2), m MEDIUMINT(5) ZEROFILL, raw VARBINARY(20),
      CONSTRAINT small CHECK (number < 100), CHECK (number <> 50),
      UNIQUE once (code, number), UNIQUE (number), KEY prefix (body(10), number),
      KEY `down` (number DESC), KEY both_ways (code(5), number DESC), FULLTEXT KEY words (body)
    ) ENGINE=InnoDB ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 COMMENT 'it''s'""",
    """CREATE TABLE item (
      a INT NOT NULL AUTO_INCREMENT, b INT NOT NULL, shop INT UNSIGNED, parent_a INT, parent_b INT,
      PRIMARY KEY (a, b),
      FOREIGN KEY (shop) REFERENCES shop (id) ON DELETE SET NULL ON UPDATE CASCADE,
      CONSTRAINT up FOREIGN KEY (parent_a, parent_b) REFERENCES item (a, b) ON DELETE NO ACTION
    ) CHARACTER SET latin1""",
    "CREATE TABLE old (id INT PRIMARY KEY) ENGINE=MyISAM PARTITION BY HASH (id) PARTITIONS 2",
    "CREATE TABLE plain (id INT PRIMARY KEY, big BIGINT, yes BOOL, at DATETIME, u UUID)",
]


@pytest.fixture
def connection(mariadb_database):
    engine = sa.create_engine(mariadb_database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def made_anew(connection, *others):
    """Return what there is, and what there is when it is made of SQLAlchemy's objects."""
    there = read(connection, ["", *others])
    # What a default needs is no part of a table.
    names = [name for name in there.tables if name.name != "numbered_by_sequence"]
    models = models_of(there, names, dialect=connection.dialect)
    judged = read_models(connection, list(models.values()))
    assert judged.failed == {}
    return told(there), told(judged.snapshot)


def told(snapshot):
    """Return the tables without indexes that the server makes, and what SQLAlchemy cannot say."""
    return {name: as_said(table) for name, table in snapshot.tables.items()}


def as_said(table):
    unasked = made_by_foreign_keys(table)
    return replace(
        table,
        indexes=tuple(one for one in table.indexes if one.name not in unasked),
        columns=tuple(
            replace(one, options=tuple(pair for pair in one.options if pair[0] == "check"))
            for one in table.columns
        ),
    )


def test_tables_made_by_hand_are_the_same_when_they_are_made_anew(connection):
    for statement in (*BY_HAND, *filter(str.strip, TABLES.split(";;"))):
        if "SEQUENCE" not in statement:
            connection.exec_driver_sql(statement.replace("%", "%%"))

    before, after = made_anew(connection)

    for name in after:
        assert before[name] == after[name]


def test_tables_of_models_are_the_same_when_they_are_made_anew(connection, make_database):
    other = sa.make_url(make_database("mariadb").url).database
    every_feature(other).create_all(connection)

    before, after = made_anew(connection, other)

    for name in after:
        assert before[name] == after[name]


def test_types_that_every_server_has_are_those_of_sqlalchemy(connection):
    connection.exec_driver_sql(BY_HAND[-1])
    there = read(connection, [""])

    table = models_of(there, there.tables.keys(), dialect=connection.dialect)[Name("", "plain")]

    found = [type(column.type) for column in table.columns]
    assert found == [sa.Integer, sa.BigInteger, sa.Boolean, sa.DateTime, sa.UUID]


def test_numbers_have_the_width_only_that_nobody_would_give_them():
    found = [
        repr(type_of(told, None, mysql.dialect()))
        for told in ("int(11)", "int", "int(5)", "int(10) unsigned", "bigint(20) unsigned zerofill")
    ]

    assert found == [
        "Integer()",
        "Integer()",
        "INTEGER(display_width=5)",
        "INTEGER(unsigned=True)",
        "BIGINT(unsigned=True, zerofill=True)",
    ]


def test_labels_are_read_with_their_quotes():
    assert labels_of(r"enum('it''s','a\\b',',','')") == ("it's", "a\\b", ",", "")
    assert labels_of("varchar(20)") == ()
