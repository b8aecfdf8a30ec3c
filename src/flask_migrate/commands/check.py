"""Whether models and databases are the same."""

from alembic.autogenerate import RevisionContext

from flask_migrate.commands.comparison import compare, generation_of
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import ModelsDiffer
from flask_migrate.values.results import CheckReport

_ARGUMENTS = dict.fromkeys(
    ("message", "branch_label", "version_path", "rev_id", "depends_on"), None
) | {"autogenerate": True, "sql": False, "head": "head", "splice": False}


def check(workspace: Workspace) -> CheckReport:
    """Return whether models and databases are the same.

    Args:
        workspace: The application.

    Raises:
        ModelsDiffer: They are not; it has every difference.
        NotUpToDate: A database lacks revisions.
        DatabaseError: A database cannot be reached.
    """
    history = workspace.history
    context = RevisionContext(workspace.config, workspace.scripts, dict(_ARGUMENTS))
    generation = generation_of(workspace, allow_empty_models=True)

    compare(workspace, context, generation)
    report = CheckReport(
        changes=generation.changes(), problems=(*history.problems, *generation.problems())
    )
    if report.changes:
        raise ModelsDiffer(report)
    return report
