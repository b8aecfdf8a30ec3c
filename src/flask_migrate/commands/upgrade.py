"""Take the databases to a later revision, or back to an earlier one."""

from collections.abc import Iterator
from pathlib import Path

from flask_migrate._alembic import revision_steps
from flask_migrate.commands.sql_files import write_sql_files
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import InvalidRange
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target
from flask_migrate.revisions.graph import ranges
from flask_migrate.revisions.graph.names import BASE, places
from flask_migrate.values.results import RunReport


def upgrade(
    workspace: Workspace,
    *,
    revision: str = "head",
    sql: bool = False,
    tag: str | None = None,
    output_dir: str | None = None,
) -> RunReport:
    """Take each database up to a revision.

    Args:
        workspace: The application.
        revision: Where to; with `sql` it may be a range, "from:to".
        sql: Whether the statements are returned instead of run.
        tag: Anything, for a custom `env.py`.
        output_dir: With `sql`, where to write one file a database; None for none.

    Raises:
        UnknownRevision: There is no such revision.
        MultipleHeads: "head" stands for several.
        DatabaseAhead: A database has a revision that no file has.
        RunFailed: A migration stopped with an error.
    """
    start, destination = _range(revision, sql=sql)
    return _move(
        workspace,
        "upgrade",
        start=start,
        destination=destination,
        sql=sql,
        tag=tag,
        output_dir=output_dir,
    )


def downgrade(
    workspace: Workspace,
    *,
    revision: str = "-1",
    sql: bool = False,
    tag: str | None = None,
    output_dir: str | None = None,
) -> RunReport:
    """Take each database back to a revision.

    Args:
        workspace: The application.
        revision: Where to; with `sql` it must be a range, "from:to", or "-1": from head.
        sql: Whether the statements are returned instead of run.
        tag: Anything, for a custom `env.py`.
        output_dir: With `sql`, where to write one file a database; None for none.

    Raises:
        UnknownRevision: There is no such revision.
        InvalidRange: `sql`, and no range is given.
        DatabaseAhead: A database has a revision that no file has.
        RunFailed: A migration stopped with an error.
    """
    # Without a database, the default is seen from the newest revision.
    start, destination = _range("head:-1" if sql and revision == "-1" else revision, sql=sql)
    if sql and start is None:
        raise InvalidRange(
            "downgrade with --sql requires <fromrev>:<torev>.",
            hint="For example: flask db downgrade --sql head:base",
        )
    if start is not None:
        _require_start(workspace, start)
    return _move(
        workspace,
        "downgrade",
        start=start,
        destination=destination,
        sql=sql,
        tag=tag,
        output_dir=output_dir,
    )


def _move(
    workspace: Workspace,
    verb: str,
    *,
    start: str | None,
    destination: str,
    sql: bool,
    tag: str | None,
    output_dir: str | None,
) -> RunReport:
    history = workspace.history
    history.require_every_file()
    is_upgrade = verb == "upgrade"
    plan = ranges.upgrade if is_upgrade else ranges.downgrade
    held = workspace.held_connections()

    def work(target: Target) -> Iterator[Step]:
        if not sql:
            workspace.require_known(target)
        wanted = plan(history.graph, destination, target.applied)
        steps = revision_steps(workspace.scripts, wanted, is_upgrade=is_upgrade)
        yield from workspace.checked(target, steps, held=held)

    run = workspace.run(
        verb,
        work,
        as_sql=sql,
        moves=True,
        held=held,
        starting_rev=start,
        destination_rev=destination,
        tag=tag,
    )
    report = workspace.report(verb, run)
    return write_sql_files(report, Path(output_dir)) if sql and output_dir else report


def _require_start(workspace: Workspace, start: str) -> None:
    found = places(workspace.history.graph, start)
    if not found or BASE in found:
        raise InvalidRange(
            f"The history has no revision {start!r} to downgrade from.",
            hint="List the revisions: flask db history",
        )


def _range(revision: str, *, sql: bool) -> tuple[str | None, str]:
    start, colon, destination = revision.partition(":")
    if not colon:
        return None, revision
    if not sql:
        raise InvalidRange(
            f"Range revision not allowed: {revision!r}.",
            hint="A range is for --sql; otherwise the start is where the database is.",
        )
    return start, destination
