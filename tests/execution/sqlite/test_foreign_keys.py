"""A table with children is rebuilt without one of them noticing, or not at all."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from flask_migrate.errors import RowsRefused
from flask_migrate.execution.sqlite import ForeignKeysOn, foreign_key_violations
from flask_migrate.values.sqlite import Violation
from tests.execution.sqlite.lab import Lab

ACTIONS = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"]


def family(action):
    return (
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT)",
        f"CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INT REFERENCES p (id) ON DELETE {action})",
        "INSERT INTO p VALUES (1, 'x'), (2, 'y')",
        "INSERT INTO c VALUES (1, 1), (2, 1), (3, 2)",
    )


@pytest.mark.parametrize("action", ACTIONS)
def test_outside_a_transaction_foreign_keys_go_off_and_on_again(make_lab, action):
    lab = make_lab(foreign_keys=True)
    lab.run(*family(action))
    with lab.batch("p") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.copied
    assert lab.rows("SELECT * FROM c") == [(1, 1), (2, 1), (3, 2)]
    assert lab.rows("PRAGMA foreign_keys") == [(1,)]
    assert lab.rows("PRAGMA legacy_alter_table") == [(0,)]


@pytest.mark.parametrize("action", ACTIONS)
def test_in_a_transaction_the_table_is_named_and_nothing_touched(make_lab, action):
    lab = make_lab(foreign_keys=True)
    lab.run(*family(action))
    lab.connection.exec_driver_sql("BEGIN IMMEDIATE")
    with pytest.raises(ForeignKeysOn) as caught, lab.batch("p") as batch:
        batch.alter_column("a", nullable=False)

    assert caught.value.table == "p"
    assert not lab.copied
    assert lab.rows("SELECT count(*) FROM c") == [(3,)]


def test_in_a_transaction_with_foreign_keys_off_everything_goes_on(lab):
    lab.run(*family("CASCADE"))
    lab.connection.exec_driver_sql("BEGIN IMMEDIATE")
    with lab.batch("p") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.rows("SELECT * FROM c") == [(1, 1), (2, 1), (3, 2)]


def test_a_failed_batch_is_only_a_part_of_its_transaction(lab):
    lab.run("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)")
    lab.connection.exec_driver_sql("BEGIN IMMEDIATE")
    lab.connection.exec_driver_sql("INSERT INTO t VALUES (NULL)")
    with pytest.raises(RowsRefused), lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)
    lab.connection.exec_driver_sql("INSERT INTO t VALUES (3)")
    lab.connection.commit()

    assert lab.rows("SELECT a FROM t") == [(1,), (None,), (3,)]
    assert lab.sql_of("t") == "CREATE TABLE t (a INT)"


def test_what_sqlite_does_by_itself_needs_no_foreign_keys_off(make_lab):
    lab = make_lab(foreign_keys=True)
    lab.run(*family("CASCADE"))
    lab.connection.exec_driver_sql("BEGIN IMMEDIATE")
    with lab.batch("p") as batch:
        batch.alter_column("id", new_column_name="number")
        batch.drop_column("a")
    lab.connection.commit()

    assert lab.rows("SELECT * FROM c") == [(1, 1), (2, 1), (3, 2)]
    assert 'REFERENCES p ("number") ON DELETE CASCADE' in lab.sql_of("c")


def test_a_table_without_children_needs_no_foreign_keys_off(make_lab):
    lab = make_lab(foreign_keys=True)
    lab.run(*family("CASCADE"))
    lab.connection.exec_driver_sql("BEGIN IMMEDIATE")
    with lab.batch("c") as batch:
        batch.alter_column("p_id", nullable=False)
    lab.connection.commit()

    assert lab.rows("SELECT * FROM c") == [(1, 1), (2, 1), (3, 2)]


def test_a_reference_with_a_default_is_added_although_sqlite_cannot(make_lab):
    lab = make_lab(foreign_keys=True)
    lab.run(*family("CASCADE"))
    with lab.batch("c") as batch:
        column = sa.Column("q_id", sa.Integer(), nullable=False, server_default=sa.text("2"))
        batch.add_column(column)
        batch.create_foreign_key("fk", "p", ["q_id"], ["id"])

    assert lab.rows("SELECT id, q_id FROM c") == [(1, 2), (2, 2), (3, 2)]
    assert lab.copied == ['"main"."_godwit_c"']


@pytest.mark.parametrize("action", ACTIONS)
def test_a_table_that_refers_to_itself_keeps_its_rows(make_lab, action):
    lab = make_lab(foreign_keys=True)
    lab.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, "
        f"boss INT REFERENCES t ON DELETE {action}, a TEXT)",
        "INSERT INTO t VALUES (1, NULL, 'x'), (2, 1, 'y'), (3, 3, 'z')",
    )
    with lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.rows("SELECT * FROM t") == [(1, None, "x"), (2, 1, "y"), (3, 3, "z")]


def test_a_new_foreign_key_that_rows_violate_is_refused(make_lab):
    lab = make_lab(foreign_keys=True)
    lab.run(*family("CASCADE"), "CREATE TABLE other (id INTEGER PRIMARY KEY)")
    before = lab.snapshot()
    said = "2 rows would refer to rows that do not exist"
    with pytest.raises(RowsRefused, match=said), lab.batch("p") as batch:
        batch.create_foreign_key("fk", "other", ["id"], ["id"])

    assert lab.snapshot() == before
    assert lab.rows("PRAGMA foreign_keys") == [(1,)]


def test_violations_are_values(lab):
    lab.run(*family("CASCADE"), "INSERT INTO c VALUES (9, 99)")

    assert foreign_key_violations(lab.connection) == (Violation(table="c", rowid=9, parent="p"),)
    assert foreign_key_violations(lab.connection, table="p") == ()


def test_aiosqlite_is_as_good(tmp_path):
    def work(connection):
        lab = Lab(connection)
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        lab.run(*family("CASCADE"))
        with lab.batch("p") as batch:
            batch.alter_column("a", type_=sa.String(5), nullable=False)
        assert lab.copied
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(ForeignKeysOn), lab.batch("p") as batch:
            batch.alter_column("a", type_=sa.String(6))
        return lab.rows("SELECT * FROM c")

    async def run():
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db", poolclass=StaticPool)
        async with engine.connect() as connection:
            rows = await connection.run_sync(work)
        await engine.dispose()
        return rows

    assert asyncio.run(run()) == [(1, 1), (2, 1), (3, 2)]
