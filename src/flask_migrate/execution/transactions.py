"""Tell a transaction that somebody began from one that SQLAlchemy began by itself."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event

from flask_migrate._sqlalchemy import begins_by_itself

Unasked = WeakKeyDictionary[Connection, list[str]]
"""The connections on which a transaction began by itself, with the statements run in it."""

_IDLE = 0  # PQTRANS_IDLE of libpq

# A plain SET outlives its transaction, at least on PostgreSQL and MySQL.
_FOR_THE_SESSION = re.compile(
    r"\s*(?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|SHOW\b|USE\b|PRAGMA\b)", re.IGNORECASE
)


def is_autocommit(connection: Connection) -> bool:
    """Return whether the database keeps each statement of a connection at once.

    SQLAlchemy says that there is a transaction all the same. It is one in name only: the
    database has none, so that it holds no lock, has no savepoint, and undoes nothing.

    Args:
        connection: The connection. If a statement has begun a transaction on it, and the
            driver tells, then there is one.
    """
    return _commits_by_itself(connection) and not _has_begun(connection)


def _commits_by_itself(connection: Connection) -> bool:
    driver: Any = connection.connection.dbapi_connection
    ask = getattr(driver, "get_autocommit", None)  # drivers of MariaDB and MySQL
    told = ask() if callable(ask) else getattr(driver, "autocommit", None)
    if isinstance(told, bool):
        return told
    # Drivers of SQLite tell nothing: without a level of their own, they leave BEGIN to others.
    return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def _has_begun(connection: Connection) -> bool:
    proxy = connection.connection
    status = getattr(getattr(proxy.dbapi_connection, "info", None), "transaction_status", None)
    if isinstance(status, int):  # psycopg and psycopg2
        return status != _IDLE
    return getattr(proxy.driver_connection, "in_transaction", False) is True


@contextmanager
def noted_transactions() -> Generator[Unasked]:
    """Yield the connections on which the newest transaction began by itself.

    SQLAlchemy 2 begins one with the first statement. If that is one of `env.py`, such
    as ``SET ROLE``, and Alembic is configured after it, then Alembic leaves the end of
    the transaction to `env.py`, which knows of none: everything would be rolled back
    without a word.
    """
    unasked: Unasked = WeakKeyDictionary()

    def note_begin(connection: Connection, *_: object) -> None:
        if begins_by_itself():
            unasked[connection] = []
        else:
            unasked.pop(connection, None)

    def note_statement(connection: Connection, _: object, statement: str, *__: object) -> None:
        if (statements := unasked.get(connection)) is not None:
            statements.append(statement)

    listeners: dict[str, Callable[..., None]] = {
        "begin": note_begin,
        "begin_twophase": note_begin,
        "before_cursor_execute": note_statement,
    }
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield unasked
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)


def outlives_its_transaction(statement: str) -> bool:
    """Return whether what a statement set stays set when its transaction ends.

    >>> outlives_its_transaction("SET search_path TO one")
    True
    >>> outlives_its_transaction("SET LOCAL search_path TO one")
    False
    """
    return _FOR_THE_SESSION.match(statement) is not None
