"""Write a revision that joins several."""

from collections.abc import Iterator, Sequence
from typing import Any

from alembic.script import Script
from alembic.util import rev_id as new_revision_id

from flask_migrate.commands.new_file import (
    Names,
    as_alembic,
    longest_id,
    report_written,
    runs_environment,
    verify_new_id,
    verify_new_labels,
)
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import CommandRefused
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target
from flask_migrate.values.results import RevisionReport


def merge(
    workspace: Workspace,
    *,
    revisions: str | Sequence[str],
    message: str | None = None,
    branch_label: Names = None,
    rev_id: str | None = None,
    splice: bool = False,
) -> RevisionReport:
    """Write a revision that joins several.

    Args:
        workspace: The application.
        revisions: What is joined; "heads", or nothing, for all heads.
        message: What it is for.
        branch_label: A label for its branch.
        rev_id: Its identifier; None for a new one.
        splice: Whether what is joined may be no heads.

    Raises:
        UnknownRevision: There is no such revision.
        InvalidRevisionId: `rev_id` cannot be used.
        InvalidBranchLabel: `branch_label` cannot be used.
        DirectoryError: The file cannot be written.
    """
    with workspace.writing():
        workspace.history.require_every_file()
        if not revisions and len(workspace.history.graph.heads) < 2:  # noqa: PLR2004  (two make a merge)
            raise CommandRefused(
                "There are not several heads, so there is nothing to merge.",
                hint="Name the revisions to merge: flask db merge <revision> <revision>",
            )
        verify_new_labels(workspace, branch_label)
        if rev_id is not None:
            verify_new_id(workspace, rev_id, longest=longest_id(workspace, rev_id))
        template_arguments: dict[str, Any] = {"config": workspace.config}
        if runs_environment(workspace):
            workspace.run("merge", _nothing, template_args=template_arguments)

        def write() -> Iterator[Script | None]:
            yield workspace.scripts.generate_revision(
                rev_id or new_revision_id(),
                message,
                head=as_alembic(revisions or "heads"),
                branch_labels=as_alembic(branch_label),
                splice=splice,
                refresh=True,
                **template_arguments,
            )

        return report_written(workspace, write())


def _nothing(_: Target) -> Iterator[Step]:
    return iter(())
