"""Notice when the application itself would block its migration."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from flask_migrate._sqlalchemy import connections_held_by
from flask_migrate.errors import SessionOpen
from flask_migrate.execution.transactions import is_autocommit


def refuse_open_session(held: Iterable[Connection], connection: Connection) -> None:
    """Refuse to start a migration that would wait for the application's own session.

    A transaction holds locks on every table that it read or wrote, and a migration
    in the same thread would wait for them for ever.

    Args:
        held: What the sessions held before `env.py` ran. A session that `env.py` or a
            revision uses, to read a list of tenants, is their own affair.
        connection: What the migration runs on.

    Raises:
        SessionOpen: The session of this thread holds a transaction on the same database.
    """
    for other in held:
        if _blocks(other, connection):
            raise SessionOpen(
                "The session of the application, db.session, is in a transaction on the database "
                "that is to be migrated; the migration would wait for it for ever.",
                hint="Finish it first: db.session.commit(), db.session.rollback() or "
                "db.session.close()",
            )


def held_connections(database: Any) -> Iterator[Connection]:
    """Yield the connections that sessions of the application hold, and that nobody will release.

    Args:
        database: What holds engines and, as `session`, the sessions.
    """
    for session in _sessions(database):
        yield from connections_held_by(session)


def _sessions(database: Any) -> list[Session]:
    scoped = getattr(database, "session", None)
    registry = getattr(scoped, "registry", None)
    if registry is None:
        return [scoped] if isinstance(scoped, Session) else []
    by_context = getattr(registry, "registry", None)
    if isinstance(by_context, dict) and threading.active_count() == 1:
        # Those of outer application contexts, too: only this thread could finish them.
        return list(by_context.values())
    return [registry()] if registry.has() else []


def _blocks(other: Connection, connection: Connection) -> bool:
    if other.closed or other.engine.url != connection.engine.url:
        return False
    theirs, ours = other.connection.dbapi_connection, connection.connection.dbapi_connection
    if theirs is ours:
        return False
    if connection.dialect.name == "sqlite":
        # Before its first write, the driver has no transaction open.
        return bool(getattr(theirs, "in_transaction", True))
    return other.in_transaction() and not is_autocommit(other)
