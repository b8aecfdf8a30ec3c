"""Remember what a transaction of a migration has done so far."""

from dataclasses import dataclass, field

from flask_migrate.execution.patience.statements import Kind


@dataclass(slots=True)
class Mark:
    """What was done when a savepoint was set."""

    name: str
    kind: Kind
    values: int


@dataclass(slots=True)
class Transaction:
    """A transaction, or what comes before the first one.

    Attributes:
        kind: The most that a statement of it does to others.
        session: The number of the session that it runs in, if we have asked.
        timeouts: The settings that we made in it: seconds for a lock, for a statement.
        is_theirs: Whether the revision ends it, or began it, by a statement of its own. We
            do not know where it ends then.
        has_own_timeout: Whether the revision says in it how long to wait for locks.
        values: What it added to enum types.
        marks: Its savepoints.
    """

    kind: Kind = Kind.NOTHING
    session: int | None = None
    timeouts: tuple[float, float] | None = None
    is_theirs: bool = False
    has_own_timeout: bool = False
    values: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def mark(self, name: str) -> None:
        """Take note of a savepoint."""
        self.marks.append(Mark(name, self.kind, len(self.values)))

    def release(self, name: str) -> None:
        """Forget a savepoint, and those after it."""
        self.marks = self._before(name)

    def go_back(self, name: str) -> None:
        """Go back to a savepoint: the server lets go of locks and settings that came later."""
        before = self._before(name)
        for mark in self.marks[len(before) : len(before) + 1]:
            self.kind = mark.kind
            del self.values[mark.values :]
            before.append(mark)
        self.marks, self.timeouts = before, None

    def _before(self, name: str) -> list[Mark]:
        names = [mark.name for mark in self.marks]
        return self.marks[: names.index(name)] if name in names else list(self.marks)
