"""What the servers do by themselves, and cannot tell from what somebody asked for. Pure."""

import re

from flask_migrate.database.snapshots.mysql.places import quote
from flask_migrate.values.schema import Constraint, Index, Kind, Table

_NAMES_OF_CHECKS = r"CONSTRAINT_\d+|{table}_chk_\d+"
_NAMES_OF_KEYS = r"{table}_ibfk_\d+"


def made_by_foreign_keys(table: Table) -> frozenset[str]:
    """Return the names of the indexes that the server may have made for a foreign key.

    It makes one where no other index serves: with the name of the foreign key, or with that of
    its first column if the key was given none.

    Args:
        table: The table of the foreign keys.
    """
    keys = tuple(table.of_kind(Kind.FOREIGN_KEY))
    return frozenset(
        index.name for index in table.indexes if any(_serves_only(index, key) for key in keys)
    )


def named_by_server(part: Constraint | Index, table: Table) -> bool:
    """Return whether a constraint, or a unique index, has a name that a server gives.

    Such names have a number in the order in which things were made: what was made by a script
    can have another one than what was made at once.

    Args:
        part: The constraint or the index.
        table: Its table.
    """
    if isinstance(part, Index):
        return part.is_unique and _is_of_column(part.name, part.columns[0])
    patterns = {Kind.CHECK: _NAMES_OF_CHECKS, Kind.FOREIGN_KEY: _NAMES_OF_KEYS}
    pattern = patterns.get(part.kind, "").format(table=re.escape(table.name.name))
    return re.fullmatch(pattern, part.name or "") is not None


def _serves_only(index: Index, key: Constraint) -> bool:
    is_plain = index.definition == f"({', '.join(map(quote, key.columns))})"
    return is_plain and (index.name == key.name or _is_of_column(index.name, key.columns[0]))


def _is_of_column(index: str, column: str | None) -> bool:
    """Return whether an index has the name that the server makes of its first column."""
    return column is not None and bool(re.fullmatch(rf"{re.escape(column)}(_\d+)?", index))
