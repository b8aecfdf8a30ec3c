"""Change SQLite tables without losing anything: by ALTER TABLE, or by building them anew."""

from flask_migrate.execution.sqlite.foreign_keys import ForeignKeysOn, foreign_key_violations
from flask_migrate.execution.sqlite.leftovers import leftovers, remove_leftovers

__all__ = ["ForeignKeysOn", "foreign_key_violations", "leftovers", "remove_leftovers"]
