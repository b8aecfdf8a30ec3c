"""The history that the revision files make."""

import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Any

from flask_migrate.errors import BrokenRevision
from flask_migrate.revisions.files import revision_files
from flask_migrate.revisions.graph.graph import Graph
from flask_migrate.revisions.graph.verify import missing_dependencies, missing_parents, verify
from flask_migrate.revisions.index import read_sources
from flask_migrate.revisions.layout import Layout
from flask_migrate.revisions.module import import_revision
from flask_migrate.revisions.read import Names, RevisionSource, read_source
from flask_migrate.values.revision import Problem

_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")


class History:
    """Every revision of a migrations directory, broken files included, as it was when first asked.

    Args:
        layout: Where the files are.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @property
    def directory(self) -> Path:
        """The migrations directory."""
        return self.layout.directory

    @cached_property
    def sources(self) -> tuple[RevisionSource, ...]:
        """What each file says about itself, in a stable order; unidentified ones are left out."""
        return tuple(source for source in self._files if source.revision is not None)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The files that cannot be run, and what it does to the history."""
        return tuple(_problem(source) for source in self._files if source.fault)

    @cached_property
    def graph(self) -> Graph:
        """How the revisions lead to each other.

        Raises:
            BrokenHistory: The files do not make a history.
        """
        sources = list(self.sources)
        if len(sources) < len(self._files):
            sources = _without_lost_parents(sources)
        if self.problems:
            sources = _without_lost_dependencies(sources)
        graph = Graph(sources)
        verify(graph, sources)
        return graph

    def require_every_file(self) -> None:
        """Refuse to go on if a file does not even tell its revision.

        Raises:
            BrokenRevision: A file has no revision, so the order of what runs is not known.
        """
        for source in self._files:
            if source.revision is None:
                raise BrokenRevision(Path(source.path), str(source.fault))

    def knows(self, revision: str) -> bool:
        """Return whether a file has exactly this revision."""
        return revision in self.identifiers

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every revision that a file has."""
        return frozenset(str(source.revision) for source in self.sources)

    @cached_property
    def _files(self) -> tuple[RevisionSource, ...]:
        return tuple(read_sources(revision_files(self.layout), _settle))


def _settle(path: Path) -> RevisionSource:
    """Return what a file says about itself, running it only where the source leaves a doubt."""
    if path.suffix != ".py":
        return _from_module(path, RevisionSource(path=str(path)))
    source = read_source(path)
    return source if source.is_static or source.fault else _from_module(path, source)


def _from_module(path: Path, source: RevisionSource) -> RevisionSource:
    try:
        module = import_revision(str(path))
    except BrokenRevision as error:
        return source._replace(fault=error.reason)
    legacy = _LEGACY_NAME.match(path.name)
    revision = getattr(module, "revision", legacy.group(1) if legacy else None)
    if not isinstance(revision, str):
        return source._replace(revision=None, fault="declares no revision")
    return source._replace(
        revision=revision,
        down_revision=_listed(getattr(module, "down_revision", None)),
        branch_labels=_listed(getattr(module, "branch_labels", None)),
        depends_on=_listed(getattr(module, "depends_on", None)),
        doc=module.__doc__,
    )


def _listed(names: Any) -> Names:
    return names if names is None or isinstance(names, str) else tuple(names)


def _without_lost_parents(sources: list[RevisionSource]) -> list[RevisionSource]:
    """Cut the links to revisions whose file is there but does not tell which it is."""
    lost = missing_parents(sources)
    return [
        source._replace(down_revision=_without(source.down_revision, lost)) for source in sources
    ]


def _without_lost_dependencies(sources: list[RevisionSource]) -> list[RevisionSource]:
    """Cut the links to revisions and labels that a file which cannot be read may have."""
    lost = missing_dependencies(sources)
    return [source._replace(depends_on=_without(source.depends_on, lost)) for source in sources]


def _without(names: Names, lost: Collection[str]) -> Names:
    if names is None or isinstance(names, str):
        return None if names in lost else names
    return tuple(name for name in names if name not in lost) or None


def _problem(source: RevisionSource) -> Problem:
    error = BrokenRevision(Path(source.path), str(source.fault))
    return Problem(code=error.code, message=error.message, hint=error.hint)
