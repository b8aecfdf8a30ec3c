"""The driver of a connection, for connections of our own to databases in memory."""

import sqlite3
from types import ModuleType
from typing import Any

from sqlalchemy import Connection


def driver_of(connection: Connection) -> ModuleType:
    """Return the module whose SQLite a connection uses, or Python's own, as aiosqlite does."""
    module: Any = connection.dialect.dbapi
    is_like_ours = all(hasattr(module, name) for name in ("connect", "Error", "Binary"))
    return module if is_like_ours and isinstance(module, ModuleType) else sqlite3
