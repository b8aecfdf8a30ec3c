"""Revisions and their places in the history as values. Pure."""

import re
from collections.abc import Iterable, Sequence

from flask_migrate.errors import MultipleHeads
from flask_migrate.revisions.graph.graph import Graph
from flask_migrate.revisions.read import as_tuple, creation_date
from flask_migrate.values.revision import RevisionEntry


def entry(graph: Graph, revision: str, *, is_current: bool | None = None) -> RevisionEntry:
    """Return a revision and its place in the history.

    Args:
        graph: The history.
        revision: Its identifier.
        is_current: Whether a database has it as its newest; None where none was asked.
    """
    source = graph.sources[revision]
    description = (source.doc or "").strip()
    is_head = revision not in graph.children
    return RevisionEntry(
        revision=revision,
        parents=tuple(graph.parents[revision]),
        dependencies=as_tuple(source.depends_on),
        branch_labels=tuple(sorted(graph.labels.get(revision, ()))),
        children=tuple(sorted(graph.children.get(revision, ()))),
        message=re.split("\n\n", description)[0],
        description=description,
        path=str(source.path),
        is_head=is_head,
        is_effective_head=is_head and revision not in graph.dependents,
        is_branch_point=graph.is_branch_point(revision),
        is_merge_point=graph.is_merge_point(revision),
        is_current=is_current,
    )


def several_heads(graph: Graph, heads: Sequence[str], *, argument: str = "head") -> MultipleHeads:
    """Return the error that names several heads, and how they become one."""
    entries = [entry(graph, head) for head in heads]
    return MultipleHeads(
        f"Multiple head revisions are present for given argument {argument!r}:"
        f"{describe_heads(entries)}",
        hint="Merge them: flask db merge heads -m 'merge', or name one of them, or all: heads",
    )


def describe_heads(entries: Iterable[RevisionEntry]) -> str:
    """Return one line a head: revision, message, the date of its making and its file."""
    return "".join(
        f"\n  {entry.revision} {entry.message!r}, {creation_date(entry.description) or 'undated'}, "
        f"{entry.path}"
        for entry in entries
    )
