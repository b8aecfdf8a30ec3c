"""The revisions in the order of the history."""

from collections.abc import Callable

from flask_migrate.errors import InvalidRange
from flask_migrate.revisions.graph.entries import entry
from flask_migrate.revisions.graph.names import Names
from flask_migrate.revisions.graph.ranges import between
from flask_migrate.revisions.history import History
from flask_migrate.values.results import RevisionList


def history(
    revisions: History,
    *,
    rev_range: str | None = None,
    indicate_current: bool = False,
    applied: Callable[[], tuple[str, ...]],
) -> RevisionList:
    """Return the revisions, the newest first.

    Args:
        revisions: The revisions.
        rev_range: "start:end", "start:" or ":end", where either may be "current"; None
            for all.
        indicate_current: Whether the database is asked which of them it has.
        applied: Asks the databases which they have.

    Raises:
        InvalidRange: The range cannot be followed.
        UnknownRevision: An end of the range is not in the history.
    """
    base, head = _ends(rev_range)
    have = applied() if indicate_current or "current" in (base, head) else None
    graph = revisions.graph
    listed = between(
        graph,
        base=_resolved(base, have, default="base"),
        head=_resolved(head, have, default="heads"),
    )
    return RevisionList(
        revisions=tuple(
            entry(
                graph,
                revision,
                is_current=revision in have if have and indicate_current else None,
            )
            for revision in listed
        ),
        problems=revisions.problems,
    )


def _ends(rev_range: str | None) -> tuple[str, str]:
    if rev_range is None:
        return "", ""
    base, colon, head = rev_range.strip().partition(":")
    if not colon or ":" in head:
        raise InvalidRange(
            f"History range requires [start]:[end], [start]:, or :[end], not {rev_range!r}.",
            hint="For example: flask db history -r base:head",
        )
    return base, head


def _resolved(end: str, applied: tuple[str, ...] | None, *, default: str) -> Names:
    if end == "current":
        return applied or "base"
    return end or default
