"""What the verbs that write revision files share."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeAlias

from alembic.script import Script
from alembic.util import asbool

from flask_migrate.autogenerate.generation import Generation
from flask_migrate.commands.workspace import Workspace
from flask_migrate.database.versions import version_length
from flask_migrate.errors import InvalidBranchLabel, InvalidRevisionId, MigrateError
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target
from flask_migrate.revisions.read import as_tuple
from flask_migrate.revisions.write import verify_branch_label, verify_revision_id
from flask_migrate.values.results import RevisionReport
from flask_migrate.values.revision import VERSION_COLUMN_LENGTH

Names: TypeAlias = str | Sequence[str] | None


def verify_new_id(workspace: Workspace, revision: str, *, longest: int | None) -> None:
    """Refuse an identifier that cannot be that of a new revision.

    Args:
        workspace: The application.
        revision: The identifier.
        longest: Characters that it may have; None for any number.

    Raises:
        InvalidRevisionId: It cannot be used; the message says why.
    """
    verify_revision_id(revision, longest=longest)
    if workspace.history.knows(revision):
        path = workspace.history.graph.sources[revision].path
        raise InvalidRevisionId(
            f"The revision {revision!r} exists already: {path}.",
            hint="Choose another --rev-id, or leave it out and one is made.",
        )


def verify_new_labels(workspace: Workspace, labels: Names) -> None:
    """Refuse a branch label that would spoil the history.

    Raises:
        InvalidBranchLabel: It cannot be a name, or has a meaning already.
    """
    for label in as_tuple(labels):
        verify_branch_label(label)
        for source in workspace.history.sources:
            if label == source.revision or label in as_tuple(source.branch_labels):
                raise InvalidBranchLabel(label, reason=f"is in use already: {source.path}")


def longest_id(workspace: Workspace, wanted: str) -> int | None:
    """Return how long an identifier may be: a history with longer ones has a wider column.

    Where that is too short for the wanted one, the databases are asked: `env.py` may
    make the column wider.

    Returns:
        None for any number of characters.
    """
    longest = max([VERSION_COLUMN_LENGTH, *map(len, workspace.history.identifiers)])
    if len(wanted) <= longest:
        return longest
    lengths: list[int | None] = []

    def ask(target: Target) -> Iterator[Step]:
        lengths.append(version_length(target.context))
        return iter(())

    with suppress(MigrateError):  # a database that cannot be reached
        workspace.run("ask for the length of the version column", ask)
    if not lengths:
        return longest
    limits = [length for length in lengths if length is not None]
    return max(longest, min(limits)) if limits else None


def runs_environment(workspace: Workspace) -> bool:
    """Return whether alembic.ini asks for env.py where it would not be needed."""
    return bool(asbool(workspace.config.get_main_option("revision_environment") or "false"))


def as_alembic(names: Names) -> str | tuple[str, ...] | None:
    """Return identifiers as Alembic takes them."""
    return names if names is None or isinstance(names, str) else tuple(names)


def report_written(
    workspace: Workspace, scripts: Iterable[Script | None], generation: Generation | None = None
) -> RevisionReport:
    """Write revision files, and return them.

    Args:
        workspace: The application.
        scripts: Each is written when it is asked for.
        generation: What was found, if they were generated.

    Raises:
        MigrateError: A file cannot be written.
    """
    with workspace.explained():
        written = [script.revision for script in scripts if script is not None]
    hook_problems = workspace.scripts.hook_problems
    workspace.read_again()
    return RevisionReport(
        revisions=workspace.entries(written),
        changes=generation.changes() if generation else (),
        problems=(
            *workspace.history.problems,
            *(generation.problems() if generation else ()),
            *hook_problems,
        ),
    )
