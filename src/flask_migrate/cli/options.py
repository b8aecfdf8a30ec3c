"""Every option of the command line, once."""

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

AS_JSON = "flask_migrate.as_json"


def _remember_json(ctx: click.Context, _: click.Parameter, value: bool) -> bool:  # noqa: FBT001
    ctx.meta[AS_JSON] = value
    return value


directory = click.option("-d", "--directory", help="Where the migrations are [default: migrations]")
x_arg = click.option(
    "-x", "--x-arg", multiple=True, help="Argument for an env.py of your own (repeatable)"
)
as_json = click.option(
    "--json", "as_json", is_flag=True, callback=_remember_json, help="Print the result as JSON"
)
verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Tell everything that is known of each revision"
)
message = click.option(
    "-m",
    "--message",
    help="What the revision is for: the beginning of its docstring and of its file name",
)
merge_message = click.option(
    "-m",
    "--message",
    help="What the merge is for: the beginning of its docstring and of its file name",
)
sql = click.option("--sql", is_flag=True, help="Print the statements instead of running them")
output_dir = click.option(
    "--output-dir",
    type=click.Path(file_okay=False),
    help="With --sql, write one file a database into this directory",
)
tag = click.option("--tag", help="Any text, for an env.py of your own")
head = click.option(
    "--head",
    default="head",
    help="What the new revision revises: a head, or <branch>@head",
)
splice = click.option(
    "--splice",
    is_flag=True,
    help="Let the new revision revise one that is not a head, which makes a branch",
)
branch_label = click.option(
    "--branch-label", help="Name for the branch that begins with the new revision"
)
version_path = click.option(
    "--version-path", help="Which of several version directories to write to"
)
rev_id = click.option(
    "--rev-id", help="Identifier of the new revision, instead of one that is made up"
)
depends_on = click.option(
    "--depends-on",
    multiple=True,
    help="Revision of another branch that must be applied before the new one (repeatable)",
)
autogenerate = click.option(
    "--autogenerate",
    is_flag=True,
    help="Fill the revision with what makes the database equal to the models",
)
allow_empty_models = click.option(
    "--allow-empty-models",
    is_flag=True,
    help="Take models without a table to mean that every table goes",
)
drop_unknown = click.option(
    "--drop-unknown",
    is_flag=True,
    help="Drop tables, views and the like that the models lack and that no revision made, too",
)
multidb = click.option(
    "--multidb",
    is_flag=True,
    help="Migrate every database of SQLALCHEMY_BINDS, not only the default one",
)
template = click.option(
    "-t",
    "--template",
    help="What to start from: a name that list-templates shows, or a path [default: flask]",
)
package = click.option(
    "--package",
    is_flag=True,
    help="Make the directory, and its versions, Python packages",
)
rev_range = click.option(
    "-r", "--rev-range", help="Only from one revision to another: [start]:[end]"
)
indicate_current = click.option(
    "-i",
    "--indicate-current",
    is_flag=True,
    help="Mark the revisions that the database has as its newest",
)
resolve_dependencies = click.option(
    "--resolve-dependencies",
    is_flag=True,
    help="Leave out a head that another revision depends on",
)
check_heads = click.option(
    "--check-heads", is_flag=True, help="Fail unless the database is at every head"
)
purge = click.option(
    "--purge", is_flag=True, help="Empty the version table first, whatever it says"
)


def revision(default: str) -> Decorator:
    """Return the argument that names a revision."""
    return click.argument("revision", default=default)


revisions = click.argument("revisions", nargs=-1)
