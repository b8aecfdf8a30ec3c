"""What a revision calls `op`."""

import alembic.op
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.operations.batch import BatchOperationsImpl
from alembic.runtime.migration import MigrationContext

from flask_migrate.execution.operations import operations
from flask_migrate.execution.sqlite.batch import SqliteBatch

_OID = sa.text("SELECT 'things'::regclass::oid")


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (a INT)"))
        yield connection
    engine.dispose()


def test_the_module_works_on_the_database_and_on_none_after(connection):
    with operations(MigrationContext.configure(connection)) as ours:
        assert isinstance(ours, Operations)
        alembic.op.add_column("t", sa.Column("b", sa.Integer()))
        assert alembic.op.get_bind() is connection
    with pytest.raises((NameError, AttributeError)):
        alembic.op.get_bind()

    assert [one["name"] for one in sa.inspect(connection).get_columns("t")] == ["a", "b"]


def test_the_batch_mode_is_ours_online(connection):
    context = MigrationContext.configure(connection)
    arguments = ("t", None, "auto", [("a",)])
    with operations(context), alembic.op.batch_alter_table(*arguments) as batch:
        assert isinstance(batch.impl, SqliteBatch)
        assert batch.impl.partial_reordering == [("a",)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_the_batch_mode_is_alembics_where_only_statements_are_written(dialect):
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True})
    with operations(context), alembic.op.batch_alter_table("t", schema="s") as batch:
        assert type(batch.impl) is BatchOperationsImpl


def test_on_another_server_nothing_changes(postgresql_database):
    engine = sa.create_engine(postgresql_database.url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (a INT)"))
        context = MigrationContext.configure(connection)
        with operations(context), alembic.op.batch_alter_table("t") as batch:
            batch.alter_column("a", type_=sa.BigInteger())
        (column,) = sa.inspect(connection).get_columns("t")
    engine.dispose()

    assert isinstance(column["type"], sa.BigInteger)


def test_a_revision_that_runs_a_command_gets_its_own_back(connection):
    with operations(MigrationContext.configure(connection)) as outer:
        with operations(MigrationContext.configure(dialect_name="mysql")):
            assert alembic.op.get_context().dialect.name == "mysql"
        assert alembic.op.get_context() is outer.get_context()


def test_after_an_error_the_module_is_free(connection):
    with (
        pytest.raises(ValueError, match="stop"),
        operations(MigrationContext.configure(connection)),
    ):
        raise ValueError("stop")
    with pytest.raises((NameError, AttributeError)):
        alembic.op.get_bind()


def test_a_batch_for_the_options_of_sqlite_copies_no_table_elsewhere(make_database):
    engine = sa.create_engine(make_database("postgresql").url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE things (id serial PRIMARY KEY)"))
        before = connection.execute(_OID).scalar()
        with (
            operations(MigrationContext.configure(connection)) as op,
            op.batch_alter_table(
                "things", recreate="always", table_kwargs={"sqlite_strict": True}
            ) as batch_op,
        ):
            batch_op.add_column(sa.Column("a", sa.Integer))
        after = connection.execute(_OID).scalar()
        columns = [one["name"] for one in sa.inspect(connection).get_columns("things")]

    assert (after, columns) == (before, ["id", "a"])
