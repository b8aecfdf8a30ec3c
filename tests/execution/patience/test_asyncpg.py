"""An asynchronous driver waits as the others do."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from flask_migrate.errors import TableLocked
from tests.execution.patience.conductor import QUICK, SHORT, Conductor, application, in_way

READS = "SELECT id FROM users"


@pytest.fixture(autouse=True)
def _elsewhere(elsewhere):
    """The sessions in the way are those of this process; let them be of another one."""


def run(engine, conductor, *revisions):
    url = engine.url.set(drivername="postgresql+asyncpg")

    async def main():
        asynchronous = create_async_engine(url)
        try:
            async with asynchronous.connect() as connection:
                await connection.run_sync(conductor.run_on, *revisions)
        finally:
            await asynchronous.dispose()

    asyncio.run(main())


def add_column(op):
    op.add_column("users", sa.Column("age", sa.Integer))


def two_tables(op):
    op.add_column("orders", sa.Column("note", sa.Text))
    add_column(op)


@pytest.mark.parametrize("revision", [add_column, two_tables])
def test_no_query_of_the_application_waits_longer_than_the_timeout(postgresql, revision):
    conductor = Conductor(postgresql)
    with (
        in_way(postgresql, READS, seconds=2),
        application(postgresql, READS, "SELECT id FROM orders") as took,
    ):
        run(postgresql, conductor, revision)

    assert "age" in [column["name"] for column in sa.inspect(postgresql).get_columns("users")]
    assert max(took) < QUICK.longest + 0.5
    assert conductor.slept


def test_the_session_in_the_way_is_named(postgresql):
    with in_way(postgresql, READS), pytest.raises(TableLocked, match=f"was: {READS}"):
        run(postgresql, Conductor(postgresql, limits=SHORT), add_column)


def test_autocommit_indexes_and_values_work(postgresql):
    def index(op):
        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY by_n ON users (n)")

    def value(op):
        op.execute("ALTER TYPE mood ADD VALUE 'glad'")
        op.execute("CREATE TABLE moods (mood mood DEFAULT 'glad')")

    with postgresql.begin() as connection:
        connection.execute(sa.text("CREATE TYPE mood AS ENUM ('sad')"))
    with pytest.raises(sa.exc.IntegrityError):
        run(postgresql, Conductor(postgresql), index)
    with postgresql.begin() as connection:
        connection.execute(sa.text("UPDATE users SET n = id"))
    conductor = Conductor(postgresql)
    run(postgresql, conductor, index, value)

    assert [said.split()[0] for said in conductor.said] == ["The", "Committed"]
