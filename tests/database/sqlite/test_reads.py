"""Which tables and columns a view reads: SQLite itself is the judge."""

import sqlite3

import pytest

from flask_migrate.database.sqlite.reads import reads_of

TABLES = {"t": ["id", "name"], "u": ["id", "name", "t"], "odd one": ["a b"]}
QUERIES = [
    "SELECT id FROM t",
    "SELECT T.ID AS name FROM T",
    "SELECT t.id FROM t JOIN u ON t.id = u.id",
    "SELECT a.id FROM t AS a, u b WHERE b.name > 'x'",
    'SELECT a.id FROM t a LEFT JOIN u b ON a.id = b.id, "odd one" o WHERE o.[a b] = 1',
    "SELECT (SELECT max(b.name) FROM u b WHERE b.id = a.id) AS t FROM t a",
    "SELECT t.id FROM t WHERE t.id IN (SELECT u.id FROM main.u) AND t.name <> 'u'",
    "WITH w (x) AS (SELECT t.id FROM t) SELECT x FROM w UNION ALL SELECT u.name FROM (u)",
    "SELECT coalesce(t.name, 'u') FROM main.t GROUP BY t.name HAVING count(*) > 1",
    "SELECT u.t FROM u",
    'SELECT id AS "odd one" FROM t -- FROM u',
]
AT_LEAST = [
    "WITH w (x) AS (SELECT id FROM t) SELECT x FROM w UNION ALL SELECT u.name FROM (u) ORDER BY 1",
    "SELECT count(*) FROM t CROSS JOIN u USING (id)",
    "SELECT id FROM t WHERE id IN (SELECT id FROM main.u) AND name <> 'u'",
    "WITH t AS (SELECT id FROM u) SELECT id FROM t",
    "SELECT max(id) FROM (SELECT id FROM t UNION SELECT t FROM u) ORDER BY 1",
]


@pytest.mark.parametrize("query", QUERIES)
def test_what_a_query_reads_is_what_sqlite_reads(query):
    assert reads_of(query, TABLES) == really_read(query)


@pytest.mark.parametrize("query", AT_LEAST)
def test_where_a_column_may_be_one_of_several_tables_nothing_is_missing(query):
    assert reads_of(query, TABLES) >= really_read(query)


def really_read(query):
    read = set()

    def note(action, one, other, *_):
        if action == sqlite3.SQLITE_READ and one.lower() in TABLES:
            read.add((one.lower(), other.lower()))
        return sqlite3.SQLITE_OK

    memory = sqlite3.connect(":memory:")
    for name, columns in TABLES.items():
        memory.execute(f'CREATE TABLE "{name}" ({", ".join(f"[{one}]" for one in columns)})')
    memory.set_authorizer(note)
    memory.execute(query).fetchall()
    memory.close()
    return read


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("SELECT * FROM t", {("t", "")}),
        ("SELECT * FROM t WHERE name > 1", {("t", ""), ("t", "name")}),
        ("SELECT u.*, t.name FROM t, u", {("t", ""), ("t", "name"), ("u", "")}),
        ("SELECT 1 FROM t NATURAL JOIN u", {("t", ""), ("u", "")}),
        ("SELECT 1", set()),
        ("", set()),
    ],
)
def test_all_columns_are_none_of_them(query, read):
    assert reads_of(query, TABLES) == read
