"""Which revisions lie between two places, and in which order they run. Pure."""

from collections.abc import Iterable, Sequence

from flask_migrate.errors import CommandRefused, InvalidRange
from flask_migrate.revisions.graph.graph import Graph
from flask_migrate.revisions.graph.names import (
    BASE,
    Names,
    Place,
    identified,
    in_line_with,
    place,
    places,
    steps_of,
    walked,
)
from flask_migrate.revisions.graph.order import newest_first

_NOWHERE = "Destination {} is not a valid {} target from current head(s)."
_APART = (
    "Requested range {}:{} does not refer to ancestor/descendant revisions along the same branch."
)


def between(graph: Graph, base: Names = "base", head: Names = "heads") -> list[str]:
    """Return what leads from one place to another, both included, the newest first.

    Args:
        graph: The history.
        base: Where it begins.
        head: Where it ends.

    Raises:
        InvalidRange: The one does not lead to the other.
        HistoryError: A name stands for nothing, or for several; see `places`.
    """
    tips = _of_branch(graph, _upgrade_places(graph, head, base, may_end_early=True), base)
    wanted = _before(graph, tips)
    begin = places(graph, base)
    start = [one for one in begin if one is not BASE]
    apart = InvalidRange(_APART.format(_shown(base), _shown(head)), hint=_HISTORY)
    if BASE in begin or not wanted.issuperset(start):
        raise apart
    if start:
        wanted = wanted - _before(graph, start) | set(start)
        wanted &= graph.descendants(start)
    listed = newest_first(graph, wanted, tips)
    if len(listed) < len(wanted):
        raise apart
    return listed


def upgrade(graph: Graph, destination: str, applied: Sequence[str]) -> list[str]:
    """Return what has to run to get to a destination, in the order in which it runs.

    Args:
        graph: The history.
        destination: A name; a relative one counts from what is applied.
        applied: The revisions that the database has.

    Raises:
        HistoryError: There is no such place, or no single one.
    """
    tips = [
        one
        for one in _upgrade_places(graph, destination, applied, may_end_early=False)
        if one is not BASE
    ]
    have = [one for one in places(graph, applied) if one is not BASE]
    wanted = _before(graph, tips) - _before(graph, have)
    return newest_first(graph, wanted, tips)[::-1]


def downgrade(graph: Graph, destination: str, applied: Sequence[str]) -> list[str]:
    """Return what has to be undone to get to a destination, in the order in which it is.

    Args:
        graph: The history.
        destination: A name; a relative one counts from what is applied.
        applied: The revisions that the database has.

    Raises:
        InvalidRange: The destination is not among what is applied, or what leads there.
        HistoryError: There is no such place, or no single one.
    """
    branch, target = _downgrade_place(graph, destination, applied)
    roots: Sequence[str] = graph.bases if target is BASE else tuple(graph.children.get(target, ()))
    if branch and len(roots) > 1:
        line = graph.ancestors([identified(graph, branch)])
        roots = [root for root in roots if root in line]
        if not roots:
            raise CommandRefused("Not a valid downgrade target from current heads.")
    heads = [one for one in places(graph, applied) if one is not BASE]
    undone = graph.descendants(roots, with_dependencies=True)
    undone &= graph.ancestors(heads, with_dependencies=True)
    if target is not BASE and not undone and target not in heads:
        raise InvalidRange(_NOWHERE.format(destination, "downgrade"), hint=_CURRENT)
    return newest_first(graph, undone, heads)


def current(graph: Graph, applied: Sequence[str]) -> set[str]:
    """Return the newest of what is applied on each branch, dependencies included.

    Args:
        graph: The history.
        applied: The revisions that the database has.
    """
    have = graph.ancestors(
        [one for one in places(graph, applied) if one is not BASE], with_dependencies=True
    )
    return {one for one in have if have.isdisjoint(graph.children.get(one, ()))}


_CURRENT = "See where the database is: flask db current"
_HISTORY = "List the revisions: flask db history"


def _before(graph: Graph, revisions: Iterable[str]) -> set[str]:
    """Return revisions and all that must be applied before them; none may lead to another."""
    revisions = dict.fromkeys(revisions)
    for one in revisions if len(revisions) > 1 else ():
        others = graph.ancestors([one], with_dependencies=True).intersection(revisions) - {one}
        if others:
            raise CommandRefused(
                f"Requested revision {one} overlaps with other requested revisions "
                f"{', '.join(sorted(others))}."
            )
    return graph.ancestors(revisions, with_dependencies=True)


def _of_branch(graph: Graph, tips: Sequence[Place], base: Names) -> list[str]:
    """Return those places that are on the branch that the beginning of a range names."""
    found = [tip for tip in tips if tip is not BASE]
    if not isinstance(base, str) or "@" not in base:
        return found
    branch = base.partition("@")[0]
    identified(graph, branch)
    labels = graph.labels.get(branch, frozenset()) if branch in graph.sources else {branch}
    if len(labels) != 1:
        return list(in_line_with(graph, found, branch))
    return [tip for tip in found if labels & graph.labels.get(tip, frozenset())]


def _upgrade_places(
    graph: Graph, destination: Names, applied: Names, *, may_end_early: bool
) -> tuple[Place, ...]:
    relative = steps_of(destination) if isinstance(destination, str) else None
    if relative is None:
        return places(graph, destination)
    branch, symbol, steps = relative
    if symbol is None and steps < 0:
        raise _too_few(steps)
    if symbol is None:
        start = _upgrade_start(graph, applied, branch)
    elif steps < 0 and branch:
        start, branch = place(graph, f"{branch}@{symbol}"), None
    else:
        start = place(graph, symbol)
    return (walked(graph, start, steps, branch=branch, may_end_early=may_end_early),)


def _upgrade_start(graph: Graph, applied: Names, branch: str | None) -> Place:
    """Return where steps up begin that are counted from what is applied."""
    have = [one for one in places(graph, applied) if one is not BASE]
    starts: Sequence[str] = have
    if branch:
        starts = in_line_with(graph, have, branch)
        if not starts:
            # What is applied of the branch was applied for others, which depend on it.
            behind = graph.ancestors(have, with_dependencies=True)
            known = in_line_with(graph, behind, branch)
            followed = {below for one in known for below in graph.requirements[one]}
            starts = sorted(set(known) - followed)
    if len(starts) > 1:
        raise CommandRefused("Ambiguous upgrade from multiple current revisions.")
    return starts[0] if starts else BASE


def _downgrade_place(
    graph: Graph, destination: str, applied: Sequence[str]
) -> tuple[str | None, Place]:
    """Return the branch, and the place that a downgrade leads to."""
    relative = steps_of(destination)
    if relative is None:
        on, _, absolute = destination.rpartition("@")
        if on:
            identified(graph, on)
        return on or None, place(graph, absolute)
    branch, symbol, steps = relative
    if symbol is None and steps >= 0:
        raise _too_few(steps)
    if steps >= 0:
        return branch, walked(graph, place(graph, symbol), steps, branch=branch)
    start = symbol or _downgrade_start(graph, applied, branch, steps)
    if symbol is None and branch is None:
        branch = start
    return branch, walked(graph, place(graph, f"{branch}@{start}" if branch else start), steps)


def _downgrade_start(graph: Graph, applied: Sequence[str], branch: str | None, steps: int) -> str:
    """Return where steps down begin that are counted from what is applied."""
    if not branch:
        if not applied:
            raise _too_few(steps)
        return applied[0]
    starts = in_line_with(graph, applied, branch)
    if not starts:
        # What is applied of the branch was applied for others, which depend on it.
        starts = in_line_with(graph, sorted(current(graph, applied)), branch)
    if len(starts) != 1:
        raise CommandRefused(f"It is not clear where to go down from on the branch {branch!r}.")
    return starts[0]


def _too_few(steps: int) -> InvalidRange:
    return InvalidRange(
        f"Relative revision {steps:+} didn't produce {abs(steps)} migrations.", hint=_CURRENT
    )


def _shown(names: Names) -> str:
    return names if isinstance(names, str) else str(tuple(names or ()))
