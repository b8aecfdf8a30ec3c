"""Which models refer to others that there are."""

from collections.abc import Iterable

from sqlalchemy import Table
from sqlalchemy.exc import NoReferenceError

from flask_migrate.values.schema import Name


def with_parents(tables: Iterable[Table]) -> tuple[list[Table], dict[Name, str]]:
    """Return the tables whose foreign keys lead somewhere, and why those of others do not."""
    found, lost = [], {}
    for table in tables:
        try:
            [key.column for key in table.foreign_keys]
        except NoReferenceError as error:
            lost[Name(table.schema or "", table.name)] = str(error)
        else:
            found.append(table)
    return found, lost
