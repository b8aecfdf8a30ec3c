"""A connection that does not mind what an application adds to SQLite.

Where only the text of a schema counts, a function or a collation may be any.
"""

import re
import sqlite3
from typing import Any

_UNKNOWN = re.compile(r"no such (?P<kind>function|collation sequence): (?P<name>.+)\Z", re.DOTALL)


class Forgiving:
    """Runs statements, with stand-ins for functions and collations that are missing."""

    def __init__(self, connection: sqlite3.Connection, *, error: type[Exception]) -> None:
        self._connection = connection
        self._error = error
        self._known = set[str]()

    def execute(self, sql: str) -> Any:
        """Run a statement. What the driver raises for anything else that is wrong goes through.

        Returns:
            The cursor of the driver.
        """
        while True:
            try:
                return self._connection.execute(sql)
            except self._error as error:
                if not self._stand_in(str(error)):
                    raise

    def _stand_in(self, said: str) -> bool:
        match = _UNKNOWN.search(said)
        if match is None or match["name"] in self._known:
            return False
        self._known.add(match["name"])
        if match["kind"] == "function":
            self._connection.create_function(match["name"], -1, _nothing, deterministic=True)
        else:
            self._connection.create_collation(match["name"], _compare)
        return True


def _nothing(*_: object) -> None:
    return None


def _compare(one: str, other: str) -> int:
    return (one > other) - (one < other)
