"""Say in the version table what is applied, without running anything."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from flask_migrate._alembic import create_version_table, stamp_steps
from flask_migrate.commands.sql_files import write_sql_files
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import InvalidRange
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target
from flask_migrate.revisions.graph.names import places
from flask_migrate.values.results import RunReport


def stamp(
    workspace: Workspace,
    *,
    revision: str | Sequence[str] = "head",
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    output_dir: str | None = None,
) -> RunReport:
    """Make the version table say that a revision is applied.

    Args:
        workspace: The application.
        revision: One or several; with `sql` each may be a range, "from:to".
        sql: Whether the statements are returned instead of run.
        tag: Anything, for a custom `env.py`.
        purge: Whether the version table is emptied first, whatever it says.
        output_dir: With `sql`, where to write one file a database; None for none.

    Raises:
        UnknownRevision: There is no such revision.
        DatabaseAhead: A database has a revision that no file has, and `purge` is not set.
        InvalidRange: The ranges have different starts.
    """
    start, destinations = _destinations(revision, sql=sql)
    for destination in destinations:
        places(workspace.history.graph, destination)
    held = workspace.held_connections()

    def work(target: Target) -> Iterator[Step]:
        if not (sql or purge):
            workspace.require_known(target)
        steps = stamp_steps(workspace.scripts, destinations, target.applied)
        yield from workspace.checked(target, steps, held=held)

    run = workspace.run(
        "stamp",
        work,
        as_sql=sql,
        moves=True,
        held=held,
        starting_rev=start,
        destination_rev=destinations,
        tag=tag,
        purge=purge,
    )
    report = workspace.report("stamp", run)
    return write_sql_files(report, Path(output_dir)) if sql and output_dir else report


def ensure_version(workspace: Workspace, *, sql: bool = False) -> RunReport:
    """Create the version table in each database that lacks it.

    Args:
        workspace: The application.
        sql: Whether the statement is returned instead of run.

    Raises:
        DatabaseError: A database cannot be reached, or refuses.
    """

    def work(target: Target) -> Iterator[Step]:
        create_version_table(target.context)
        return iter(())

    run = workspace.run("create the version table", work, as_sql=sql)
    return workspace.report("ensure-version", run)


def _destinations(
    revision: str | Sequence[str], *, sql: bool
) -> tuple[str | None, tuple[str, ...]]:
    given = (revision,) if isinstance(revision, str) else tuple(revision)
    if not sql:
        return None, given
    starts = {start for start, colon, _ in (one.partition(":") for one in given) if colon}
    if len(starts) > 1:
        raise InvalidRange(
            "Stamp with --sql supports one starting revision at a time, not "
            f"{', '.join(sorted(starts))}.",
            hint="Run it once a starting revision.",
        )
    return next(iter(starts), None), tuple(one.rpartition(":")[2] for one in given)
