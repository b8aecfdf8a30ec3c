"""Say where a migration stopped, and what the database kept of it."""

from pathlib import Path

from sqlalchemy.exc import DBAPIError

from flask_migrate.errors import BrokenRevision, MigrateError, RunFailed, RunInterrupted
from flask_migrate.execution.faults import describe_driver_error, sentence, shortened
from flask_migrate.execution.remedies import remedy
from flask_migrate.execution.steps import name_of
from flask_migrate.execution.target import Target
from flask_migrate.revisions.module import line_in
from flask_migrate.values.results import RunReport

_DOUBT = (
    "Whether the server has finished the statement {!r} is not known: look, and undo it by hand "
    "if it has,"
)

_NOT_AS_SQL = (
    "What reads the database, such as a batch on SQLite, cannot be written as SQL: run the "
    "command without --sql."
)


def explain_stop(report: RunReport, stopped: Target, *, error: BaseException | None) -> RunFailed:
    """Return the error that says which revision stopped, why, and what was kept.

    Args:
        report: What happened to each database.
        stopped: The database whose migration stopped.
        error: What came out of it; None if `env.py` did not let it out.
    """
    step = stopped.running
    assert step is not None  # noqa: S101  (that is what stopped means)
    return RunFailed(
        f"The {report.verb} stopped{_place(stopped)} in {_name(stopped)}: "
        f"{_reason(error, Path(step.revision.path))}",
        hint=_hint(stopped, error),
        report=report,
    )


def explain_interrupt(report: RunReport, stopped: Target) -> RunInterrupted:
    """Return what says in which revision a signal came, and what was kept.

    Args:
        report: What happened to each database.
        stopped: The database whose migration stopped.
    """
    return RunInterrupted(
        f"the {report.verb} stopped{_place(stopped)} in {_name(stopped)}.",
        hint=_kept(
            stopped,
            missing="what was running",
            unsure=stopped.statements.unsure,
            advice="To go on, run",
        ),
        report=report,
    )


def explain_interrupt_after(report: RunReport, latest: Target) -> RunInterrupted:
    """Return what says after which revision a signal came, while nothing of another ran.

    Args:
        report: What happened to each database.
        latest: The database in which a revision began last.
    """
    return RunInterrupted(
        f"the {report.verb} stopped{_place(latest)} at the end of {_name(latest)}.",
        hint="See whether the database has kept it: flask db current. To go on, run the command "
        "again.",
        report=report,
    )


def interrupt_behind(error: BaseException) -> KeyboardInterrupt | None:
    """Return the signal after which an error came, or None if it has another reason.

    A driver whose statement was interrupted may fail once more on the way out, and only that
    is seen then.
    """
    left: list[BaseException | None] = [error]
    seen: list[BaseException] = []
    while left:
        one = left.pop()
        if isinstance(one, KeyboardInterrupt):
            return one
        if one is not None and one not in seen:
            seen.append(one)
            left += (one.__context__, one.__cause__)
    return None


def _name(stopped: Target) -> str:
    step = stopped.running or stopped.latest
    assert step is not None  # noqa: S101  (there is something to name)
    return name_of(step)


def _place(stopped: Target) -> str:
    return "" if stopped.name == "default" else f" on the database {stopped.name!r}"


def _reason(error: BaseException | None, path: Path) -> str:
    if error is None:
        return "env.py caught the error and went on."
    line = line_in(error, path)
    place = f"{path}, line {line}" if line else str(path)
    if isinstance(error, MigrateError):
        return f"{place}: {error.message}"
    if isinstance(error, DBAPIError):
        return f"{place}: {describe_driver_error(error)}"
    text = " ".join(str(error).split())
    return sentence(f"{type(error).__name__} in {place}{text and f': {text}'}")


def _hint(stopped: Target, error: BaseException | None) -> str:
    if stopped.context.as_sql:
        own = _advice(error) if isinstance(error, BrokenRevision) else None
        return f"Nothing was run. {sentence(own) if own else _NOT_AS_SQL}"
    statement = getattr(error, "statement", None)
    said = f"The statement was: {shortened(statement)}. " if statement else ""
    advice = f"{sentence(hint)} " if (hint := _advice(error)) else ""
    kept = _kept(
        stopped,
        missing="the one that failed",
        unsure=stopped.statements.unsure if getattr(error, "connection_invalidated", 0) else None,
        advice="Correct the cause and run",
    )
    return f"{said}{advice}{kept}"


def _advice(error: BaseException | None) -> str | None:
    if isinstance(error, MigrateError):
        return error.hint
    return remedy(error) if isinstance(error, DBAPIError) else None


def _kept(stopped: Target, *, missing: str, unsure: str | None, advice: str) -> str:
    """Return what the database has of the revision that stopped, and what that asks for.

    Args:
        stopped: The database.
        missing: What to call the statement with which it stopped.
        unsure: That statement, if the server may have finished it all the same.
        advice: What to do, up to "the command again".
    """
    statements = stopped.statements
    kept = statements.ran[: statements.kept]
    if not kept:
        place = ", ".join(stopped.heads) or "no revision"
        if unsure:
            return (
                f"The database is at {place}. {_DOUBT.format(shortened(unsure))} then run the "
                "command again."
            )
        return (
            f"Nothing of this revision was kept; the database is at {place}. {advice} the command "
            "again."
        )
    undone = statements.ran[statements.kept :]
    listed = "".join(f"\n  {number}. {shortened(one)}" for number, one in enumerate(kept, 1))
    again = "".join(
        f"\n  {number}. {shortened(one)}" for number, one in enumerate(undone, len(kept) + 1)
    )
    taken_back = f"Done and undone:{again}\n" if undone else ""
    return (
        f"{_why_kept(stopped)} Done and kept: {len(kept)} "
        f"statement{'s' if len(kept) > 1 else ''} of this revision:{listed}\n{taken_back}"
        f"Not done: {missing}, and everything after it. "
        f"{_DOUBT.format(shortened(unsure)) + ' and' if unsure else 'Undo by hand'} what was kept, "
        "or take it out of the script, then run the command again."
    )


def _why_kept(stopped: Target) -> str:
    if stopped.context.dialect.name in {"mysql", "mariadb"}:
        return "This database keeps each change of a table at once."
    return "A commit in the revision, or an autocommit_block(), keeps what is before it."
