"""Where the history branches."""

from flask_migrate.revisions.graph.entries import entry
from flask_migrate.revisions.graph.ranges import between
from flask_migrate.revisions.history import History
from flask_migrate.values.results import BranchList
from flask_migrate.values.revision import BranchPoint


def branches(history: History) -> BranchList:
    """Return each revision that more than one other revises, the newest first.

    Args:
        history: The revisions.

    Raises:
        HistoryError: The files do not make a history.
    """
    graph = history.graph
    points = tuple(
        BranchPoint(
            revision=entry(graph, revision),
            children=tuple(entry(graph, child) for child in sorted(graph.children[revision])),
        )
        for revision in between(graph)
        if graph.is_branch_point(revision)
    )
    return BranchList(branches=points, problems=history.problems)
