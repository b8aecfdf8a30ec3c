"""What the lock of a session is made of: one implementation for each kind of server."""

from typing import Protocol

from sqlalchemy import Connection

from flask_migrate.values.locks import LockHolder


class SessionChanges(Exception):
    """One connection is served by several sessions: there is a pooler in between."""


class Server(Protocol):
    """The lock of one version table on one kind of server, as one session sees it.

    Attributes:
        free: The statement that lets go of the lock, for whatever connection has it; None
            if the lock ends with the transaction.
    """

    free: str | None

    def take(self, connection: Connection) -> bool:
        """Return whether the lock is ours now; does not wait."""
        ...

    def has(self, connection: Connection) -> bool:
        """Return whether the session of the migration has the lock.

        Args:
            connection: Any connection to the server.
        """
        ...

    def holder(self, connection: Connection) -> LockHolder | None:
        """Return who has the lock, or None if nobody has it any more."""
        ...

    def is_alone(self, connection: Connection) -> bool:
        """Return whether nobody is at work who has another kind of lock."""
        ...

    def other(self, connection: Connection) -> LockHolder | None:
        """Return who is at work with another kind of lock."""
        ...

    def introduce(self, beside: Connection, me: LockHolder) -> LockHolder:
        """Tell others who has the lock.

        Args:
            beside: A connection that does nothing else, in autocommit mode.
            me: This process.

        Returns:
            This process, with the time at which it got the lock.

        Raises:
            SessionChanges: There is a pooler between.
        """
        ...

    def condition(self, me: LockHolder) -> str | None:
        """Return SQL that is true as long as the session that runs it has the lock.

        It also tells others what we do now.

        Returns:
            None if the connection beside has to be asked, and told.
        """
        ...

    def tell(self, beside: Connection, me: LockHolder) -> bool:
        """Tell others what we do now, and return whether the session has the lock."""
        ...

    def withdraw(self, beside: Connection) -> None:
        """Take back what was told."""
        ...
