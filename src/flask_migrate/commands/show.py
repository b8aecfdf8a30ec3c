"""One revision, with everything that its file says."""

from flask_migrate.commands.applied import applied_revisions
from flask_migrate.commands.workspace import Workspace
from flask_migrate.values.results import RevisionList


def show(workspace: Workspace, *, revision: str = "head") -> RevisionList:
    """Return the revisions that a symbol stands for.

    Args:
        workspace: The application.
        revision: An identifier, the beginning of one, a symbol such as "head", or
            "current" for those that the database has.

    Raises:
        UnknownRevision: There is none.
        MultipleHeads: "head" stands for several.
    """
    history = workspace.history
    wanted = applied_revisions(workspace) if revision == "current" else revision
    with workspace.explained():
        scripts = history.get_revisions(wanted)
    return RevisionList(
        revisions=workspace.entries(scripts),
        problems=history.problems,
    )
