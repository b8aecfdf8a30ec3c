"""Open revision files in an editor."""

from alembic.util import CommandError
from alembic.util import open_in_editor as open_editor

from flask_migrate.commands.applied import applied_revisions
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import EditorFailed, UnknownRevision
from flask_migrate.revisions.graph.names import BASE, places
from flask_migrate.values.results import EditReport


def edit(workspace: Workspace, *, revision: str = "current") -> EditReport:
    """Open revision files in the editor that $VISUAL or $EDITOR names.

    Args:
        workspace: The application.
        revision: Which; "current" for those that the database has.

    Raises:
        UnknownRevision: There is none.
        EditorFailed: The editor cannot be run, or failed.
    """
    history = workspace.history
    wanted = applied_revisions(workspace) if revision == "current" else revision
    found = [one for one in places(history.graph, wanted) if one is not BASE]
    if not found:
        raise UnknownRevision(revision, known=sorted(history.identifiers))
    entries = workspace.entries(found)
    for entry in entries:
        try:
            open_editor(entry.path)
        except CommandError as error:
            raise EditorFailed(
                str(error).rstrip(".") + ".", hint="Set the variable EDITOR to your editor."
            ) from error
    return EditReport(revisions=entries)
