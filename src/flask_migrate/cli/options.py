"""Every option of the command line, once."""

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

AS_JSON = "flask_migrate.as_json"


def _remember_json(ctx: click.Context, _: click.Parameter, value: bool) -> bool:  # noqa: FBT001
    ctx.meta[AS_JSON] = value
    return value


directory = click.option(
    "-d", "--directory", help='Migration script directory (default is "migrations")'
)
x_arg = click.option(
    "-x", "--x-arg", multiple=True, help="Additional arguments consumed by custom env.py scripts"
)
as_json = click.option(
    "--json", "as_json", is_flag=True, callback=_remember_json, help="Print the result as JSON"
)
verbose = click.option("-v", "--verbose", is_flag=True, help="Use more verbose output")
message = click.option("-m", "--message", help="Revision message")
merge_message = click.option("-m", "--message", help="Merge revision message")
sql = click.option(
    "--sql", is_flag=True, help="Don't emit SQL to database - dump to standard output instead"
)
output_dir = click.option(
    "--output-dir",
    type=click.Path(file_okay=False),
    help="With --sql, write one file a database into this directory",
)
tag = click.option("--tag", help='Arbitrary "tag" name - can be used by custom env.py scripts')
head = click.option(
    "--head",
    default="head",
    help="Specify head revision or <branchname>@head to base new revision on",
)
splice = click.option(
    "--splice", is_flag=True, help='Allow a non-head revision as the "head" to splice onto'
)
branch_label = click.option(
    "--branch-label", help="Specify a branch label to apply to the new revision"
)
version_path = click.option(
    "--version-path", help="Specify specific path from config for version file"
)
rev_id = click.option("--rev-id", help="Specify a hardcoded revision id instead of generating one")
depends_on = click.option(
    "--depends-on",
    multiple=True,
    help="Specify a revision that must be applied before the new one (repeatable)",
)
autogenerate = click.option(
    "--autogenerate",
    is_flag=True,
    help="Populate revision script with candidate migration operations, based on comparison "
    "of database to model",
)
allow_empty_models = click.option(
    "--allow-empty-models",
    is_flag=True,
    help="Take models without a table to mean that every table goes",
)
multidb = click.option("--multidb", is_flag=True, help="Support multiple databases")
template = click.option(
    "-t", "--template", help='Repository template to use, a name or a path (default is "flask")'
)
package = click.option(
    "--package",
    is_flag=True,
    help="Write empty __init__.py files to the environment and version locations",
)
rev_range = click.option(
    "-r", "--rev-range", help="Specify a revision range; format is [start]:[end]"
)
indicate_current = click.option(
    "-i", "--indicate-current", is_flag=True, help="Indicate the current revision"
)
resolve_dependencies = click.option(
    "--resolve-dependencies",
    is_flag=True,
    help="Treat dependency versions as down revisions",
)
check_heads = click.option(
    "--check-heads", is_flag=True, help="Fail unless the database is at every head"
)
purge = click.option(
    "--purge", is_flag=True, help="Delete what the version table says before stamping"
)


def revision(default: str) -> Decorator:
    """Return the argument that names a revision."""
    return click.argument("revision", default=default)


revisions = click.argument("revisions", nargs=-1)
