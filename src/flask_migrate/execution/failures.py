"""Say where a migration stopped, and what the database kept of it."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from flask_migrate.errors import RunFailed
from flask_migrate.execution.faults import describe_driver_error, shortened
from flask_migrate.execution.target import Target
from flask_migrate.revisions.history import line_in
from flask_migrate.values.results import RunReport, TargetRun


def explain_stop(
    verb: str, reports: Sequence[TargetRun], stopped: Target, *, error: Exception | None
) -> RunFailed:
    """Return the error that says which revision stopped, why, and what was kept.

    Args:
        verb: "upgrade" or "downgrade".
        reports: What happened to each database.
        stopped: The database whose migration stopped.
        error: What came out of it; None if `env.py` did not let it out.
    """
    step = stopped.running
    assert step is not None  # noqa: S101  (that is what stopped means)
    script = step.revision
    place = "" if stopped.name == "default" else f" on the database {stopped.name!r}"
    return RunFailed(
        f"The {verb} stopped{place} in {script.revision} {script.doc!r}: "
        f"{_reason(error, Path(script.path))}",
        hint=_hint(stopped, error),
        report=RunReport(verb=verb, targets=tuple(reports)),
    )


def _reason(error: Exception | None, path: Path) -> str:
    if error is None:
        return "env.py caught the error and went on."
    if isinstance(error, DBAPIError):
        return describe_driver_error(error)
    line = line_in(error, path)
    place = f"{path}, line {line}" if line else str(path)
    return f"{type(error).__name__} in {place}: {' '.join(str(error).split())}"


def _hint(stopped: Target, error: Exception | None) -> str:
    statement = getattr(error, "statement", None)
    said = f"The statement was: {shortened(statement)}. " if statement else ""
    if stopped.context.as_sql:
        return (
            "Nothing was run. What reads the database, such as a batch on SQLite, cannot be "
            "written as SQL: run the command without --sql."
        )
    if stopped.rolls_back:
        return f"{said}The database undid it. Correct the cause and run the command again."
    return (
        f"{said}This database keeps what ran before the error: compare its tables with the "
        "script, undo or finish by hand what is half done, then run the command again."
    )
