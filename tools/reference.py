"""Directives of the documentation that read the code: `command` and `error-class`.

A Sphinx extension: what the pages say of options and errors is what the code says.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click
from sphinx.util.docutils import SphinxDirective

from flask_migrate import errors
from flask_migrate.cli import db
from flask_migrate.values import locks, patience, results

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_NAMES = {
    **vars(results),
    **vars(locks),
    **vars(patience),
    **vars(errors),
    "Path": Path,
    "datetime": datetime,
    "UTC": UTC,
}


class CommandDirective(SphinxDirective):
    """Usage and options of a command: its name is the argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what ``--help`` says, as a table."""
        return self.parse_text_to_nodes(describe_command(self.arguments[0]))


class ErrorDirective(SphinxDirective):
    """What an error means: its class is the argument, an example of it the content."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the docstring, and the example as the command line shows it."""
        text = describe_error(self.arguments[0], "\n".join(self.content))
        return self.parse_text_to_nodes(text)


def describe_command(name: str) -> str:
    """Return usage, arguments and options of a command in Markdown.

    Args:
        name: Its name; "db" for the group itself.
    """
    above = click.Context(click.Group("flask"), info_name="flask")
    group = click.Context(db, info_name="db", parent=above)
    command = db if name == "db" else db.get_command(group, name)
    if command is None:
        message = f"There is no command {name!r}."
        raise ValueError(message)
    context = group if name == "db" else click.Context(command, info_name=name, parent=group)
    usage = command.get_usage(context).removeprefix("Usage: ")
    rows = [record for option in command.params if (record := option.get_help_record(context))]
    table = "".join(f"| `{flags}` | {_escaped(text)} |\n" for flags, text in rows)
    head = "| option | |\n| --- | --- |\n"
    return f"```text\n{usage}\n```\n\n{_escaped(str(command.help))}\n\n{head}{table}"


def describe_error(name: str, example: str) -> str:
    """Return what an error means in Markdown.

    Args:
        name: Its class.
        example: A Python expression that makes one; empty for none.
    """
    error = getattr(errors, name)
    meaning = str(error.__doc__).partition("\n")[0]
    base = error.__bases__[0].__name__
    kind = f"`{name}`" if base == "Exception" else f"`{name}`, a `{base}`"
    if not example:
        return f"{meaning} ({kind})\n"
    made = eval(example, _NAMES)  # noqa: S307  (our own pages are not hostile)
    assert type(made) is error, f"{example} makes no {name}"  # noqa: S101  (found by a build)
    return f"{meaning} ({kind})\n\n```text\nError: {made}\n```\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("command", CommandDirective)
    app.add_directive("error-class", ErrorDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _escaped(text: str) -> str:
    return re.sub(r"([|<*_])", r"\\\1", text)
