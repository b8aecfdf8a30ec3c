import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_migrate.database.sqlite.canonical import (
    canonical_default,
    canonical_expression,
    canonical_name,
    canonical_type,
)

COLUMNS = {"a": "a", "b": "B", "order": "order", "key": "key"}
_NAMES = ["a", "A", '"a"', "[a]", "`B`", "b", '"order"', "key", '"KEY"', "t.a", 't."B"']
_VALUES = ["1", "0.5", "1e2", "0x1F", "'x'", "'it''s'", '"word"', "NULL", "x'0aFF'", "true"]
_OPERATORS = ["+", "-", "*", "||", "<", "<>", "!=", "==", "=", "<=", ">>", "is", "IS NOT", "And"]
_OPERATORS += ["or", "LIKE", "not like", "in", "->>"]
_SPACES = ["", " ", "\n", " /* it's ( */ ", " -- a\n"]
_WORDS = frozenset({"is", "IS NOT", "And", "or", "LIKE", "not like", "in"})


@st.composite
def expressions(draw, depth=3):
    """An expression, and a way to write it."""
    gap = draw(st.sampled_from(_SPACES))
    if not depth or draw(st.booleans()):
        return draw(st.sampled_from(_NAMES + _VALUES))
    inner, other = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    operator = draw(st.sampled_from(_OPERATORS))
    apart = gap or " " if operator in _WORDS else gap
    listed = f"({other},{gap}1)" if operator == "in" else other
    return draw(
        st.sampled_from(
            [
                f"{inner}{apart}{operator}{apart}{listed}",
                f"({gap}{inner}{gap})",
                f"-{gap or ' '}{inner}",
                f"NOT ({inner})",
                f"coalesce{gap}({inner},{gap}{other})",
                f"LENGTH({inner})",
                f"CAST({inner} as{gap or ' '}Text)",
                f"case when {inner} then {other} else 3 END",
                f"({inner}) BETWEEN {gap}1 and{gap or ' '}9",
                f"({inner}) COLLATE nocase",
            ]
        )
    )


@given(expressions())
def test_canonical_sql_says_the_same_to_sqlite(sql):
    canonical = canonical_expression(sql, COLUMNS)
    memory = sqlite3.connect(":memory:")
    memory.execute('CREATE TABLE t (a, B, "order", key)')
    memory.execute("INSERT INTO t VALUES (3, 'x', 'X', NULL), ('{\"x\": 1}', 7, 0.5, x'00')")
    said = [
        outcome(memory, f"SELECT typeof(e), e FROM (SELECT {one} AS e FROM t)")
        for one in (sql, canonical)
    ]
    memory.close()

    assert said[0] == said[1]
    assert canonical_expression(canonical, COLUMNS) == canonical


def outcome(memory, sql):
    try:
        return memory.execute(sql).fetchall()
    except sqlite3.Error as error:
        return str(error)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_canonical_name_means_itself(name):
    memory = sqlite3.connect(":memory:")
    memory.execute(f"CREATE TABLE t ({canonical_name(name)} INT)")
    (_, found, *_), *_ = memory.execute("PRAGMA table_info(t)").fetchall()
    memory.close()

    assert found == name


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a - -1", "a - -1"),
        ("- -a", "- -a"),
        ("a--1\n-1", "a - 1"),
        ("a->>'x'", "a ->> 'x'"),
        ("a<-1", "a < -1"),
        ("~a&-B", "~a & -B"),
        ("replace(a,'x','y')", "replace(a, 'x', 'y')"),
        ('"nothing"', "'nothing'"),
        ("[unknown]", "unknown"),
        ('"lower"(a)', "lower(a)"),
        ("cast(a as varchar (20))", "CAST(a AS VARCHAR(20))"),
        ("a IS NOT DISTINCT from key", 'a IS NOT DISTINCT FROM "key"'),
        ("current_date < a", "CURRENT_DATE < a"),
        ("(a)+(B)", "(a) + (B)"),
    ],
)
def test_expressions_are_written_in_one_way(written, expected):
    assert canonical_expression(written, COLUMNS) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'x'", "'x'"),
        ("(('x'))", "'x'"),
        ('"it\'s"', "'it''s'"),
        ("- 5", "-5"),
        ("(-(5))", "(-(5))"),
        ("(- -5)", "(- -5)"),
        ("+x'ff'", "X'FF'"),
        ("-x'ff'", "(-X'FF')"),
        ("current_timestamp", "CURRENT_TIMESTAMP"),
        ("(NULL)", None),
        ("('a'||'b')", "('a' || 'b')"),
    ],
)
def test_defaults_are_written_in_one_way(written, expected):
    assert canonical_default(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("Unsigned  Big Int", "UNSIGNED BIG INT"),
        ("numeric( 10 ,2 )", "NUMERIC(10, 2)"),
        ("decimal(+10,-2)", "DECIMAL(+10, -2)"),
        ('"my type"(3)', "MY TYPE(3)"),
        ("[a-b]", '"A-B"'),
        ("int /* it */ (5)", "INT(5)"),
    ],
)
def test_types_are_written_in_one_way(written, expected):
    assert canonical_type(written) == expected
