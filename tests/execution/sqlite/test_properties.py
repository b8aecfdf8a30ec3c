"""Whatever the table and whatever the batch: what is not asked for stays as it was."""

import sqlite3

import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flask_migrate.errors import MigrateError
from tests.database.sqlite.statements import create_tables
from tests.execution.sqlite.lab import Lab

VALUES = [1, 2.5, "x", "007", "2024-02-03", b"\x00", None, "1e5"]
OPERATIONS = [
    "retype",
    "null",
    "not null",
    "default",
    "rename",
    "drop",
    "add",
    "add unique",
    "check",
    "index",
    "always",
]
KEPT = {
    "columns": "SELECT name, type, [notnull], dflt_value, pk, hidden FROM pragma_table_xinfo('t')",
    "keys": "SELECT [table], group_concat([from]), group_concat([to]), on_update, on_delete "
    "FROM pragma_foreign_key_list('t') GROUP BY id ORDER BY id",
    "triggers": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "indexes": "SELECT i.[unique], i.origin, i.partial, group_concat(x.name), "
    "group_concat(x.[desc]), group_concat(x.coll) "
    "FROM pragma_index_list('t') AS i, pragma_index_xinfo(i.name) AS x "
    "WHERE x.key GROUP BY i.name",
}


@st.composite
def databases(draw):
    """A table that SQLite accepts, with rows, an index and a trigger."""
    sql = draw(create_tables())
    connection = sqlite3.connect(":memory:")
    statements = ["CREATE TABLE parent (id PRIMARY KEY)", "CREATE TABLE log (what)", sql]
    assume(all(_runs(connection, one) for one in statements))
    plain = [row[1] for row in connection.execute("PRAGMA table_info(t)")]
    name = draw(st.sampled_from(plain))
    listed = ", ".join(f'"{one}"' for one in plain)
    more = [
        f'CREATE INDEX on_one ON t ("{name}" DESC) WHERE "{name}" IS NOT 9',
        "CREATE TRIGGER noted AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('gone'); END",
    ]
    for number in range(draw(st.integers(0, 4))):
        values = ", ".join(_literal(draw(st.sampled_from(VALUES)), number) for _ in plain)
        more.append(f"INSERT INTO t ({listed}) VALUES ({values})")
    statements += [one for one in more if _runs(connection, one)]
    connection.close()
    return statements, plain


def _runs(connection, sql):
    try:
        connection.execute(sql)
    except sqlite3.Error:
        return False
    return True


def _literal(value, number):
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if value is None:
        return "NULL"
    return repr(value + number) if isinstance(value, int | float) else f"'{value}{number}'"


def _change(batch, operation, column):
    match operation:
        case "retype":
            batch.alter_column(column, type_=sa.String(77))
        case "null" | "not null":
            batch.alter_column(column, nullable=operation == "null")
        case "default":
            batch.alter_column(column, server_default=sa.text("42"))
        case "rename":
            batch.alter_column(column, new_column_name="renamed")
        case "drop":
            batch.drop_column(column)
        case "add":
            batch.add_column(sa.Column("added", sa.Integer(), server_default="3"))
        case "add unique":
            batch.add_column(sa.Column("unique", sa.Integer(), unique=True))
        case "check":
            batch.create_check_constraint("new_check", "1 < 2")
        case "index":
            batch.create_index("new_index", [column])


def _see(lab, column, operations):
    """Everything that can be seen of the table, without what the operations are about."""
    names = {column, "renamed", "added", "unique"}
    columns = [row for row in lab.rows(KEPT["columns"]) if row[0] not in names]
    others = ", ".join(f'"{row[0]}"' for row in columns)
    # An index that is new, or gone, lets SQLite come to the rows in another order.
    rows = sorted(map(repr, lab.rows(f"SELECT {others or 1} FROM t")))
    about_it = column.lower()
    indexes = [
        row
        for row in lab.rows(KEPT["indexes"])
        if not {about_it, *names} & set(str(row[3]).lower().split(","))
    ]
    keys = [row for row in lab.rows(KEPT["keys"]) if not names & set(row[1].split(","))]
    if "drop" in operations:
        columns = [(*row[:4], bool(row[4]), row[5]) for row in columns]
    return columns, rows, sorted(indexes, key=repr), keys, lab.rows(KEPT["triggers"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(databases(), st.data())
def test_what_is_not_asked_for_stays(database, data):
    statements, plain = database
    column = data.draw(st.sampled_from(plain))
    operations = data.draw(
        st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=3, unique=True)
    )
    assume(not ({"drop"} & set(operations) and len(operations) > 1))
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        lab = Lab(connection)
        lab.run(*statements)
        before, whole = _see(lab, column, operations), lab.snapshot()
        recreate = "always" if "always" in operations else "auto"
        try:
            with lab.batch("t", recreate=recreate) as batch:
                for operation in operations:
                    _change(batch, operation, column)
        except MigrateError:
            connection.rollback()
            assert lab.snapshot() == whole
        else:
            assert _see(lab, column, operations) == before
            assert lab.rows("PRAGMA integrity_check") == [("ok",)]
    engine.dispose()
