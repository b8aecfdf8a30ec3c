"""The type that a column of SQLite was declared with, as one of SQLAlchemy."""

import re
from typing import Any

import sqlalchemy.types
from sqlalchemy import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.types import DateTime, Double, LargeBinary, String, TypeEngine

from flask_migrate.database.models.declared import Declared
from flask_migrate.database.sqlite.canonical import canonical_type

_EVERYWHERE: dict[str, type[TypeEngine[Any]]] = {
    "BLOB": LargeBinary,
    "DATETIME": DateTime,
    "DOUBLE": Double,
}
"""What SQLAlchemy calls otherwise on other servers."""
_DECLARED = re.compile(r"(?P<name>[A-Z][A-Z0-9_ ]*?)(?:\((?P<numbers>\d+(?:, \d+)*)\))?")


def type_of(declared: str, collation: str | None, dialect: Dialect) -> TypeEngine[Any]:
    """Return the type that is written as a column has it.

    Those that every server has come first, `sa.DateTime()` and not `sqlite.DATETIME()`: what
    is made of them is a script that runs there too.

    Args:
        declared: The type, canonical.
        collation: The collation, canonical; None for none.
        dialect: Of SQLite.
    """
    known = _known(declared, dialect)
    if collation is None:
        return known
    if isinstance(known, String):
        known.collation = collation
        return known
    return Declared(f"{declared} COLLATE {collation}".strip())


def _known(declared: str, dialect: Dialect) -> TypeEngine[Any]:
    match = _DECLARED.fullmatch(declared)
    if match is None:
        return Declared(declared)
    numbers = [int(one) for one in (match["numbers"] or "").split(", ") if one]
    for class_ in _classes(match["name"], dialect):
        try:
            found = class_(*numbers)
            if canonical_type(found.compile(dialect=dialect)) == declared:
                return found
        except (AttributeError, CompileError, TypeError):
            continue  # a number where it takes something else, or none
    return Declared(declared)


def _classes(name: str, dialect: Dialect) -> list[type[TypeEngine[Any]]]:
    there = _EVERYWHERE.get(name) or getattr(sqlalchemy.types, name.replace(" ", "_"), None)
    of_sqlite = getattr(dialect, "ischema_names", {}).get(name)
    return [one for one in (there, of_sqlite) if isinstance(one, type)]
