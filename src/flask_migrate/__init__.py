"""Database migrations for Flask that never stop: a drop-in for Flask-Migrate."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask_migrate.api import (
    branches,
    check,
    current,
    downgrade,
    edit,
    ensure_version,
    heads,
    history,
    init,
    list_templates,
    merge,
    migrate,
    revision,
    show,
    stamp,
    upgrade,
)
from flask_migrate.errors import MigrateError
from flask_migrate.extension import Migrate

if TYPE_CHECKING:
    from alembic import command
    from alembic.config import Config as AlembicConfig
    from alembic.util import CommandError

    from flask_migrate.cli.catch import catch_errors, log
    from flask_migrate.declarations.objects import Function, Trigger, View
    from flask_migrate.revisions.config import Config, alembic_version

__version__ = "0.1.0"

__all__ = [
    "AlembicConfig",
    "CommandError",
    "Config",
    "Function",
    "Migrate",
    "MigrateError",
    "Trigger",
    "View",
    "alembic_version",
    "branches",
    "catch_errors",
    "check",
    "command",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "history",
    "init",
    "list_templates",
    "log",
    "merge",
    "migrate",
    "revision",
    "show",
    "stamp",
    "upgrade",
]

# Names that need Alembic, or what only models that have views need: imported when asked for.
_LATE = {
    "AlembicConfig": ("alembic.config", "Config"),
    "CommandError": ("alembic.util", "CommandError"),
    "Config": ("flask_migrate.revisions.config", "Config"),
    "Function": ("flask_migrate.declarations.objects", "Function"),
    "Trigger": ("flask_migrate.declarations.objects", "Trigger"),
    "View": ("flask_migrate.declarations.objects", "View"),
    "alembic_version": ("flask_migrate.revisions.config", "alembic_version"),
    "catch_errors": ("flask_migrate.cli.catch", "catch_errors"),
    "command": ("alembic", "command"),
    "log": ("flask_migrate.cli.catch", "log"),
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LATE[name]
    return getattr(import_module(module), attribute)
