"""Look, from a thread of its own, whom a statement waits for."""

import contextvars
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from sqlalchemy import Connection

from flask_migrate.execution.faults import shortened
from flask_migrate.execution.patience.blockers import describe, find_blockers
from flask_migrate.values.patience import Blocker

PATIENT = 5.0
"""Seconds for which one waits without a word."""

_LONGEST_PAUSE = 60.0
_END = 5.0
_LOOK = 0.05
# Late enough that most statements are done, early enough that the answer comes in time.
_PART = 0.5


@dataclass(slots=True, eq=False)
class Wait:
    """A statement that runs, and may be waiting.

    Attributes:
        statement: Its text.
        session: The session that it runs in, by number.
        timeout: After how many seconds of waiting it gives up; None if it does not.
        started: When it began, on the monotonic clock.
        ask_at: When to look next.
        pause: Seconds from then to the next look. It gets longer: a statement that takes an
            hour has more to do than to wait.
        blockers: Whom it was seen to wait for when last looked.
    """

    statement: str
    session: int
    timeout: float | None
    started: float = field(default_factory=monotonic)
    ask_at: float = 0.0
    pause: float = PATIENT
    blockers: tuple[Blocker, ...] = ()

    def __post_init__(self) -> None:
        delay = PATIENT if self.is_long else (self.timeout or 0.0) * _PART
        self.ask_at = self.started + delay

    @property
    def is_long(self) -> bool:
        """Whether somebody should be told before it gives up."""
        return self.timeout is None or self.timeout > 2 * PATIENT


class Watch:
    """The thread that looks. It begins with the first statement.

    Args:
        connection: What the statements run on.
        say: Takes a sentence for a person; called from the thread.
    """

    def __init__(self, connection: Connection, say: Callable[[str], None]) -> None:
        self._engine = connection.engine
        self._own = connection.connection.dbapi_connection
        self._say = say
        self._wait: Wait | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, statement: str, *, session: int, timeout: float | None) -> Generator[Wait]:
        """Look whom the statement waits for that runs meanwhile."""
        self._start()
        # One assignment, which the thread sees whole: a statement must not cost a lock.
        self._wait = wait = Wait(statement, session, timeout)
        try:
            yield wait
        finally:
            self._wait = None

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        if self._thread is not None:
            # It is a daemon: one that hangs in a connection holds nobody up.
            self._thread.join(_END)

    def _start(self) -> None:
        if self._thread is None:
            context = contextvars.copy_context()
            self._thread = threading.Thread(
                target=context.run, args=(self._look,), name="flask-migrate-watch", daemon=True
            )
            self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(_LOOK):
            wait = self._wait
            if wait is not None and monotonic() >= wait.ask_at:
                wait.ask_at = monotonic() + wait.pause
                wait.pause = min(2 * wait.pause, _LONGEST_PAUSE)
                self._find(wait)

    def _find(self, wait: Wait) -> None:
        try:
            blockers = find_blockers(self._engine, self._own, wait.session)
        except Exception:  # noqa: BLE001  (a migration goes on without knowing whom it waits for)
            return
        if blockers and self._wait is wait:
            wait.blockers = blockers
            if wait.is_long:
                self._say(
                    f"Waiting for {monotonic() - wait.started:.0f} s for a lock that "
                    f"{shortened(wait.statement)!r} needs; it is held {describe(blockers)}."
                )
