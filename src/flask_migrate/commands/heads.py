"""Which revisions are the newest."""

from flask_migrate.commands.workspace import Workspace
from flask_migrate.values.results import RevisionList


def heads(workspace: Workspace, *, resolve_dependencies: bool = False) -> RevisionList:
    """Return the newest revision of each branch.

    Args:
        workspace: The application.
        resolve_dependencies: Whether a revision that another one depends on is left out.

    Raises:
        HistoryError: The files do not make a history.
    """
    history = workspace.history
    with workspace.explained():
        wanted = "heads" if resolve_dependencies else history.get_heads()
        scripts = history.get_revisions(wanted)
    return RevisionList(revisions=workspace.entries(scripts), problems=history.problems)
