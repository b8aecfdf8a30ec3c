"""What Alembic's batch mode left behind when it was killed."""

import pytest

from flask_migrate.execution.sqlite import drop_copies, leftovers, rename_back
from flask_migrate.values.sqlite import Leftover

USERS = ("CREATE TABLE users (id INTEGER PRIMARY KEY, a TEXT)", "INSERT INTO users VALUES (1, 'x')")
COPY = "CREATE TABLE _alembic_tmp_users (id INTEGER PRIMARY KEY, a TEXT NOT NULL)"
FILL = "INSERT INTO _alembic_tmp_users VALUES (1, 'x')"


def remove_leftovers(connection):
    found = leftovers(connection)
    return (*rename_back(connection, found), *drop_copies(connection, found))


def names(lab):
    return [name for (name,) in lab.rows("SELECT name FROM sqlite_master ORDER BY name")]


def test_a_clean_database_has_none(lab):
    lab.run(*USERS)

    assert leftovers(lab.connection) == ()
    assert remove_leftovers(lab.connection) == ()


@pytest.mark.parametrize("rows", [0, 1])
def test_a_copy_is_dropped(lab, rows):
    lab.run(*USERS, COPY, *([FILL] if rows else []))
    found = leftovers(lab.connection)
    (problem,) = remove_leftovers(lab.connection)

    assert found == (Leftover(name="_alembic_tmp_users", table="users", is_copy=True, rows=rows),)
    assert problem.code == "batch-leftover"
    assert f"'users' had all of its {rows} rows, so it was dropped." in problem.message
    assert names(lab) == ["users"]


def test_the_only_place_with_the_rows_gets_its_name_back(lab):
    lab.run(COPY, FILL, "CREATE VIEW v AS SELECT a FROM users")
    (problem,) = remove_leftovers(lab.connection)

    assert "so it was renamed to 'users'" in problem.message
    assert "flask db stamp" in problem.hint
    assert lab.rows("SELECT * FROM v") == [("x",)]
    assert names(lab) == ["users", "v"]


def test_rows_that_are_nowhere_else_are_left_for_a_person(lab):
    # The killed migration had dropped the table, and the application created an empty one.
    lab.run(USERS[0], COPY, FILL)
    (problem,) = remove_leftovers(lab.connection)

    assert "It was left as it is." in problem.message
    assert lab.rows("SELECT * FROM _alembic_tmp_users") == [(1, "x")]


def test_a_table_without_a_key_is_compared_by_all_its_columns(lab):
    lab.run(
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE _alembic_tmp_t (b INT, c INT)",
        "INSERT INTO t VALUES (1, 2)",
        "INSERT INTO _alembic_tmp_t VALUES (2, 3)",
    )
    remove_leftovers(lab.connection)

    assert names(lab) == ["t"]


def test_a_name_that_was_cut_off_tells_nothing(lab):
    name = ("_alembic_tmp_" + "x" * 60)[:50]
    lab.run(f"CREATE TABLE {name} (a INT)", f"INSERT INTO {name} VALUES (1)")
    (problem,) = remove_leftovers(lab.connection)

    assert "It was left as it is." in problem.message
    assert leftovers(lab.connection) == (Leftover(name=name, table=None, is_copy=False, rows=1),)


def test_ours_is_not_in_the_way_of_one(lab):
    lab.run(*USERS, COPY)
    with lab.batch("users") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.rows("SELECT * FROM users") == [(1, "x")]


def test_a_copy_that_somebody_else_has_dropped_is_no_problem(lab):
    lab.run(*USERS, COPY)
    found = leftovers(lab.connection)
    lab.run("DROP TABLE _alembic_tmp_users")

    assert drop_copies(lab.connection, found) == ()
