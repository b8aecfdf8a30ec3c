"""Find what keeps revision files from making a history. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from flask_migrate.errors import BrokenHistory
from flask_migrate.revisions.read import RevisionSource


def as_tuple(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return identifiers as a tuple, however they were written."""
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def verify(sources: Sequence[RevisionSource]) -> None:
    """Refuse files that do not make a history.

    Raises:
        BrokenHistory: Two files have one revision or label, a parent or a dependency
            has no file, or the history goes in a circle; the message names the files.
    """
    by_revision = _by_revision(sources)
    _refuse_shared_labels(by_revision)
    _refuse_missing_parents(by_revision)
    _refuse_missing_dependencies(by_revision)
    _refuse_circles(by_revision)


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


def _refuse_circles(by_revision: Mapping[str, RevisionSource]) -> None:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for revision, source in by_revision.items():
        sorter.add(revision, *as_tuple(source.down_revision), *_dependencies(source, by_revision))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        files = ", ".join(str(by_revision[revision].path) for revision in circle[1:])
        raise BrokenHistory(
            f"The history goes in a circle, {' -> '.join(circle)}: {files}.",
            hint="Correct down_revision or depends_on in one of these files.",
        ) from error


def _dependencies(source: RevisionSource, known: Mapping[str, object]) -> list[str]:
    return [name for name in as_tuple(source.depends_on) if name in known]
