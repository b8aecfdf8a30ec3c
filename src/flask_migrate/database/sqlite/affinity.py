"""What SQLite makes of a value that is stored in a column. https://www.sqlite.org/datatype3.html.

A column has an affinity by the name of its type, and converts what is stored in it only where
that looks lossless to SQLite: '007' in a NUMERIC column becomes 7, '2024-02-03' stays text.
"""

import re
from enum import Enum

Value = None | int | float | str | bytes

_NUMBER = re.compile(r"[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t\n\v\f\r]*", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_INTEGRAL = 2**51
"""Below this, SQLite stores a float that is an integer as one."""
_EXACT = 2**53
"""Up to here every integer is a float, too."""


class Affinity(Enum):
    """What a column prefers to store."""

    TEXT = "TEXT"
    NUMERIC = "NUMERIC"
    INTEGER = "INTEGER"
    REAL = "REAL"
    BLOB = "BLOB"


def affinity_of(declared: str, *, strict: bool = False) -> Affinity:
    """Return the affinity that a column has by its type.

    >>> affinity_of("VARCHAR(20)"), affinity_of("DATE"), affinity_of("FLOATING POINT")
    (<Affinity.TEXT: 'TEXT'>, <Affinity.NUMERIC: 'NUMERIC'>, <Affinity.INTEGER: 'INTEGER'>)
    """
    name = declared.upper()
    if not name or (strict and name == "ANY"):
        return Affinity.BLOB
    for parts, affinity in (
        (("INT",), Affinity.INTEGER),
        (("CHAR", "CLOB", "TEXT"), Affinity.TEXT),
        (("BLOB",), Affinity.BLOB),
        (("REAL", "FLOA", "DOUB"), Affinity.REAL),
    ):
        if any(part in name for part in parts):
            return affinity
    return Affinity.NUMERIC


def stored(value: Value, affinity: Affinity) -> Value:
    """Return what is stored when a value goes into a column.

    >>> stored("007", Affinity.NUMERIC), stored("2024-02-03", Affinity.NUMERIC)
    (7, '2024-02-03')
    """
    if value is None or isinstance(value, bytes) or affinity is Affinity.BLOB:
        return value
    if affinity is Affinity.TEXT:
        return value if isinstance(value, str) else _as_text(value)
    number = _as_number(value) if isinstance(value, str) else value
    if number is None:
        return value
    return float(number) if affinity is Affinity.REAL else _as_integer(number)


def keeps_number(text: str) -> bool:
    """Return whether text says a number, and nothing that the number would not say.

    >>> [keeps_number(text) for text in ("5", "-0.50", "007", "5 apples", "1" * 30)]
    [True, True, False, False, False]
    """
    number = _as_number(text)
    if number is None or re.match(r"\s*[+-]?0\d", text):
        return False
    if isinstance(number, int):
        return True
    digits = re.sub(r"[eE].*|\D", "", text).strip("0")
    return len(digits) <= 15  # noqa: PLR2004  (as many as a float keeps)


def keeps_float(value: float) -> bool:
    """Return whether the text that SQLite makes of a float gives it back."""
    return float(_as_text(value)) == value


def keeps_integer(value: int) -> bool:
    """Return whether an integer is the same as a float."""
    return abs(value) <= _EXACT or int(float(value)) == value


def _as_number(text: str) -> int | float | None:
    if not _NUMBER.fullmatch(text):
        return None
    plain = text.strip(" \t\n\v\f\r")
    if _INTEGER.fullmatch(plain) and _SMALLEST <= int(plain) <= _LARGEST:
        return int(plain)
    return float(plain)


def _as_integer(number: float) -> int | float:
    return int(number) if float(number).is_integer() and abs(number) < _INTEGRAL else number


def _as_text(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    text = f"{number:.15g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"
    return text if "." in text or not text.lstrip("-").isdigit() else f"{text}.0"
