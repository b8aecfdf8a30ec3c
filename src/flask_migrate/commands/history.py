"""The revisions in the order of the history."""

from flask_migrate.commands.applied import applied_revisions
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import InvalidRange
from flask_migrate.values.results import RevisionList


def history(
    workspace: Workspace, *, rev_range: str | None = None, indicate_current: bool = False
) -> RevisionList:
    """Return the revisions, the newest first.

    Args:
        workspace: The application.
        rev_range: "start:end", "start:" or ":end", where either may be "current"; None
            for all.
        indicate_current: Whether the database is asked which of them it has.

    Raises:
        InvalidRange: The range cannot be followed.
        UnknownRevision: An end of the range is not in the history.
    """
    scripts = workspace.history
    base, head = _ends(rev_range)
    applied = None
    if indicate_current or "current" in (base, head):
        applied = applied_revisions(workspace)
    with workspace.explained():
        revisions = tuple(
            scripts.entry(
                script,
                is_current=script.revision in applied if applied and indicate_current else None,
            )
            for script in scripts.walk_revisions(
                base=_resolved(base, applied, default="base"),
                head=_resolved(head, applied, default="heads"),
            )
        )
    return RevisionList(revisions=revisions, problems=scripts.problems)


def _ends(rev_range: str | None) -> tuple[str, str]:
    if rev_range is None:
        return "", ""
    base, colon, head = rev_range.strip().partition(":")
    if not colon or ":" in head:
        raise InvalidRange(
            f"History range requires [start]:[end], [start]:, or :[end], not {rev_range!r}.",
            hint="For example: flask db history -r base:head",
        )
    return base, head


def _resolved(end: str, applied: tuple[str, ...] | None, *, default: str) -> str:
    if end == "current":
        return applied or "base"  # type: ignore[return-value]  # Alembic takes several here
    return end or default
