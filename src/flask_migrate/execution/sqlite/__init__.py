"""Change SQLite tables without losing anything: by ALTER TABLE, or by building them anew."""

from flask_migrate.execution.sqlite.foreign_keys import ForeignKeysOn, foreign_key_violations
from flask_migrate.execution.sqlite.leftovers import drop_copies, leftovers, rename_back

__all__ = [
    "ForeignKeysOn",
    "drop_copies",
    "foreign_key_violations",
    "leftovers",
    "rename_back",
]
