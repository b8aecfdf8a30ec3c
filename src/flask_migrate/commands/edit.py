"""Open revision files in an editor."""

from alembic.util import CommandError
from alembic.util import open_in_editor as open_editor

from flask_migrate.commands.applied import applied_revisions
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import EditorFailed, UnknownRevision
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
    with workspace.explained():
        scripts = history.get_revisions(wanted)
    if not scripts:
        raise UnknownRevision(revision, known=sorted(history.identifiers))
    for script in scripts:
        try:
            open_editor(script.path)
        except CommandError as error:
            raise EditorFailed(
                str(error).rstrip(".") + ".", hint="Set the variable EDITOR to your editor."
            ) from error
    return EditReport(revisions=workspace.entries(scripts))
