"""Commands that change a database."""

from typing import Any

from flask_migrate import api
from flask_migrate.cli import options
from flask_migrate.cli.group import db
from flask_migrate.cli.render import show


@db.command("upgrade")
@options.directory
@options.sql
@options.output_dir
@options.tag
@options.x_arg
@options.revision("head")
@options.as_json
def upgrade_command(*, as_json: bool, **arguments: Any) -> None:
    """Take the database up to REVISION, by default to the newest."""
    show(api.upgrade(**arguments), as_json=as_json)


@db.command("downgrade")
@options.directory
@options.sql
@options.output_dir
@options.tag
@options.x_arg
@options.revision("-1")
@options.as_json
def downgrade_command(*, as_json: bool, **arguments: Any) -> None:
    """Take the database back to REVISION, by default by one."""
    show(api.downgrade(**arguments), as_json=as_json)


@db.command("stamp")
@options.directory
@options.sql
@options.output_dir
@options.tag
@options.purge
@options.revision("head")
@options.as_json
def stamp_command(*, as_json: bool, **arguments: Any) -> None:
    """Say that REVISION is applied, without running anything."""
    show(api.stamp(**arguments), as_json=as_json)


@db.command("ensure-version")
@options.directory
@options.sql
@options.as_json
def ensure_version_command(*, as_json: bool, **arguments: Any) -> None:
    """Create the table of applied revisions, unless it exists."""
    show(api.ensure_version(**arguments), as_json=as_json)
