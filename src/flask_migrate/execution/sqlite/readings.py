"""How SQLAlchemy reads the values of a type, and which values a new type would lose."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Time,
    TypeDecorator,
)
from sqlalchemy.types import NullType, TypeEngine

from flask_migrate.database.sqlite.affinity import (
    Affinity,
    Value,
    affinity_of,
    keeps_float,
    keeps_integer,
    keeps_number,
    stored,
)

_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Boolean, "number"),
    (Integer, "number"),
    (Numeric, "number"),
    (Date, "moment"),
    (DateTime, "moment"),
    (Time, "moment"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d 00:00:00(\.0*)?")
DAY_LENGTH = len("2000-12-31")
_STRICT = {Affinity.INTEGER: int, Affinity.REAL: float, Affinity.TEXT: str, Affinity.BLOB: bytes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How SQLAlchemy reads what is stored.

    Attributes:
        kind: "number", "moment", "bytes", "text" or "other".
        name: The class of the type.
        process: Turns what is stored into what the application gets; None for nothing to do.
        is_day: It is a day, without a time.
    """

    kind: str
    name: str
    process: Callable[[Any], Any] | None = None
    is_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewType:
    """A column that gets another type.

    Attributes:
        column: Its name before the batch.
        old: The type it has, as text.
        new: The type it gets, as text.
        reading: How SQLAlchemy will read it.
        is_strict: The table holds values to the types of its columns.
    """

    column: str
    old: str
    new: str
    reading: Reading | None
    is_strict: bool = False


def reading_of(type_: TypeEngine[Any], dialect: Dialect) -> Reading:
    """Return how values of a type are read, without what an application does on top."""
    while isinstance(type_, TypeDecorator):
        type_ = type_.load_dialect_impl(dialect)
    type_ = type_.dialect_impl(dialect)
    kind = next((kind for class_, kind in _KINDS if isinstance(type_, class_)), "other")
    process = None if kind == "number" else type_.result_processor(dialect, None)
    return Reading(
        kind=kind,
        name=type(type_).__name__,
        process=process,
        is_day=isinstance(type_, Date),
    )


def reading_of_declared(declared: str, dialect: Dialect) -> Reading:
    """Return how SQLAlchemy reads a column that it finds in a database."""
    name = declared.partition("(")[0].strip().upper()
    class_ = getattr(dialect, "ischema_names", {}).get(name, NullType)
    return reading_of(class_(), dialect)


def worth_a_look(new: NewType, dialect: Dialect) -> str | None:
    """Return the storage classes of values that a new type may lose, as SQL; None for none."""
    affinity = affinity_of(new.new, strict=new.is_strict)
    reading = new.reading
    if reading is None:
        return None
    old = reading_of_declared(new.old, dialect)
    if affinity is affinity_of(new.old, strict=new.is_strict) and not new.is_strict:
        is_same = old.name == reading.name or (old.kind == reading.kind != "moment")
        if is_same and (reading.process is None or old.name == reading.name):
            return None
    if reading.process is not None or new.is_strict or reading.kind not in {"number", "text"}:
        return "'integer', 'real', 'text', 'blob'"
    if reading.kind == "text":
        return "'real', 'blob', 'text'" if affinity is not Affinity.TEXT else "'real', 'blob'"
    return "'integer', 'text', 'blob'" if affinity is Affinity.REAL else "'text', 'blob'"


def loses(value: Value, new: NewType) -> bool:
    """Return whether a value would be another one under a new type, or could not be read."""
    reading = new.reading
    if value is None or reading is None:
        return False
    value = _converted(value, reading, new)
    affinity = affinity_of(new.new, strict=new.is_strict)
    kept = stored(value, affinity)
    is_lost = type(kept) is not type(value) and not _is_equal(value, affinity, reading)
    if is_lost or not _fits(kept, affinity, new):
        return True
    is_as_before = isinstance(kept, bytes) and affinity_of(new.old) is not Affinity.BLOB
    return not _is_readable(kept, reading, is_as_before=is_as_before)


def _converted(value: Value, reading: Reading, new: NewType) -> Value:
    """Return a value as the copy takes it: see `rebuild`."""
    is_binary = affinity_of(new.old) is Affinity.BLOB
    if reading.is_day and isinstance(value, str) and _MIDNIGHT.fullmatch(value):
        return value[:DAY_LENGTH]
    if reading.kind == "bytes" and isinstance(value, str) and not is_binary:
        return value.encode()
    if reading.kind == "text" and isinstance(value, bytes) and is_binary:
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    return value


def _is_equal(value: Value, affinity: Affinity, reading: Reading) -> bool:
    if isinstance(value, str):
        return reading.kind == "number" and keeps_number(value)
    if isinstance(value, int):
        return affinity is not Affinity.REAL or keeps_integer(value)
    return affinity is not Affinity.TEXT or (isinstance(value, float) and keeps_float(value))


def _fits(kept: Value, affinity: Affinity, new: NewType) -> bool:
    """Return whether a STRICT table takes a value."""
    if not new.is_strict or new.new.upper() == "ANY":
        return True
    return isinstance(kept, _STRICT.get(affinity, object))


def _is_readable(kept: Value, reading: Reading, *, is_as_before: bool) -> bool:
    """Return whether SQLAlchemy reads a value; bytes among text were there before, too."""
    match reading.kind:
        case "number":
            return isinstance(kept, int | float)
        case "moment" if not isinstance(kept, str):
            return False
        case "text" if not isinstance(kept, str):
            return is_as_before
    try:
        if reading.process is not None:
            reading.process(kept)
    except Exception:  # noqa: BLE001  (whatever it raises, the application would get it)
        return False
    return True
