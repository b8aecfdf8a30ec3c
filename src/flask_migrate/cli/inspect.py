"""Commands that ask a database."""

from flask_migrate import api
from flask_migrate.cli import options
from flask_migrate.cli.group import db
from flask_migrate.cli.render import show


@db.command("current")
@options.directory
@options.verbose
@options.check_heads
@options.as_json
def current_command(
    directory: str | None, *, verbose: bool, check_heads: bool, as_json: bool
) -> None:
    """Display the current revision for each database."""
    show(api.current(directory, check_heads=check_heads), as_json=as_json, verbose=verbose)


@db.command("check")
@options.directory
@options.as_json
def check_command(directory: str | None, *, as_json: bool) -> None:
    """Check if there are any new operations to migrate."""
    show(api.check(directory), as_json=as_json)
