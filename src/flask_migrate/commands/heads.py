"""Which revisions are the newest."""

from flask_migrate.revisions.graph.entries import entry
from flask_migrate.revisions.history import History
from flask_migrate.values.results import RevisionList


def heads(history: History, *, resolve_dependencies: bool = False) -> RevisionList:
    """Return the newest revision of each branch.

    Args:
        history: The revisions.
        resolve_dependencies: Whether a revision that another one depends on is left out.

    Raises:
        HistoryError: The files do not make a history.
    """
    graph = history.graph
    found = graph.effective_heads if resolve_dependencies else graph.heads
    return RevisionList(
        revisions=tuple(entry(graph, revision) for revision in found), problems=history.problems
    )
