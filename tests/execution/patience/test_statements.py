"""What the text of a statement tells about its locks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_migrate.execution.drivers import literal
from flask_migrate.execution.patience.statements import Kind, read_statement, tokens_of

KINDS = {
    "": Kind.NOTHING,
    "-- nothing": Kind.NOTHING,
    "SET search_path TO tenant": Kind.NOTHING,
    "ROLLBACK TO SAVEPOINT here": Kind.NOTHING,
    "SELECT 1": Kind.NOTHING,
    "SELECT current_setting('x')": Kind.NOTHING,
    "SELECT c.relname FROM pg_catalog.pg_class AS c JOIN pg_namespace n ON true": Kind.NOTHING,
    "SELECT table_name FROM information_schema.tables": Kind.NOTHING,
    "SELECT id FROM users": Kind.READS,
    "(SELECT id FROM pg_class) UNION SELECT id FROM users": Kind.READS,
    "WITH a AS (SELECT 1) SELECT * FROM a": Kind.READS,
    "SELECT create_hypertable('conditions', 'time')": Kind.TABLES,
    "SELECT * FROM create_hypertable('conditions', 'time')": Kind.TABLES,
    "UPDATE users SET n = 1": Kind.ROWS,
    "WITH old AS (DELETE FROM users RETURNING *) SELECT * FROM old": Kind.ROWS,
    "INSERT INTO users SELECT id FROM orders": Kind.ROWS,
    "CREATE INDEX CONCURRENTLY ON users (n)": Kind.ALONE,
    "alter table a detach partition b concurrently": Kind.ALONE,
    "REFRESH MATERIALIZED VIEW CONCURRENTLY v": Kind.ALONE,
    "VACUUM users": Kind.ALONE,
    'ALTER TABLE users DROP COLUMN "CONCURRENTLY"': Kind.TABLES,
    "COMMENT ON TABLE users IS 'built CONCURRENTLY'": Kind.TABLES,
    "DO $do$ BEGIN PERFORM 'SELECT 1'; END $do$": Kind.TABLES,
    "/* SELECT /* 1 */ */ DROP TABLE users": Kind.TABLES,
    "SELECT ';' AS \";\"; TRUNCATE users;": Kind.TABLES,
}


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_a_statement_is_told_by_what_it_does_to_others(text, kind):
    assert read_statement(text).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "\nCREATE TABLE users (id int, \"drop table\" text DEFAULT 'SELECT 1')",
        "ALTER TABLE users ADD COLUMN n int",
        "create unique index i on users (n)",
        "DROP INDEX i",
        "DROP TABLE users; COMMIT",
        "ALTER TABLE users ADD n int; SET LOCAL lock_timeout = 1",
        "CREATE INDEX CONCURRENTLY i ON users (n)",
    ],
)
def test_what_most_revisions_run_is_told_without_a_closer_look_and_as_with_one(text):
    looked = read_statement(f"/* look */{text}")

    assert replace(looked, text=text, index=None) == replace(read_statement(text), index=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COMMIT", (False, True, False)),
        ("SELECT 1; begin", (True, False, False)),
        ("START TRANSACTION", (True, False, False)),
        ("ROLLBACK", (False, True, False)),
        ("ROLLBACK TO here", (False, False, True)),
        ("PREPARE TRANSACTION 'x'", (False, True, False)),
        ("DO $$ BEGIN COMMIT; END $$", (False, False, False)),
        (
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END",
            (False, False, False),
        ),
    ],
)
def test_the_ends_of_transactions_are_found(text, expected):
    statement = read_statement(text)
    assert (statement.begins, statement.ends, statement.rolls_back_part) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SET lock_timeout = 1", "session"),
        ("set session Lock_Timeout to '1s'", "session"),
        ("SET LOCAL lock_timeout = '1s'", "transaction"),
        ("RESET lock_timeout", "nothing"),
        ("SET LOCAL statement_timeout = '1s'", None),
    ],
)
def test_a_timeout_of_its_own_is_found(text, expected):
    assert read_statement(text).sets_lock_timeout == expected


names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@given(names, names, names, st.booleans())
def test_an_index_is_found_whatever_the_names(name, schema, table, condition):
    words = "IF NOT EXISTS " if condition else ""
    place = f"{quoted(schema)}.{quoted(table)}"
    text = f"CREATE UNIQUE INDEX CONCURRENTLY {words}{quoted(name)} ON ONLY {place} (x)"
    index = read_statement(text).index

    assert (index.name, index.table) == (name, place)
    assert (index.position is None) == condition


@given(names, names)
def test_a_new_value_is_found_whatever_the_names(name, value):
    text = f"ALTER TYPE {quoted(name)} ADD VALUE {literal(value)} AFTER 'x'; SELECT 1"
    (new,) = read_statement(text).values

    assert (new.type, new.value, new.place) == (quoted(name), literal(value), "AFTER 'x'")


@given(st.text())
def test_any_text_can_be_read(text):
    ends = [token.end for token in tokens_of(text)]

    assert ends == sorted(set(ends))
    read_statement(text)
