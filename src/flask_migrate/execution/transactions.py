"""Tell a transaction that somebody began from one that SQLAlchemy began by itself."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event

from flask_migrate._sqlalchemy import begins_by_itself

Unasked = WeakKeyDictionary[Connection, list[str]]
"""The connections on which a transaction began by itself, with the statements run in it."""

# A plain SET outlives its transaction, at least on PostgreSQL and MySQL.
_FOR_THE_SESSION = re.compile(
    r"\s*(?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|SHOW\b|USE\b|PRAGMA\b)", re.IGNORECASE
)


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
