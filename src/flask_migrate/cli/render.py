"""Every result and every error as text and as JSON. The only module that prints."""

import json
import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import asdict, is_dataclass
from enum import Enum
from functools import singledispatch
from typing import Any

import click
from flask import current_app, has_app_context
from flask.helpers import get_debug_flag

from flask_migrate.database.binds import known_urls
from flask_migrate.database.hide import hide_passwords
from flask_migrate.database.urls import passwords
from flask_migrate.errors import ApplicationFailed, InvalidDatabaseUrl, MigrateError, RunInterrupted
from flask_migrate.state import MigrateState
from flask_migrate.values.results import (
    BranchList,
    CheckReport,
    CurrentReport,
    EditReport,
    InitReport,
    RevisionList,
    RevisionReport,
    RunReport,
    TemplateList,
)
from flask_migrate.values.revision import Problem, RevisionEntry


class Style(Enum):
    """How a list of revisions is shown.

    Attributes:
        HEADS: Identifiers and labels.
        HISTORY: Parents, places in the history and messages, too.
    """

    HEADS = "heads"
    HISTORY = "history"


def show(report: Any, *, as_json: bool, verbose: bool = False, style: Style = Style.HEADS) -> None:
    """Print a result to standard output, and what a person should know to standard error.

    Args:
        report: What a verb returned.
        as_json: Whether it is dumped instead of told.
        verbose: Whether it is told at length.
        style: How a list of revisions is shown.
    """
    if as_json:
        click.echo(json.dumps(asdict(report), indent=2))
    else:
        for line in as_text(report, verbose=verbose, style=style):
            click.echo(line)
        for line in notes(report):
            click.echo(line, err=True)
    _warn(report)


def show_error(error: MigrateError, *, as_json: bool) -> None:
    """Print what went wrong to standard error, with the traceback in debug mode.

    Args:
        error: What went wrong.
        as_json: Whether standard output gets it as JSON: the report, if the error is
            the answer to a question, else the error.
    """
    report = getattr(error, "report", None)
    if as_json:
        facts = asdict(report) if is_dataclass(report) and not isinstance(report, type) else None
        is_answer = isinstance(report, (CheckReport, CurrentReport))
        click.echo(json.dumps(facts if is_answer else _as_facts(error, facts), indent=2))
    _warn(report)
    _say("Error", "red", error.message, error.hint)
    if isinstance(error, ApplicationFailed) or get_debug_flag():
        click.echo(_traceback(error).rstrip(), err=True)


def show_interrupt(error: KeyboardInterrupt, *, as_json: bool) -> None:
    """Print where a command was stopped.

    Args:
        error: What stopped it; a migration says what was kept of it.
        as_json: Whether standard output gets it as JSON.
    """
    told = error if isinstance(error, RunInterrupted) else RunInterrupted.before_a_revision()
    if as_json:
        report = asdict(told.report) if told.report else None
        click.echo(json.dumps(_as_facts(told, report), indent=2))
    _warn(told.report)
    _say("Interrupted", "red", told.message, told.hint)


def _warn(report: Any) -> None:
    for problem in getattr(report, "problems", ()):
        _say("Warning", "yellow", problem.message, problem.hint)


def _traceback(error: MigrateError) -> str:
    cause = error.__cause__ or error
    if isinstance(error, InvalidDatabaseUrl):
        # What could not be understood may be a part of the password, and would be quoted.
        lines = traceback.format_exception(type(cause), None, cause.__traceback__)
        return hide_passwords("".join([*lines[:-1], type(cause).__name__]))
    state = current_app.extensions.get("migrate") if has_app_context() else None
    known = passwords(known_urls(state.db)) if isinstance(state, MigrateState) else ()
    return hide_passwords("".join(traceback.format_exception(cause)), known=known)


def _as_facts(error: MigrateError | RunInterrupted, report: Any) -> dict[str, Any]:
    facts = {"code": error.code, "message": error.message, "hint": error.hint}
    return {"error": facts if report is None else {**facts, "report": report}}


def _say(label: str, colour: str, message: str, hint: str | None) -> None:
    if not sys.stderr.isatty():
        click.echo(f"{label}: {message}", err=True)
        if hint:
            click.echo(f"Hint: {hint}", err=True)
        return
    # Rich is loaded for a person at a terminal only.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True, soft_wrap=True)
    console.print(Text.assemble((f"{label}: ", f"bold {colour}"), message))
    if hint:
        console.print(Text.assemble(("Hint: ", "bold"), hint))


@singledispatch
def as_text(report: Any, *, verbose: bool, style: Style) -> Iterable[str]:
    """Return the lines that a result is for a person."""
    raise NotImplementedError(type(report).__name__)


@as_text.register
def _(report: TemplateList, **_: Any) -> Iterator[str]:
    yield "Available templates:\n"
    for template in report.templates:
        yield f"{template.name} - {template.description}"


@as_text.register
def _(report: InitReport, **_: Any) -> Iterator[str]:
    for path in report.created:
        is_directory = path == report.directory or path.endswith("versions")
        action = "Creating directory" if is_directory else "Generating"
        yield f"{action} {path} ...  done"


@as_text.register
def _(report: RevisionReport, **_: Any) -> Iterator[str]:
    for revision in report.revisions:
        yield f"Generating {revision.path} ...  done"


@as_text.register
def _(_report: EditReport, **_: Any) -> Iterator[str]:
    yield from ()


@as_text.register
def _(report: RunReport, **_: Any) -> Iterator[str]:
    if report.files is not None:
        yield from (f"Generating {path} ...  done" for path in report.files.values())
        return
    written = [target for target in report.targets if target.sql is not None]
    for target in written:
        if len(written) > 1:
            yield f"-- Database: {target.target}\n"
        yield str(target.sql).rstrip("\n") + "\n"


@as_text.register
def _(report: RevisionList, *, verbose: bool, style: Style) -> Iterator[str]:
    for entry in report.revisions:
        yield _told(entry) if verbose else _listed(entry, style)


@as_text.register
def _(report: BranchList, *, verbose: bool, **_: Any) -> Iterator[str]:
    for branch in report.branches:
        yield _told(branch.revision) if verbose else _labelled(branch.revision)
        indent = " " * len(branch.revision.revision)
        yield "".join(
            f"{indent} -> {_labelled(child)}{f', {child.message}' if verbose else ''}\n"
            for child in branch.children
        )


@as_text.register
def _(report: CurrentReport, *, verbose: bool, **_: Any) -> Iterator[str]:
    for state in report.targets:
        if verbose:
            yield f"Current revision(s) for {state.url}:"
        elif len(report.targets) > 1:
            yield f"Current revision(s) for {state.target}:"
        for entry in state.revisions:
            yield _told(entry) if verbose else f"{entry.revision}{_place(entry)}"
        for revision in state.unknown:
            yield f"{revision} (no file has this revision)"


@as_text.register
def _(_report: CheckReport, **_: Any) -> Iterator[str]:
    yield "No new upgrade operations detected."


@singledispatch
def notes(_report: Any) -> Iterable[str]:
    """Return the lines that tell a person more, and that are not the result."""
    return ()


@notes.register
def _(report: RevisionReport) -> Iterator[str]:
    if not report.revisions:
        yield "INFO  [flask_migrate] No changes in schema detected."
    for reason in report.reasons:
        yield from _reason(reason)


def _reason(reason: Problem) -> Iterator[str]:
    yield f"  {reason.message}"
    if reason.hint:
        yield f"  Hint: {reason.hint}"


def _told(entry: RevisionEntry) -> str:
    """Return everything that is known of a revision, as Alembic lays it out."""
    places = "".join(
        f" ({place})"
        for place, holds in (
            ("head", entry.is_head),
            ("branchpoint", entry.is_branch_point),
            ("mergepoint", entry.is_merge_point),
            ("current", entry.is_current),
        )
        if holds
    )
    facts = {
        "Merges" if entry.is_merge_point else "Parent": _parents(entry),
        "Also depends on": ", ".join(entry.dependencies),
        "Branches into": ", ".join(entry.children) if entry.is_branch_point else "",
        "Branch names": ", ".join(entry.branch_labels),
        "Path": entry.path,
    }
    head = "".join(f"{name}: {value}\n" for name, value in facts.items() if value)
    text = "\n".join(f"    {line}" for line in entry.description.splitlines())
    return f"Rev: {entry.revision}{places}\n{head}\n{text}\n"


def _listed(entry: RevisionEntry, style: Style) -> str:
    if style is Style.HEADS:
        return f"{entry.revision}{_labels(entry)}{_head(entry)}"
    needs = f" ({', '.join(entry.dependencies)})" if entry.dependencies else ""
    return f"{_parents(entry)}{needs} -> {_labelled(entry)}, {entry.message}"


def _labelled(entry: RevisionEntry) -> str:
    return f"{entry.revision}{_labels(entry)}{_place(entry)}"


def _parents(entry: RevisionEntry) -> str:
    return ", ".join(entry.parents) or "<base>"


def _labels(entry: RevisionEntry) -> str:
    return f" ({', '.join(entry.branch_labels)})" if entry.branch_labels else ""


def _head(entry: RevisionEntry) -> str:
    is_only_a_head = entry.is_head and not entry.is_effective_head
    text = " (head)" if entry.is_effective_head else " (effective head)" if is_only_a_head else ""
    return f"{text} (current)" if entry.is_current else text


def _place(entry: RevisionEntry) -> str:
    branch = " (branchpoint)" if entry.is_branch_point else ""
    merge = " (mergepoint)" if entry.is_merge_point else ""
    return f"{_head(entry)}{branch}{merge}"
