"""Tell a transaction that somebody began from one that SQLAlchemy began by itself."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import CodeType
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event

_BY_ITSELF = Connection._autobegin.__code__  # noqa: SLF001  (nothing public tells who began)


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
        if _is_called_by(_BY_ITSELF):
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


def _is_called_by(code: CodeType) -> bool:
    frame = sys._getframe()  # noqa: SLF001  (documented, only its name is not public)
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code is code:
            return True
    return False
