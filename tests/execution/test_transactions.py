"""Whether a transaction is one of the database, or of SQLAlchemy only."""

import pytest
import sqlalchemy as sa

from flask_migrate.execution.transactions import is_autocommit


@pytest.fixture(params=["of the connection", "of the engine"])
def in_autocommit(request, database):
    """A connection in autocommit to each kind of database, in a transaction in name only."""
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    if request.param == "of the engine":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if request.param == "of the connection":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SELECT 1")
        yield connection


def test_in_autocommit_a_transaction_is_one_in_name_only(in_autocommit):
    assert in_autocommit.in_transaction()
    assert is_autocommit(in_autocommit)


def test_any_other_transaction_is_one(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert not is_autocommit(connection)
        connection.exec_driver_sql("SELECT 1")
        assert not is_autocommit(connection)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_statement_begins_one_in_autocommit_too(make_database, dialect):
    engine = sa.create_engine(
        make_database(dialect).url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    ).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        assert not is_autocommit(connection)
        connection.exec_driver_sql("ROLLBACK")
        assert is_autocommit(connection)


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_the_driver_tells_it_where_the_engine_was_made_so(make_database, dialect):
    engine = sa.create_engine(
        make_database(dialect).url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        assert is_autocommit(connection)
