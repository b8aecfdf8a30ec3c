"""Ask the databases which revisions they have."""

from collections.abc import Iterator

from flask_migrate.commands.workspace import Workspace
from flask_migrate.execution.environment import Run
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target


def ask_applied(workspace: Workspace) -> Run:
    """Return a run that changed nothing: each of its targets says what it has."""

    def look(_: Target) -> Iterator[Step]:
        return iter(())

    return workspace.run("look at the database", look, dont_mutate=True)


def applied_revisions(workspace: Workspace) -> tuple[str, ...]:
    """Return the revisions that the databases have, those that no file has left out."""
    targets = ask_applied(workspace).targets
    found = dict.fromkeys(revision for target in targets for revision in target.applied)
    return tuple(revision for revision in found if workspace.history.knows(revision))
