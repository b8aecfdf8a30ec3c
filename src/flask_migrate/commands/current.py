"""Where the databases are."""

from flask_migrate.commands.applied import ask_applied
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import NotAtHead
from flask_migrate.execution.target import Target
from flask_migrate.revisions.graph.ranges import current as newest
from flask_migrate.values.results import CurrentReport, TargetState


def current(workspace: Workspace, *, check_heads: bool = False) -> CurrentReport:
    """Return which revisions each database has.

    Args:
        workspace: The application.
        check_heads: Whether it is an error if a database is not at the heads.

    Raises:
        NotAtHead: `check_heads`, and one is not.
        DatabaseError: A database cannot be reached.
    """
    run = ask_applied(workspace)
    with workspace.explained():
        states = tuple(_state(workspace, target) for target in run.targets)
    report = CurrentReport(targets=states, problems=workspace.history.problems)
    if check_heads and not (states and all(state.at_head for state in states)):
        raise NotAtHead(_not_at_head(report), report=report)
    return report


def _state(workspace: Workspace, target: Target) -> TargetState:
    history = workspace.history
    known = tuple(revision for revision in target.applied if history.knows(revision))
    return TargetState(
        target=target.name,
        url=target.url,
        revisions=workspace.entries(sorted(newest(history.graph, known))),
        unknown=tuple(revision for revision in target.applied if revision not in known),
        at_head=set(target.applied) == set(history.graph.effective_heads),
    )


def _not_at_head(report: CurrentReport) -> str:
    behind = [state.target for state in report.targets if not state.at_head]
    names = "" if behind in ([], ["default"]) else f" ({', '.join(behind)})"
    return f"Database is not on all head revisions{names}."
