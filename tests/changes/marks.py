"""What a change gets: six marks, and one before them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MARKS = {
    "quiet": "`check` finds nothing after `create_all()`, for the old models and for the new ones",
    "detected": "`migrate` writes a revision",
    "applies": "`upgrade` runs on tables that have rows",
    "exact": "the database is then what `create_all()` of the new models makes",
    "silent": "a second `migrate` and `check` find nothing",
    "rows": "every row is there, with what it had",
    "back": "`downgrade` gives the old database, with its rows",
}
"""Every mark, in its order, with what it says."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a change on a database.

    Attributes:
        change: Its name.
        kind: The kind of change.
        dialect: The database.
        lacks: Why the database has no such thing; None if it has.
        note: What there is to say: why rows refuse it, or the way back.
        failed: Each mark that it did not get, with the reason.
        reached: The marks that were tried.
        script: The revision that was written.
        rules: What ruff says of the script: the codes of its rules.
        seconds: How long it took.
    """

    change: str
    kind: str
    dialect: str
    lacks: str | None = None
    note: str | None = None
    failed: Mapping[str, str] = field(default_factory=dict)
    reached: tuple[str, ...] = ()
    script: str = ""
    rules: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def marks(self) -> str:
        """The marks that it did not get, in the order they were tried, with spaces between."""
        return " ".join(self.failed)
