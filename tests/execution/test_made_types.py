"""Types that one run makes, drops and makes again."""

import alembic.op
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from flask_migrate.execution.made_types import forget_dropped_types
from flask_migrate.execution.operations import operations


@pytest.fixture
def context(postgresql_database):
    engine = sa.create_engine(postgresql_database.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with operations(context):
            yield context
    engine.dispose()


def make_table(name):
    alembic.op.create_table(name, sa.Column("v", sa.Enum("a", "b", name="mood")))


def test_a_type_that_was_dropped_is_made_anew(context):
    make_table("things")
    alembic.op.drop_table("things")
    alembic.op.execute("DROP TYPE mood")

    forget_dropped_types(context)
    make_table("things")

    assert sa.inspect(context.connection).get_enums()[0]["labels"] == ["a", "b"]


def test_a_type_that_is_there_is_shared(context):
    make_table("things")

    forget_dropped_types(context)
    make_table("others")

    assert len(sa.inspect(context.connection).get_enums()) == 1
