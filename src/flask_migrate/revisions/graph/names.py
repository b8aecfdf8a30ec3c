"""What a person may write for a revision: symbols, beginnings, branches, steps. Pure.

The rules are those of Alembic, as its tutorial has them under "Partial Revision Identifiers",
"Relative Migration Identifiers" and "Working with Branches".
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final, Literal, TypeAlias

from flask_migrate.errors import AmbiguousRevision, CommandRefused, InvalidRange, UnknownRevision
from flask_migrate.revisions.graph.entries import several_heads
from flask_migrate.revisions.graph.graph import Graph

SYMBOLS = ("head", "heads", "base", "current")
_SHORTEST = 4  # characters of an identifier of which a beginning is enough
_SHOWN = 3  # of several revisions that a beginning fits
_STEPS = re.compile(r"(?:(.+?)@)?(\w+)?([+-]\d+)")


class Start(Enum):
    """Where a history begins: before all revisions."""

    BASE = "base"


BASE: Final = Start.BASE
Place: TypeAlias = str | Literal[Start.BASE]
Names: TypeAlias = str | Iterable[str] | None


def places(graph: Graph, names: Names) -> tuple[Place, ...]:
    """Return what one or several names stand for.

    Args:
        graph: The history.
        names: Identifiers, beginnings of them, labels, "head", "heads", "base", each after
            "branch@" or not; or steps down from every head, such as "-2". None for "base".

    Returns:
        Revisions, or nothing for "base". Of steps down, BASE where they lead right before the
        first revision, and nothing where they lead further.

    Raises:
        UnknownRevision: There is no such revision or branch.
        AmbiguousRevision: The beginning of an identifier fits several.
        MultipleHeads: "head" stands for several.
        CommandRefused: Steps lead to where revisions merge.
    """
    if names is not None and not isinstance(names, str):
        return tuple(place for name in names for place in places(graph, name))
    found, branch = _split(graph, names)
    if len(found) == 1 and (steps := _as_steps(found[0])):
        tips = [
            tip
            for tip in graph.effective_heads
            if branch is None or branch in graph.labels.get(tip, ())
        ]
        return tuple(place for tip in tips for place in _reached(graph, tip, steps))
    return tuple(identified(graph, name, branch) for name in found)


def place(graph: Graph, name: str | None) -> Place:
    """Return what a name stands for, which must be one revision; BASE for "base".

    Raises:
        UnknownRevision: There is no such revision or branch.
        AmbiguousRevision: The beginning of an identifier fits several.
        MultipleHeads: It stands for several.
    """
    found, branch = _split(graph, name)
    if len(found) > 1:
        raise several_heads(graph, found, argument=str(name))
    return identified(graph, found[0], branch) if found else BASE


def identified(graph: Graph, name: str, branch: str | None = None) -> str:
    """Return the revision that has an identifier or a label, or whose identifier begins so.

    Args:
        graph: The history.
        name: The identifier, its beginning, or a label.
        branch: A label, or a revision, with which it must share a line.

    Raises:
        UnknownRevision: There is none, or it is not on the branch.
        AmbiguousRevision: There are several.
    """
    line = _line(graph, (identified(graph, branch),)) if branch else None
    exact = name if name in graph.sources else graph.labelled.get(name)
    if exact is None:
        fitting = [
            one
            for one in (*graph.sources, *graph.labelled)
            if len(one) >= _SHORTEST and one.startswith(name)
        ]
        found = dict.fromkeys(
            (one, graph.labelled.get(one, one))
            for one in fitting
            if line is None or graph.labelled.get(one, one) in line
        )
        if not found:
            raise _unknown(graph, name)
        if len(found) > 1:
            shown = ", ".join(repr(one) for one, _ in list(found)[:_SHOWN])
            raise AmbiguousRevision(
                f"Multiple revisions start with {name!r}: {shown}...",
                hint="Give more of its characters.",
            )
        exact = next(revision for _, revision in found)
    if line is not None and exact not in line:
        raise _unknown(graph, name)
    return exact


def in_line_with(
    graph: Graph, revisions: Iterable[str], name: str, *, with_dependencies: bool = False
) -> tuple[str, ...]:
    """Return those revisions that lead to what a name stands for, or follow it.

    Args:
        graph: The history.
        revisions: The revisions.
        name: As for `places`.
        with_dependencies: Whether dependencies count.

    Raises:
        HistoryError: As for `places`.
    """
    found, branch = _split(graph, name)
    if not found and not branch:
        return tuple(revisions)
    names = [*([branch] if branch else []), *found]
    line = _line(
        graph, [identified(graph, one) for one in names], with_dependencies=with_dependencies
    )
    return tuple(revision for revision in revisions if revision in line)


def walked(
    graph: Graph,
    start: Place,
    steps: int,
    *,
    branch: str | None = None,
    may_end_early: bool = False,
) -> Place:
    """Return where steps along the history lead.

    Args:
        graph: The history.
        start: Where they begin.
        steps: How many; up if positive.
        branch: On the way up, a label or revision of the branch to take.
        may_end_early: Whether the last place counts if there are too few.

    Raises:
        InvalidRange: There are too few.
        CommandRefused: Several ways lead on.
    """
    at = start
    for _ in range(abs(steps)):
        onward = _up(graph, at, branch) if steps > 0 else _down(graph, at)
        if len(onward) > 1:
            raise CommandRefused("Ambiguous walk.")
        if not onward:
            if may_end_early:
                break
            raise InvalidRange(
                f"Relative revision {steps:+} didn't produce {abs(steps)} migrations.",
                hint="See where the database is: flask db current",
            )
        at = onward[0]
    return at


def _reached(graph: Graph, start: str, steps: int) -> tuple[Place, ...]:
    """Return where steps lead, or nothing if there are too few."""
    try:
        return (walked(graph, start, steps),)
    except InvalidRange:
        return ()


def _up(graph: Graph, at: Place, branch: str | None) -> tuple[Place, ...]:
    onward = graph.bases if at is BASE else tuple(graph.children.get(at, ()))
    return in_line_with(graph, onward, branch) if branch else onward


def _down(graph: Graph, at: Place) -> tuple[Place, ...]:
    return () if at is BASE else tuple(graph.parents[at]) or (BASE,)


def steps_of(name: str) -> tuple[str | None, str | None, int] | None:
    """Return the branch, the symbol and the steps of a relative name such as "ae10+2" or "a@-1".

    Returns:
        None if it is not relative.
    """
    found = _STEPS.match(name)
    return (found[1], found[2], int(found[3])) if found else None


def _split(graph: Graph, name: str | None) -> tuple[tuple[str, ...], str | None]:
    """Return the names that a name stands for, and the branch before its "@"."""
    if name is None:
        return (), None
    branch, at, rest = name.partition("@")
    if not at:
        branch, rest = "", name
    if rest == "heads":
        return (
            in_line_with(graph, graph.heads, branch) if branch else graph.effective_heads
        ), branch or None
    if rest == "head":
        heads = in_line_with(graph, graph.heads, branch) if branch else graph.heads
        if len(heads) > 1:
            raise several_heads(graph, heads, argument=f"{branch}@head" if branch else "head")
        return heads, branch or None
    return () if rest == "base" else (rest,), branch or None


def _line(graph: Graph, revisions: Iterable[str], *, with_dependencies: bool = False) -> set[str]:
    revisions = tuple(revisions)
    return graph.ancestors(revisions, with_dependencies=with_dependencies) | graph.descendants(
        revisions, with_dependencies=with_dependencies
    )


def _as_steps(name: str) -> int:
    """Return the steps down that a name like "-2" means, or 0."""
    try:
        return min(int(name), 0)
    except ValueError:
        return 0


def _unknown(graph: Graph, name: str) -> UnknownRevision:
    return UnknownRevision(name, known=[*sorted(graph.sources), *SYMBOLS])
