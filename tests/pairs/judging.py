"""Judges pairs, and makes those that fail smaller."""

import random
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.changes.harness import Judge, NoChange
from tests.pairs.draw import draw_pair
from tests.pairs.pair import Pair
from tests.pairs.smaller import smaller


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a pair.

    Attributes:
        pair: The pair.
        failed: Each mark that it did not get, with the reason.
        impossible: Why the database does not have such models or rows; None if it has.
        script: The revision that was written.
    """

    pair: Pair
    failed: dict[str, str] = field(default_factory=dict)
    impossible: str | None = None
    script: str = ""


def numbered_pair(seed, number, dialect):
    """Return a pair, the same one for the same seed and number."""
    return draw_pair(random.Random(f"{seed}:{number}"), dialect)  # noqa: S311 - no secret


def verdict_of(pair, make_database, directory):
    """Return what becomes of a pair.

    Args:
        pair: The pair.
        make_database: Makes an empty database of a dialect.
        directory: Where migrations directories are made.
    """
    judge, dialect = Judge(make_database, directory), pair.before.dialect
    try:
        try:
            result = judge.judge(pair.as_change(), dialect, kind="Pairs")
        except NoChange:
            result = judge.judge(pair.as_no_change(), dialect, kind="Pairs")
    except (sa.exc.SQLAlchemyError, ValueError) as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        return Verdict(pair=pair, impossible=reason)
    return Verdict(pair=pair, failed=dict(result.failed), script=result.script)


def smallest(verdict, judge, *, tries=60):
    """Return what is left of a pair that fails when all is gone that is not needed for that.

    Args:
        verdict: A pair that fails.
        judge: Returns the verdict of a pair.
        tries: How many pairs are judged at most.
    """
    goes_on = True
    while goes_on and tries > 0:
        goes_on = False
        for pair in smaller(verdict.pair):
            if tries <= 0:
                break
            tries -= 1
            found = judge(pair)
            if _fails_alike(found, verdict):
                verdict, goes_on = found, True
                break
    return verdict


def _fails_alike(one, other):
    return not one.impossible and next(iter(one.failed), None) == next(iter(other.failed))


class Bench:
    """Judges pairs one after the other on databases that go away after each.

    Args:
        servers: Where the databases are made.
    """

    def __init__(self, servers):
        self._servers = servers

    def __enter__(self):
        self._place = tempfile.TemporaryDirectory()
        self._directory = Path(self._place.name)
        return self

    def __exit__(self, *_):
        self._place.cleanup()

    def judge(self, pair):
        """Return what becomes of a pair."""
        with self._databases() as make_database:
            return verdict_of(pair, make_database, self._directory)

    @contextmanager
    def _databases(self):
        made = []

        def make(dialect):
            made.append(self._servers.create(dialect, directory=self._directory))
            return made[-1]

        try:
            yield make
        finally:
            for database in made:
                self._servers.drop(database)
                shutil.rmtree(self._directory / database.name.replace(".", "_"), ignore_errors=True)
                if database.dialect == "sqlite":
                    (self._directory / database.name).unlink(missing_ok=True)


def failing_as_text(verdict):
    """Return a pair that fails, as Python, with the reasons and the script."""
    reasons = [f"# {mark}: {reason}" for mark, reason in verdict.failed.items()]
    script = verdict.script.partition("def upgrade")
    return "\n".join([*reasons, repr(verdict.pair), "", "".join(script[1:])])
