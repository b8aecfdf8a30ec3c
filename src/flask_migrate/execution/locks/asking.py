"""Ask a server something on the connection of a migration, and leave no trace."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Row, text


@contextmanager
def no_transaction_left(connection: Connection) -> Generator[None]:
    """End the transaction that the first statement in it begins, and no other."""
    if connection.in_transaction():
        yield
        return
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def ask(connection: Connection, statement: str, **values: Any) -> Row[Any]:
    """Return the only row of a statement."""
    with no_transaction_left(connection):
        return connection.execute(text(statement), values).one()
