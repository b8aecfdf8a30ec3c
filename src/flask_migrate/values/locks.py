"""Who changes a database just now."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What shows that a lock is still ours, asked along with something else.

    Attributes:
        condition: An SQL expression: true as long as the session that is asked has the lock.
        database: What is locked, for a person.
    """

    condition: str
    database: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockHolder:
    """Who holds the lock of a database: as much of it as can be known.

    Attributes:
        process: Its process id.
        host: The machine on which it runs.
        application: The name of its application.
        since: When it got the lock, by the clock of the server.
        doing: What it does now.
        ended_by: What ends its session on the server, if it hangs.
    """

    process: str | None = None
    host: str | None = None
    application: str | None = None
    since: datetime | None = None
    doing: str | None = None
    ended_by: str | None = None

    def text(self) -> str:
        """Return what is known as a part of a sentence.

        >>> LockHolder(process="4711", host="web-1", application="shop").text()
        'process 4711 on web-1, application shop'
        """
        process = f"process {self.process}" if self.process else "a session"
        host = f" {'on' if self.process else 'from'} {self.host}" if self.host else ""
        parts = [f"{process}{host}"]
        if self.application:
            parts.append(f"application {self.application}")
        if self.since:
            parts.append(f"since {self.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
        if self.doing:
            parts.append(self.doing)
        return ", ".join(parts)
