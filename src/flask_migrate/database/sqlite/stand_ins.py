"""Stand-ins for what an application adds to SQLite, where only the text of a schema counts."""

import re
import sqlite3

_UNKNOWN = re.compile(r"no such (?P<kind>function|collation sequence): (?P<name>.+)\Z", re.DOTALL)


class StandIns:
    """Functions and collations that a connection lacks, added when SQLite misses them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known = set[str]()

    def help(self, said: str) -> bool:
        """Add what SQLite misses.

        Args:
            said: What it says.

        Returns:
            Whether the statement may work now.
        """
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
