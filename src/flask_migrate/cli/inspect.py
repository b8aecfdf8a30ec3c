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
    """Show which revision each database has."""
    show(api.current(directory, check_heads=check_heads), as_json=as_json, verbose=verbose)


@db.command("check")
@options.directory
@options.as_json
def check_command(directory: str | None, *, as_json: bool) -> None:
    """Fail if models and database differ, and show how."""
    show(api.check(directory), as_json=as_json)
