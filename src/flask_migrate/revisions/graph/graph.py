"""The revisions of a history, and how they lead to each other. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from flask_migrate.revisions.read import RevisionSource, as_tuple

Links: TypeAlias = Mapping[str, Sequence[str]]


class Graph:
    """The revisions of a history that holds together; see `verify`.

    Everything is computed when it is first asked for, in time that grows with the number of
    revisions and no faster.

    Args:
        sources: What each file says, in the order of the files.

    Attributes:
        sources: The same, by revision.
        parents: What each revision revises.
    """

    def __init__(self, sources: Iterable[RevisionSource]) -> None:
        self.sources = {str(source.revision): source for source in sources}
        self.parents: Links = {
            revision: as_tuple(source.down_revision) for revision, source in self.sources.items()
        }

    @cached_property
    def children(self) -> Links:
        """What revises each revision that something revises."""
        return _turned(self.parents)

    @cached_property
    def labelled(self) -> Mapping[str, str]:
        """The revision that declares each branch label."""
        return {
            label: revision
            for revision, source in self.sources.items()
            for label in as_tuple(source.branch_labels)
        }

    @cached_property
    def dependencies(self) -> Links:
        """What must be applied before each revision that depends on others: revisions."""
        return {
            revision: tuple(self.labelled.get(name, name) for name in as_tuple(source.depends_on))
            for revision, source in self.sources.items()
            if source.depends_on
        }

    @cached_property
    def dependents(self) -> Links:
        """What depends on each revision that something depends on."""
        return _turned(self.dependencies)

    @cached_property
    def requirements(self) -> Links:
        """What must be applied right before each revision.

        That is its parents and its dependencies, but for those that a revision before it depends
        on as well.
        """
        repeated = self._repeated_dependencies()
        own = {
            revision: [name for name in names if (revision, name) not in repeated]
            for revision, names in self.dependencies.items()
        }
        return _joined(self.parents, own)

    @cached_property
    def followers(self) -> Links:
        """What revises, or depends on, each revision that something follows."""
        return _joined(self.children, self.dependents)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The revisions that nothing revises."""
        return tuple(revision for revision in self.sources if revision not in self.children)

    @cached_property
    def effective_heads(self) -> tuple[str, ...]:
        """The revisions that nothing revises or depends on: those that a database ends up with."""
        return tuple(revision for revision in self.heads if revision not in self.dependents)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The revisions that revise nothing."""
        return tuple(revision for revision, parents in self.parents.items() if not parents)

    @cached_property
    def labels(self) -> Mapping[str, frozenset[str]]:
        """Every label of the branch that a revision is on, for those that are on one with labels.

        A label belongs to what follows the revision that declares it, and to what leads there
        without branching.
        """
        found: dict[str, frozenset[str]] = {}
        for revision, source in self.sources.items():
            declared = frozenset(as_tuple(source.branch_labels))
            if declared:
                for one in (*self.descendants([revision]), *self._straight_down(revision)):
                    found[one] = found.get(one, frozenset()) | declared
        return found

    def ancestors(self, revisions: Iterable[str], *, with_dependencies: bool = False) -> set[str]:
        """Return some revisions, and all that lead to them.

        Args:
            revisions: The revisions.
            with_dependencies: Whether what they depend on leads to them too.
        """
        links = self.requirements if with_dependencies else self.parents
        return _reached(revisions, links.__getitem__)

    def descendants(self, revisions: Iterable[str], *, with_dependencies: bool = False) -> set[str]:
        """Return some revisions, and all that follow them.

        Args:
            revisions: The revisions.
            with_dependencies: Whether what depends on them follows them too.
        """
        links = self.followers if with_dependencies else self.children
        return _reached(revisions, lambda revision: links.get(revision, ()))

    def is_branch_point(self, revision: str) -> bool:
        """Return whether more than one revision revises this one."""
        return len(self.children.get(revision, ())) > 1

    def is_merge_point(self, revision: str) -> bool:
        """Return whether this revision revises more than one."""
        return len(self.parents[revision]) > 1

    def _repeated_dependencies(self) -> set[tuple[str, str]]:
        """Return the revisions that depend on what a revision before them depends on, and on what.

        Only what several depend on can be repeated, so the others cost nothing.
        """
        repeated = set()
        for name, dependents in self.dependents.items():
            if len(dependents) > 1:
                next_ones = [child for one in dependents for child in self.children.get(one, ())]
                after = self.descendants(next_ones)
                repeated |= {(one, name) for one in dependents if one in after}
        return repeated

    def _straight_down(self, revision: str) -> list[str]:
        """Return what leads to a revision, if nothing branches or merges from its tip on down."""
        tip = revision
        while tip in self.children:
            tip = self.children[tip][0]
        found: list[str] = []
        while len(self.followers.get(tip, ())) <= 1 and not self.is_merge_point(tip):
            found.append(tip)
            if not self.parents[tip]:
                break
            tip = self.parents[tip][0]
        return found if revision in found else []


def _turned(links: Links) -> Links:
    turned: dict[str, list[str]] = defaultdict(list)
    for revision, others in links.items():
        for other in dict.fromkeys(others):
            turned[other].append(revision)
    return dict(turned)


def _joined(links: Links, more: Links) -> Links:
    """Return two kinds of links as one: the first kind first, each once."""
    both = {
        one: tuple(dict.fromkeys((*links.get(one, ()), *others))) for one, others in more.items()
    }
    return {**links, **both}


def _reached(revisions: Iterable[str], linked: Callable[[str], Iterable[str]]) -> set[str]:
    found = set(revisions)
    waiting = list(found)
    while waiting:
        for revision in linked(waiting.pop()):
            if revision not in found:
                found.add(revision)
                waiting.append(revision)
    return found
