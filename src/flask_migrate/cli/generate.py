"""Commands that write files."""

from typing import Any

from flask_migrate import api
from flask_migrate.cli import options
from flask_migrate.cli.group import db
from flask_migrate.cli.render import show


@db.command("list-templates")
@options.as_json
def list_templates_command(*, as_json: bool) -> None:
    """List what init can start from."""
    show(api.list_templates(), as_json=as_json)


@db.command("init")
@options.directory
@options.multidb
@options.template
@options.package
@options.as_json
def init_command(*, as_json: bool, **arguments: Any) -> None:
    """Start a migrations directory."""
    show(api.init(**arguments), as_json=as_json)


@db.command("revision")
@options.directory
@options.message
@options.autogenerate
@options.sql
@options.head
@options.splice
@options.branch_label
@options.version_path
@options.rev_id
@options.depends_on
@options.x_arg
@options.allow_empty_models
@options.drop_unknown
@options.as_json
def revision_command(*, as_json: bool, **arguments: Any) -> None:
    """Write a new, empty revision."""
    show(api.revision(**arguments), as_json=as_json)


@db.command("migrate")
@options.directory
@options.message
@options.sql
@options.head
@options.splice
@options.branch_label
@options.version_path
@options.rev_id
@options.depends_on
@options.x_arg
@options.allow_empty_models
@options.drop_unknown
@options.as_json
def migrate_command(*, as_json: bool, **arguments: Any) -> None:
    """Write a revision that makes the database equal to the models."""
    show(api.migrate(**arguments), as_json=as_json)


@db.command("edit")
@options.directory
@options.revision("head")
@options.as_json
def edit_command(*, as_json: bool, **arguments: Any) -> None:
    """Open a revision in your editor."""
    show(api.edit(**arguments), as_json=as_json)


@db.command("merge")
@options.directory
@options.merge_message
@options.branch_label
@options.rev_id
@options.splice
@options.revisions
@options.as_json
def merge_command(*, as_json: bool, **arguments: Any) -> None:
    """Write a revision that joins several heads."""
    show(api.merge(**arguments), as_json=as_json)
