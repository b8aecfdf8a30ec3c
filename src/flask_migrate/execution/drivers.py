"""What every driver tells in its own way."""

from typing import Any


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of PostgreSQL, whichever driver raised it."""
    original: BaseException = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    if state is None and original.args and isinstance(original.args[0], dict):  # pg8000
        state = original.args[0].get("C")
    return str(state) if state is not None else None


def error_number(error: BaseException) -> int | None:
    """Return the number of an error of MariaDB or MySQL, whichever driver raised it."""
    number: Any = getattr(error, "errno", None)
    if number is None and error.args:
        number = error.args[0]
    return number if isinstance(number, int) else None


def literal(text: str) -> str:
    r"""Return a text as an SQL literal of PostgreSQL, whatever its settings are.

    >>> print(literal("it's"), literal("a\\b"))
    'it''s' E'a\\b'
    """
    quoted = text.replace("'", "''")
    return "E'" + quoted.replace("\\", "\\\\") + "'" if "\\" in text else f"'{quoted}'"
