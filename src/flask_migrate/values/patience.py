"""How long a migration waits for locks, and whom it waits for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a statement may wait, and run. All in seconds.

    Attributes:
        first: How long a statement waits for a lock at first. None or 0: as long as the
            server says, and it is not tried again.
        longest: To how much that grows when it is tried again.
        total: How long one lock is waited for in all, with the pauses between the tries.
        statement: How long a statement may run. None or 0: as long as the server says.
    """

    first: float | None = 0.5
    longest: float = 5.0
    total: float = 300.0
    statement: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """A session that holds, or waits in front of us for, a lock that a statement needs.

    Whatever a server does not tell the user of a migration is None.

    Attributes:
        session: The process id on PostgreSQL, the thread id on MariaDB and MySQL; 0 is a
            prepared transaction of PostgreSQL, which has no session.
        user: Its user on the server.
        application: What it calls itself.
        host: Where it comes from.
        port: Its end of the network connection.
        is_idle: Whether it does nothing but keep its transaction open.
        seconds: How long its transaction is open.
        query: What it runs, or ran last.
        is_here: Whether it belongs to this very process.
        is_certain: Whether the server says that it blocks; else it is only known to have a
            transaction open.
    """

    session: int
    user: str | None = None
    application: str | None = None
    host: str | None = None
    port: int | None = None
    is_idle: bool | None = None
    seconds: float | None = None
    query: str | None = None
    is_here: bool = False
    is_certain: bool = True
