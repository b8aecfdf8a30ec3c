"""Do something in a database of which nothing is left, in whatever state its connection is."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection

_SAVEPOINT = "godwit_without_trace"


@contextmanager
def without_trace(connection: Connection) -> Generator[None]:
    """Take back what the block did, settings of the transaction too.

    The connection is then as it was: in a transaction, in none, or in autocommit.

    Args:
        connection: To a server whose DDL is part of a transaction.
    """
    if getattr(connection.connection.dbapi_connection, "autocommit", False) is True:
        with _by_hand(connection):
            yield
    elif connection.in_transaction():
        with _savepoint(connection):
            yield
    else:
        transaction = connection.begin()
        try:
            yield
        finally:
            transaction.rollback()


@contextmanager
def _by_hand(connection: Connection) -> Generator[None]:
    """A transaction of the server's, of which neither SQLAlchemy nor the driver knows."""
    is_in_one = connection.in_transaction()
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK")
        if not is_in_one:
            connection.rollback()


@contextmanager
def _savepoint(connection: Connection) -> Generator[None]:
    # SQLAlchemy would leave its own, and all that follows would be in it.
    connection.exec_driver_sql(f"SAVEPOINT {_SAVEPOINT}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        connection.exec_driver_sql(f"RELEASE SAVEPOINT {_SAVEPOINT}")
