"""What SQLAlchemy sends as the default of a column. Pure."""

import re
from typing import Any

from sqlalchemy import Column, DefaultClause, Dialect, TextClause, false, true
from sqlalchemy.sql.functions import AnsiFunction, now

from flask_migrate.database.descriptions.uncertain import require

_ALIKE = (AnsiFunction, now, type(true()), type(false()))
"""Of these every one is like the others of its class."""

# A colon or a percent sign may stand for something else, a backslash may escape something.
_PLAIN = re.compile(r"[^%:\\]*")


class Defaults:
    """Tells defaults.

    Args:
        dialect: The server that they are sent to.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[type, str] = {}

    def sent(self, column: Column[Any]) -> str | None:
        """Return what stands behind DEFAULT, or None where nothing is sent.

        Raises:
            Uncertain: It has characters with which drivers and servers do things of their own.
        """
        default = column.server_default
        if not isinstance(default, DefaultClause):
            return None
        text = self._text(default.arg)
        require(_PLAIN.fullmatch(text))
        return text

    def _text(self, arg: Any) -> str:
        if isinstance(arg, str):
            return "'" + arg.replace("'", "''") + "'"
        if isinstance(arg, TextClause):
            return arg.text
        if not isinstance(arg, _ALIKE):
            return self._compiled(arg)
        if type(arg) not in self._known:
            self._known[type(arg)] = self._compiled(arg)
        return self._known[type(arg)]

    def _compiled(self, arg: Any) -> str:
        return str(arg.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True}))
