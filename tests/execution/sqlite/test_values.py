"""Values survive a new type as they are, or the migration stops and names them."""

import uuid

import pytest
import sqlalchemy as sa

from flask_migrate.errors import ValuesWouldBeLost

HEX = "12345678901234567890123456789012"
LONG = "x" * 100

# Old type, new type, what is stored, what is stored then.
CARRIED = [
    ("TEXT", sa.Integer(), ["5", "-7", None], [5, -7, None]),
    ("TEXT", sa.Numeric(10, 2), ["1.50", "3"], [1.5, 3]),
    ("TEXT", sa.Date(), ["2024-02-03", None], ["2024-02-03", None]),
    ("DATE", sa.DateTime(), ["2024-02-03"], ["2024-02-03"]),
    ("DATETIME", sa.Text(), ["2024-02-03 10:00:00"], ["2024-02-03 10:00:00"]),
    ("DATE", sa.String(10), ["2024-02-03"], ["2024-02-03"]),
    ("VARCHAR(32)", sa.Uuid(), [HEX], [HEX]),
    ("CHAR(32)", sa.String(36), [HEX], [HEX]),
    ("INTEGER", sa.String(10), [5], ["5"]),
    ("INTEGER", sa.BigInteger(), [2**60], [2**60]),
    ("INTEGER", sa.Numeric(), [5], [5]),
    ("INTEGER", sa.Boolean(), [0, 1], [0, 1]),
    ("INTEGER", sa.Float(), [5], [5.0]),
    ("FLOAT", sa.Integer(), [3.0, 1.5], [3, 1.5]),
    ("FLOAT", sa.Text(), [1.5], ["1.5"]),
    ("BOOLEAN", sa.Integer(), [0, 1], [0, 1]),
    ("VARCHAR(5)", sa.String(50), ["007"], ["007"]),
    ("VARCHAR(5)", sa.Enum("a", "b", name="letter"), ["a", "b"], ["a", "b"]),
    ("TEXT", sa.JSON(), ['{"a": 1}', "[]"], ['{"a": 1}', "[]"]),
    ("TEXT", sa.LargeBinary(), ["né"], ["né".encode()]),
    ("BLOB", sa.Text(), ["né".encode()], ["né"]),
    ("VARCHAR(5)", sa.String(50), [b"\xff"], [b"\xff"]),
]


@pytest.mark.parametrize(("old", "new", "values", "expected"), CARRIED, ids=str)
def test_values_are_carried_over(lab, old, new, values, expected):
    lab.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, a {old})")
    insert = sa.text("INSERT INTO t (a) VALUES (:a)")
    lab.connection.execute(insert, [{"a": value} for value in values])
    lab.connection.commit()
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=new)
    found = [value for (value,) in lab.rows("SELECT a FROM t ORDER BY id")]

    assert list(map(repr, found)) == list(map(repr, expected))
    assert lab.copied


# Old type, new type, what is stored, what the error says of it.
LOST = [
    ("TEXT", sa.Integer(), ["abc"], "id=1 has 'abc'"),
    ("TEXT", sa.Integer(), ["007"], "id=1 has '007'"),
    ("TEXT", sa.Integer(), ["2024-02-03"], "id=1 has '2024-02-03'"),
    ("TEXT", sa.Integer(), [b"1"], "id=1 has b'1'"),
    ("TEXT", sa.Numeric(), [HEX], f"id=1 has '{HEX}'"),
    ("TEXT", sa.Boolean(), ["true"], "id=1 has 'true'"),
    ("TEXT", sa.Date(), ["2024"], "id=1 has '2024'"),
    ("TEXT", sa.Date(), ["soon"], "id=1 has 'soon'"),
    ("DATETIME", sa.Date(), ["2024-02-03 10:00:00"], "id=1 has '2024-02-03 10:00:00'"),
    ("INTEGER", sa.DateTime(), [1700000000], "id=1 has 1700000000"),
    ("INTEGER", sa.Float(), [2**53 + 1], f"id=1 has {2**53 + 1}"),
    ("FLOAT", sa.Text(), [0.1 + 0.2], "id=1 has 0.30000000000000004"),
    ("TEXT", sa.Uuid(), ["no uuid"], "id=1 has 'no uuid'"),
    ("TEXT", sa.JSON(), ["5"], "id=1 has '5'"),
    ("TEXT", sa.JSON(), ["{"], "id=1 has '{'"),
    ("VARCHAR(5)", sa.Enum("a", "b", name="letter"), ["c"], "id=1 has 'c'"),
    ("BLOB", sa.Text(), [b"\xff"], "id=1 has b'\\xff'"),
    ("TEXT", sa.Integer(), [LONG], f"id=1 has '{LONG[:56]}..."),
]


@pytest.mark.parametrize(("old", "new", "values", "said"), LOST, ids=str)
def test_a_value_that_would_be_lost_stops_the_migration(lab, old, new, values, said):
    lab.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, a {old})")
    insert = sa.text("INSERT INTO t (a) VALUES (:a)")
    lab.connection.execute(insert, [{"a": value} for value in values])
    lab.connection.commit()
    before = lab.snapshot()
    with pytest.raises(ValuesWouldBeLost) as caught, lab.batch("t") as batch:
        batch.alter_column("a", type_=new)

    assert said in caught.value.message
    assert lab.copied == []
    assert lab.snapshot() == before


class Uid(sa.types.UserDefinedType):
    """A type of an application, with a name that means NUMERIC to SQLite."""

    cache_ok = True

    def get_col_spec(self, **_):
        return "UUID"


def test_an_identifier_never_becomes_a_number(lab):
    first, second = uuid.UUID("1e5" + "0" * 29).hex, "ab" * 16
    lab.run(
        "CREATE TABLE t (id CHAR(32) PRIMARY KEY)",
        f"INSERT INTO t VALUES ('{first}'), ('{second}'), ('{HEX}')",
    )
    with pytest.raises(ValuesWouldBeLost) as caught, lab.batch("t") as batch:
        batch.alter_column("id", type_=Uid())

    assert "The column t.id cannot become UUID: 2 values would be lost" in caught.value.message
    assert f"id='{HEX}' has '{HEX}'" in caught.value.message
    assert f"id='{first}' has '{first}'" in caught.value.message


def test_five_rows_are_named_and_all_are_counted(lab):
    lab.run("CREATE TABLE t (a TEXT)")
    lab.run(*(f"INSERT INTO t VALUES ('no {number}')" for number in range(1200)))
    with pytest.raises(ValuesWouldBeLost) as caught, lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.Integer())

    assert caught.value.message == (
        "The column t.a cannot become INTEGER: 1,200 values would be lost or could not be read: "
        "rowid=1 has 'no 0'; rowid=2 has 'no 1'; rowid=3 has 'no 2'; rowid=4 has 'no 3'; "
        "rowid=5 has 'no 4', and 1,195 more. Nothing was changed."
    )
    assert "UPDATE" in caught.value.hint


def test_a_strict_table_takes_only_what_fits(lab):
    lab.run("CREATE TABLE t (a REAL) STRICT", "INSERT INTO t VALUES (1.0), (1.5)")
    with pytest.raises(ValuesWouldBeLost, match=r"rowid=2 has 1\.5"), lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.Integer())


def test_a_column_that_is_renamed_too_is_named_as_it_was(lab):
    lab.run("CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x')")
    with pytest.raises(ValuesWouldBeLost, match=r"The column t\.a "), lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.Integer(), new_column_name="b")


def test_what_an_application_does_with_values_is_not_called(lab):
    class Fails(sa.TypeDecorator):
        impl = sa.Text
        cache_ok = True

        def process_result_value(self, value, dialect):
            raise AssertionError(value)

    lab.run("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (5)")
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=Fails())

    assert lab.rows("SELECT * FROM t") == [("5",)]
