"""Wait for a lock: ask again and again, tell who has it, and give up at last."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask_migrate.errors import LockNotAcquired
from flask_migrate.values.locks import LockHolder

Listener = Callable[[LockHolder | None, float], None]

log = logging.getLogger("flask_migrate")

_FIRST_PAUSE = 0.025
_LONGEST_PAUSE = 1.0
_GROWTH = 1.5
# A wait that is shorter than this is not worth a word; the holder may not have said yet who it is.
_SILENCE = 0.15
_BETWEEN_LOOKS = 1.0
_BETWEEN_REPORTS = 5.0


def say_who_is_waited_for(holder: LockHolder | None, seconds: float) -> None:
    """Log who changes the database.

    Args:
        holder: Who; None if that cannot be known.
        seconds: How long it has been waited for.
    """
    who = holder.text() if holder else "another process"
    log.info("Waiting for %s, which changes the database (%.0f s).", who, seconds)


@dataclass(kw_only=True)
class Polling:
    """How long a runner waits for all that is in its way, and whom it tells.

    Attributes:
        limit: Seconds; 0 to try once.
        database: What is locked, for messages.
        waiting: Is told who holds the lock, and the seconds waited so far: when the
            wait begins, when the holder does something else, and every 5 seconds.
        waited: Whether there was anything in its way.
    """

    limit: float
    database: str
    waiting: Listener = say_who_is_waited_for
    waited: bool = False
    _started: float = field(default_factory=time.monotonic)
    _looked: float = float("-inf")
    _reported: float = float("-inf")
    _seen: LockHolder | None = None

    def wait_for(
        self, attempt: Callable[[], bool], *, look: Callable[[], LockHolder | None]
    ) -> None:
        """Try until an attempt succeeds.

        We ask again instead of letting the server wait: a statement that waits holds a
        snapshot, CREATE INDEX CONCURRENTLY waits for every snapshot, and the two would be
        a deadlock.

        Args:
            attempt: Returns whether it succeeded; leaves no transaction open.
            look: Returns who is in the way.

        Raises:
            LockNotAcquired: The time is over.
        """
        pause = _FIRST_PAUSE
        while not attempt():
            self.waited = True
            seconds = time.monotonic() - self._started
            if seconds >= self.limit:
                raise LockNotAcquired(look(), limit=self.limit, database=self.database)
            self._report(look, seconds)
            jittered = pause * random.uniform(0.75, 1.25)  # noqa: S311  (not a secret)
            time.sleep(min(jittered, self.limit - seconds))
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)

    def _report(self, look: Callable[[], LockHolder | None], seconds: float) -> None:
        if seconds < _SILENCE or seconds - self._looked < _BETWEEN_LOOKS:
            return
        self._looked, holder = seconds, look()
        if holder != self._seen or seconds - self._reported >= _BETWEEN_REPORTS:
            self.waiting(holder, seconds)
            self._seen, self._reported = holder, seconds
