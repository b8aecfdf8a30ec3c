"""Models in parts that can be made one after the other. Pure."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, Table, UniqueConstraint

from flask_migrate.values.schema import Name

_Columns = tuple[Column[Any], ...]


def parts(tables: Sequence[Table], *, size: int) -> Iterator[list[Table]]:
    """Yield tables in parts of a size, but all that inherit from each other in the first.

    There is always one part: models without tables may have sequences.
    """
    parents = {name for table in tables for name in parents_of(table)}
    kin = [table for table in tables if parents_of(table) or table.name in parents]
    others = [table for table in tables if not (parents_of(table) or table.name in parents)]
    yield kin + others[:size]
    yield from (others[start : start + size] for start in range(size, len(others), size))


def parents_of(table: Table) -> tuple[str, ...]:
    """Return the names of the tables that a table inherits from."""
    given = table.dialect_options["postgresql"]["inherits"] or ()
    return (given,) if isinstance(given, str) else tuple(given)


def name_of(table: Table) -> Name:
    """Return the name of a table of models."""
    return Name(table.schema or "", table.name)


def outlines(tables: Collection[Table]) -> list[Table]:
    """Return as much of other tables as the foreign keys of some tables need."""
    there = {name_of(table) for table in tables}
    targets: dict[Name, dict[_Columns, None]] = defaultdict(dict)
    for table in tables:
        for key in table.foreign_key_constraints:
            if name_of(key.referred_table) not in there:
                columns = tuple(element.column for element in key.elements)
                targets[name_of(key.referred_table)][columns] = None
    return [_outline(name, keys) for name, keys in targets.items()]


def _outline(name: Name, keys: Collection[_Columns]) -> Table:
    types = {column.name: column.type for key in keys for column in key}
    return Table(
        name.name,
        MetaData(),
        *(Column(column, type_.copy()) for column, type_ in types.items()),
        # The name of its index must be no other's.
        *(UniqueConstraint(*(one.name for one in key), name=_random_name()) for key in keys),
        schema=name.schema or None,
    )


def _random_name() -> str:
    return f"godwit_{secrets.token_hex(8)}"
