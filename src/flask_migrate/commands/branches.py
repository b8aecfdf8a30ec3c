"""Where the history branches."""

from flask_migrate.commands.workspace import Workspace
from flask_migrate.values.results import BranchList
from flask_migrate.values.revision import BranchPoint


def branches(workspace: Workspace) -> BranchList:
    """Return each revision that more than one other revises, the newest first.

    Raises:
        HistoryError: The files do not make a history.
    """
    history = workspace.history
    with workspace.explained():
        points = tuple(
            BranchPoint(
                revision=history.entry(script),
                children=workspace.entries(
                    [history.get_revision(child) for child in sorted(script.nextrev)]
                ),
            )
            for script in history.walk_revisions()
            if script.is_branch_point
        )
    return BranchList(branches=points, problems=history.problems)
