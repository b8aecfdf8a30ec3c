"""Talk with a server below SQLAlchemy, so that nobody sees, logs or changes it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

_IDLE = 0  # PQTRANS_IDLE of libpq


class Session:
    """The driver's side of a connection.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # What we run often, psycopg would prepare: behind a pooler the next transaction may be
        # in a session that does not know it.
        prepares = connection.dialect.driver in {"psycopg", "psycopg_async"}
        self._options: dict[str, Any] = {"prepare": False} if prepares else {}
        self.error: type[Exception] = connection.dialect.loaded_dbapi.Error

    @property
    def driver(self) -> Any:
        """The connection of the driver."""
        return self._connection.connection.dbapi_connection

    @property
    def is_autocommit(self) -> bool:
        """Whether the driver begins no transactions. PostgreSQL's drivers tell in one way."""
        return bool(getattr(self.driver, "autocommit", False))

    @property
    def is_idle(self) -> bool:
        """Whether nothing has run since the last transaction ended, so that nothing can be lost.

        Only drivers that tell, psycopg and psycopg2, and begin one with its first statement.
        """
        status = getattr(getattr(self.driver, "info", None), "transaction_status", None)
        return isinstance(status, int) and status == _IDLE

    @property
    def is_usable(self) -> bool:
        """Whether anything can be asked without connecting anew."""
        return not self._connection.closed and not self._connection.invalidated

    def do(self, statement: str) -> None:
        """Run a statement that has no rows."""
        cursor = self.driver.cursor()
        try:
            cursor.execute(statement, **self._options)
        finally:
            cursor.close()

    def ask(self, statement: str) -> Sequence[Any]:
        """Run a statement and return its rows."""
        cursor = self.driver.cursor()
        try:
            cursor.execute(statement, **self._options)
            rows: Sequence[Any] = cursor.fetchall()
        finally:
            cursor.close()
        return rows
