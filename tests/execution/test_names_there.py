"""Scripts that name on MariaDB what has no name there."""

import alembic.op
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from flask_migrate.execution.operations import operations

TABLES = (
    "CREATE TABLE groups_ (id INT PRIMARY KEY)",
    """CREATE TABLE things (
        id INT PRIMARY KEY, a INT, b INT, UNIQUE (a), UNIQUE (b, a), CHECK (a > 0),
        CONSTRAINT small CHECK (a < 9), FOREIGN KEY (b) REFERENCES groups_ (id)
    )""",
)


@pytest.fixture
def connection(mariadb_database):
    engine = sa.create_engine(mariadb_database.url)
    with engine.connect() as connection:
        for table in TABLES:
            connection.exec_driver_sql(table)
        with operations(MigrationContext.configure(connection)):
            yield connection
    engine.dispose()


def left(connection):
    inspector = sa.inspect(connection)
    return {
        "unique": [one["column_names"] for one in inspector.get_unique_constraints("things")],
        "check": [one["sqltext"] for one in inspector.get_check_constraints("things")],
        "foreignkey": [one["constrained_columns"] for one in inspector.get_foreign_keys("things")],
    }


@pytest.mark.parametrize("in_batch", [True, False])
@pytest.mark.parametrize(
    ("name", "kind", "rest"),
    [
        ("things_a_key", "unique", [["b", "a"]]),
        ("things_a_check", "check", ["`a` < 9"]),
        ("small", "check", ["`a` > 0"]),
        ("things_b_fkey", "foreignkey", []),
    ],
)
def test_what_has_no_name_goes_by_the_one_that_it_would_have(
    name, kind, rest, in_batch, connection
):
    if in_batch:
        with alembic.op.batch_alter_table("things") as batch:
            batch.drop_constraint(name, type_=kind)
    else:
        alembic.op.drop_constraint(name, "things", type_=kind)

    assert left(connection)[kind] == rest


def test_nothing_goes_that_may_be_another(connection):
    connection.exec_driver_sql("ALTER TABLE things ADD CHECK (a <> 5)")

    with pytest.raises(sa.exc.DBAPIError):
        alembic.op.drop_constraint("things_a_check", "things", type_="check")

    assert len(left(connection)["check"]) == 3


def test_what_the_batch_adds_has_its_name(connection):
    with alembic.op.batch_alter_table("things") as batch:
        batch.create_unique_constraint("things_a_key", ["a", "id"])
        batch.drop_constraint("things_a_key", type_="unique")

    assert ["a"] in left(connection)["unique"]
