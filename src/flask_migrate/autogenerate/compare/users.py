"""Which columns use a type or a sequence. Pure."""

from collections.abc import Iterator
from itertools import product

from flask_migrate.values.schema import Column, Name, Snapshot, Table

_ARRAY = "[]"


def users_of(name: Name, snapshot: Snapshot) -> Iterator[tuple[Table, Column]]:
    """Yield the columns that have a type, or an array of it.

    Args:
        name: The type.
        snapshot: Where to look.
    """
    written = _written(name)
    for _, table in sorted(snapshot.tables.items()):
        for column in table.columns:
            if column.type.removesuffix(_ARRAY) in written:
                yield table, column


def is_of(type_: str, name: Name) -> bool:
    """Return whether the server writes a type, or an array of it, like this."""
    return type_.removesuffix(_ARRAY) in _written(name)


def is_used(name: Name, snapshot: Snapshot) -> bool:
    """Return whether a column has a type."""
    return next(users_of(name, snapshot), None) is not None


def counts(sequence: Name, snapshot: Snapshot) -> bool:
    """Return whether the default of a column takes its values from a sequence."""
    calls = [f"nextval('{one}'" for one in _written(sequence)]
    calls.append(f"nextval({_in_backticks(sequence)})")
    return any(
        call in (column.default or "")
        for table in snapshot.tables.values()
        for column in table.columns
        for call in calls
    )


def mentions(text: str, name: Name) -> bool:
    """Return whether an expression of the server names a type."""
    return any(f"::{one}" in text for one in _written(name))


def _in_backticks(name: Name) -> str:
    """Return a name as MariaDB writes it."""
    parts = [one.replace("`", "``") for one in (name.schema, name.name) if one]
    return ".".join(f"`{one}`" for one in parts)


def _written(name: Name) -> set[str]:
    """Return how the server may write a name: it knows when quotes are needed."""
    parts = [one for one in (name.schema, name.name) if one]
    forms = [(one, '"' + one.replace('"', '""') + '"') for one in parts]
    return {".".join(one) for one in product(*forms)}
