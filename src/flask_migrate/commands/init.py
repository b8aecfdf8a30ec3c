"""Start a migrations directory."""

from flask_migrate._alembic import template_directory
from flask_migrate.commands.workspace import Workspace
from flask_migrate.revisions.templates import copy_template, find_template
from flask_migrate.values.results import InitReport


def init(
    workspace: Workspace,
    *,
    multidb: bool = False,
    template: str | None = None,
    package: bool = False,
) -> InitReport:
    """Start the migrations directory from a template, completely or not at all.

    Args:
        workspace: The application.
        multidb: Whether the template for several databases is taken.
        template: The name of a template, or a path; None for "flask".
        package: Whether the directory, and its `versions`, become Python packages.

    Raises:
        DirectoryNotEmpty: The directory has something in it.
        FileNotWritten: It cannot be written.
        UnknownTemplate: There is no such template.
        InvalidDirectory: The template lacks a file.
    """
    name = template or "flask"
    if multidb and not name.endswith("-multidb"):
        name = f"{name}-multidb"
    source = find_template(name, directory=template_directory(workspace.config))
    created = copy_template(source, workspace.directory, package=package)
    return InitReport(directory=str(created[0]), created=tuple(map(str, created)))
