"""Tell a transaction that somebody began from one that SQLAlchemy began by itself."""

from collections.abc import Generator
from contextlib import contextmanager
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event

from flask_migrate._sqlalchemy import begins_by_itself


@contextmanager
def noted_transactions() -> Generator[WeakSet[Connection]]:
    """Yield the connections on which the newest transaction began by itself.

    SQLAlchemy 2 begins one with the first statement. If that is one of `env.py`, such
    as ``SET ROLE``, and Alembic is configured after it, then Alembic leaves the end of
    the transaction to `env.py`, which knows of none: everything would be rolled back
    without a word.
    """
    connections: WeakSet[Connection] = WeakSet()

    def note(connection: Connection, *_: object) -> None:
        if begins_by_itself():
            connections.add(connection)
        else:
            connections.discard(connection)

    names = ("begin", "begin_twophase")
    for name in names:
        event.listen(Engine, name, note)
    try:
        yield connections
    finally:
        for name in names:
            event.remove(Engine, name, note)
