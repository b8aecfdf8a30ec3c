"""Decide how long to wait, when to say so, and when to give up."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from flask_migrate.errors import SessionOpen, TableLocked
from flask_migrate.execution.faults import shortened
from flask_migrate.execution.patience.blockers import describe
from flask_migrate.execution.patience.watch import PATIENT
from flask_migrate.values.patience import Blocker, Limits

_AGAIN = 30.0
_OWN_TRIES = 2
_HINT = (
    "Run the command again when that transaction has ended, or end it; MIGRATE_LOCK_RETRY_LIMIT "
    "says for how many seconds to try."
)


def spread() -> float:
    """Return by what to multiply a pause, so that those who wait do not all come at once."""
    return random.uniform(1.0, 1.5)  # noqa: S311  (nobody gains from guessing it)


def timeout_of_try(tries: int, *, limits: Limits) -> float:
    """Return how many seconds to wait for a lock.

    Args:
        tries: How often it was waited for before.
        limits: The limits.

    >>> [timeout_of_try(tries, limits=Limits()) for tries in range(6)]
    [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    """
    first = limits.first or 0.0
    return first if first > limits.longest else min(first * 2.0 ** min(tries, 60), limits.longest)


@dataclass(kw_only=True)
class Waiting:
    """How often, and for how long, a lock has been waited for.

    Attributes:
        limits: How long it may be.
        say: Takes a sentence for a person.
        sleep: Lets time pass, in seconds.
        jitter: Returns by what a pause is multiplied; at least 1.
        tries: How often it was waited for in vain.
        spent: Seconds that have gone by, with the pauses.
        due: Seconds of the pause that comes next.
        blockers: Whom it was seen to wait for last.
        said: When that was last said, on the monotonic clock.
        own: How often in a row it was this very process.
        resumed: When the last try, or the pause after it, ended, on the monotonic clock.
    """

    limits: Limits
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = spread
    tries: int = 0
    spent: float = 0.0
    due: float = 0.0
    blockers: tuple[Blocker, ...] = ()
    said: float | None = None
    own: int = 0
    resumed: float = 0.0

    @property
    def timeout(self) -> float:
        """How long to wait in the next try."""
        return timeout_of_try(self.tries, limits=self.limits)

    @property
    def left(self) -> float:
        """How many seconds of the total are left; never so few that a try makes no sense."""
        return max(self.limits.total - self.spent, self.timeout)

    def forget(self) -> None:
        """Start from the beginning: what was waited for has been had."""
        self.tries, self.spent, self.due, self.own = 0, 0.0, 0.0, 0
        self.blockers, self.said = (), None

    def count(
        self, statement: str, *, seconds: float, timeout: float, blockers: Sequence[Blocker]
    ) -> None:
        """Count a try that was in vain.

        Args:
            statement: What waited.
            seconds: How long it ran. What it, and its revision, worked before it came to the
                lock is forgiven the first time: what works for an hour should not do so often.
            timeout: How long it waited for the lock.
            blockers: Whom it was seen to wait for.

        Raises:
            SessionOpen: Again it was a session of this very process, which does nothing.
            TableLocked: The time is up.
        """
        worked = max(seconds, monotonic() - self.resumed)
        self.spent += worked if self.tries else min(seconds, timeout)
        self.tries += 1
        self.resumed = monotonic()
        self.due = min(timeout, max(seconds, 0.05)) * self.jitter()
        self.blockers = tuple(blockers) or self.blockers
        self._refuse_own(blockers)
        if self.spent + self.due >= self.limits.total:
            raise self.exhausted(statement)
        self._say(statement)

    def pause(self) -> None:
        """Let those pass who queued behind us."""
        self.spent += self.due
        self.sleep(self.due)
        self.resumed = monotonic()

    def exhausted(self, statement: str, *, why: str = "", hint: str = _HINT) -> TableLocked:
        """Return the error that ends the waiting.

        Args:
            statement: What waited.
            why: What else is to be said, as a sentence.
            hint: What to do about it.
        """
        return TableLocked(
            f"A lock could not be had within {self.spent:.0f} s, in {self.tries} "
            f"{'try' if self.tries == 1 else 'tries'}, for the statement "
            f"{shortened(statement)!r}: it is held {describe(self.blockers)}."
            f"{f' {why}' if why else ''}",
            hint=hint,
            blockers=self.blockers,
        )

    def _refuse_own(self, blockers: Sequence[Blocker]) -> None:
        own = [one for one in blockers if one.is_here and one.is_idle]
        is_own = own and (len(own) == len(blockers) or any(one.is_certain for one in own))
        self.own = self.own + 1 if is_own else 0
        if self.own >= _OWN_TRIES:
            raise SessionOpen(
                "This very process holds the lock that the migration waits for; it would wait for "
                f"ever. It is held {describe(own)}.",
                hint="Finish what it does there first: db.session.commit(), "
                "db.session.rollback() or db.session.close(), or close the connection.",
            )

    def _say(self, statement: str) -> None:
        now = monotonic()
        if self.spent + self.due < PATIENT or (self.said is not None and now < self.said + _AGAIN):
            return
        self.said = now
        self.say(
            f"Waiting for {self.spent:.0f} s, in {self.tries} tries, for a lock that "
            f"{shortened(statement)!r} needs; it is held {describe(self.blockers)}."
        )
