"""Find what keeps revision files from making a history. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from flask_migrate.errors import BrokenHistory
from flask_migrate.revisions.graph.graph import Graph
from flask_migrate.revisions.read import RevisionSource, as_tuple


def verify(graph: Graph, sources: Sequence[RevisionSource]) -> None:
    """Refuse files that do not make a history.

    Args:
        graph: What they would make.
        sources: What each file says.

    Raises:
        BrokenHistory: Two files have one revision or label, a parent or a dependency
            has no file, or the history goes in a circle; the message names the files.
    """
    by_revision = _by_revision(sources)
    _refuse_shared_labels(by_revision)
    _refuse_missing_parents(by_revision)
    _refuse_missing_dependencies(by_revision)
    _refuse_circles(graph)


def missing_parents(sources: Iterable[RevisionSource]) -> dict[str, list[RevisionSource]]:
    """Return each parent that no file has, with the files that revise it."""
    sources = list(sources)
    known = {source.revision for source in sources}
    missing: dict[str, list[RevisionSource]] = defaultdict(list)
    for source in sources:
        for parent in as_tuple(source.down_revision):
            if parent not in known:
                missing[parent].append(source)
    return missing


def missing_dependencies(sources: Iterable[RevisionSource]) -> dict[str, list[RevisionSource]]:
    """Return each dependency that is no revision and no label, with the files that have it."""
    sources = list(sources)
    known = {source.revision for source in sources}
    known |= {label for source in sources for label in as_tuple(source.branch_labels)}
    missing: dict[str, list[RevisionSource]] = defaultdict(list)
    for source in sources:
        for dependency in as_tuple(source.depends_on):
            if dependency not in known:
                missing[dependency].append(source)
    return missing


def _by_revision(sources: Sequence[RevisionSource]) -> dict[str, RevisionSource]:
    found: dict[str, RevisionSource] = {}
    for source in sources:
        revision = str(source.revision)
        if other := found.get(revision):
            raise BrokenHistory(
                f"Two files have the revision {revision!r}: {other.path} and {source.path}.",
                hint="One is probably a copy: remove it, or give it a revision of its own.",
            )
        found[revision] = source
    return found


def _refuse_shared_labels(by_revision: Mapping[str, RevisionSource]) -> None:
    named = dict(by_revision)
    for source in by_revision.values():
        for label in as_tuple(source.branch_labels):
            if other := named.get(label):
                raise BrokenHistory(
                    f"The branch label {label!r} of {source.path} is in use already: {other.path}.",
                    hint="Give one of them another name, in branch_labels.",
                )
            named[label] = source


def _refuse_missing_parents(by_revision: Mapping[str, RevisionSource]) -> None:
    for parent, children in missing_parents(by_revision.values()).items():
        files = ", ".join(str(child.path) for child in children)
        raise BrokenHistory(
            f"No file has the revision {parent!r}, which is revised by {files}.",
            hint="Restore the missing file (git log --all -- <versions>), or correct "
            "down_revision.",
        )


def _refuse_missing_dependencies(by_revision: Mapping[str, RevisionSource]) -> None:
    for dependency, dependents in missing_dependencies(by_revision.values()).items():
        files = ", ".join(str(dependent.path) for dependent in dependents)
        raise BrokenHistory(
            f"No file has the revision {dependency!r}, which must be applied before {files}.",
            hint="Restore the missing file (git log --all -- <versions>), or correct depends_on.",
        )


def _refuse_circles(graph: Graph) -> None:
    waiting = {
        revision: len({*parents, *graph.dependencies.get(revision, ())})
        for revision, parents in graph.parents.items()
    }
    reached = [revision for revision, number in waiting.items() if not number]
    for revision in reached:
        for one in graph.followers.get(revision, ()):
            waiting[one] -= 1
            if not waiting[one]:
                reached.append(one)
    if len(reached) < len(waiting):
        raise _circle(graph, waiting.keys() - set(reached))


def _circle(graph: Graph, among: Collection[str]) -> BrokenHistory:
    before = {
        revision: [*graph.parents[revision], *graph.dependencies.get(revision, ())]
        for revision in graph.sources
        if revision in among
    }
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        circle = error.args[1]
    files = ", ".join(graph.sources[revision].path for revision in circle[1:])
    return BrokenHistory(
        f"The history goes in a circle, {' -> '.join(circle)}: {files}.",
        hint="Correct down_revision or depends_on in one of these files.",
    )
