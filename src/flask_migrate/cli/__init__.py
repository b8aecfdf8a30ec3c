"""The command group ``flask db``: parse, call one verb, show the result."""

from flask_migrate.cli.group import db

__all__ = ["db"]
