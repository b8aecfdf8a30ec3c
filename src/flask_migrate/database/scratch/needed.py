"""Which other models are made along with some, since those cannot be made without them."""

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Dialect, Table

from flask_migrate.database.scratch.parents import with_parents
from flask_migrate.database.scratch.postgresql_parts import parents_of

if TYPE_CHECKING:
    from flask_migrate.declarations.events import Declared


def needed_by(
    tables: Collection[Table], every: Iterable[Table], *, dialect: Dialect
) -> list[Table]:
    """Return the other tables that some need.

    Args:
        tables: What is to be made.
        every: All models.
        dialect: The server.
    """
    if dialect.name == "postgresql":
        return _parents(tables, every)
    return _targets(tables) if dialect.name in {"mysql", "mariadb"} else []


def mentioned(tables: Iterable[Table], code: "Iterable[Declared]") -> list[Table]:
    """Return the tables that views, functions and triggers may speak of."""
    words = {word for one in code for word in _words(one.text)}
    return [table for table in tables if _words(table.name) <= words]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _parents(tables: Collection[Table], every: Iterable[Table]) -> list[Table]:
    """Return the tables that some inherit from."""
    names = {name for table in tables for name in parents_of(table)}
    return [table for table in every if table.name in names and table not in tables]


def _targets(tables: Collection[Table]) -> list[Table]:
    """Return the tables that some refer to by keys that come by ALTER TABLE.

    MariaDB looks for what such a key refers to.
    """
    found = list(tables)
    for table in found:
        known, _ = with_parents([table])
        late = (key for one in known for key in one.foreign_key_constraints if key.use_alter)
        found += [key.referred_table for key in late if key.referred_table not in found]
    return found[len(tables) :]
