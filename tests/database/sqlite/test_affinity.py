import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flask_migrate.database.sqlite.affinity import (
    Affinity,
    affinity_of,
    keeps_float,
    keeps_number,
    stored,
)

NUMBERS = st.from_regex(
    r"\s?[+-]?[0-9]{0,20}\.?[0-9]{0,4}([eE][+-]?[0-9]{1,3})?\s?", fullmatch=True
)
VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
    NUMBERS.filter(lambda text: "\x1c" not in text),
    st.binary(max_size=3),
    st.none(),
)
TYPES = st.sampled_from(["TEXT", "DATE", "INTEGER", "REAL", "BLOB", "", "UUID", "VARCHAR(5)"])


@given(VALUES, TYPES)
@example("007", "DATE")
@example("2024-02-03", "DATE")
@example("2024", "DATE")
@example("12345678901234567890123456789012", "UUID")
@example("1e5", "INTEGER")
@example(" 5 ", "REAL")
@example(3.0, "INTEGER")
def test_what_is_stored_is_what_sqlite_stores(value, declared):
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t (a {declared})")
    connection.execute("INSERT INTO t VALUES (?)", (value,))
    (found,) = connection.execute("SELECT a FROM t").fetchone()
    connection.close()
    mine = stored(value, affinity_of(declared))

    if isinstance(found, int | float) and isinstance(mine, int | float):
        # Which floats are stored as integers depends on the version; they are equal.
        assert mine == pytest.approx(found, rel=1e-14, abs=1e-300)
    elif isinstance(value, float) and isinstance(found, str):
        assert float(found) == pytest.approx(float(mine), rel=1e-14, abs=1e-300)
    else:
        assert (mine, type(mine)) == (found, type(found))


@pytest.mark.parametrize(
    ("declared", "affinity"),
    [
        ("CHARINT", Affinity.INTEGER),
        ("NVARCHAR(100)", Affinity.TEXT),
        ("CLOB", Affinity.TEXT),
        ("BLOB", Affinity.BLOB),
        ("", Affinity.BLOB),
        ("DOUBLE PRECISION", Affinity.REAL),
        ("DECIMAL(10,5)", Affinity.NUMERIC),
        ("BOOLEAN", Affinity.NUMERIC),
        ("ANY", Affinity.NUMERIC),
    ],
)
def test_a_type_has_the_affinity_that_its_name_says(declared, affinity):
    assert affinity_of(declared) is affinity


def test_any_in_a_strict_table_converts_nothing():
    assert affinity_of("ANY", strict=True) is Affinity.BLOB


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("5", True),
        ("-0.50", True),
        ("1e3", True),
        ("007", False),
        ("abc", False),
        ("9" * 25, False),
    ],
)
def test_a_number_may_say_as_much_as_its_text(text, is_kept):
    assert keeps_number(text) is is_kept


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_kept_by_its_text_if_that_gives_it_back(value):
    assert keeps_float(value) is (float(f"{value:.15g}") == value)
