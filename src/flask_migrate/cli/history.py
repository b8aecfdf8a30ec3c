"""Commands that read the revision files."""

from flask_migrate import api
from flask_migrate.cli import options
from flask_migrate.cli.group import db
from flask_migrate.cli.render import Style, show


@db.command("show")
@options.directory
@options.revision("head")
@options.as_json
def show_command(directory: str | None, revision: str, *, as_json: bool) -> None:
    """Show everything that is known of REVISION."""
    show(api.show(directory, revision), as_json=as_json, verbose=True)


@db.command("history")
@options.directory
@options.rev_range
@options.verbose
@options.indicate_current
@options.as_json
def history_command(
    directory: str | None,
    rev_range: str | None,
    *,
    verbose: bool,
    indicate_current: bool,
    as_json: bool,
) -> None:
    """List the revisions, the newest first."""
    report = api.history(directory, rev_range, indicate_current=indicate_current)
    show(report, as_json=as_json, verbose=verbose, style=Style.HISTORY)


@db.command("heads")
@options.directory
@options.verbose
@options.resolve_dependencies
@options.as_json
def heads_command(
    directory: str | None, *, verbose: bool, resolve_dependencies: bool, as_json: bool
) -> None:
    """Show the newest revision of each branch."""
    report = api.heads(directory, resolve_dependencies=resolve_dependencies)
    show(report, as_json=as_json, verbose=verbose)


@db.command("branches")
@options.directory
@options.verbose
@options.as_json
def branches_command(directory: str | None, *, verbose: bool, as_json: bool) -> None:
    """Show the revisions where the history branches."""
    show(api.branches(directory), as_json=as_json, verbose=verbose)
