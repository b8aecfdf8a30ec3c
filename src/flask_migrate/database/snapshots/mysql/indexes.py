"""The primary key of a table, and its indexes."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from flask_migrate.database.snapshots.mysql.flavours import Flavour
from flask_migrate.database.snapshots.mysql.places import quote
from flask_migrate.values.schema import Constraint, Index, Kind

PRIMARY = "PRIMARY"
_ORDINARY = frozenset({"BTREE", "HASH", "RTREE"})


def primary_key(rows: Iterable[Row[Any]], flavour: Flavour) -> Iterator[Constraint]:
    """Yield the primary key of a table, if it has one.

    Args:
        rows: What information_schema says of its indexes.
        flavour: How the server says it.
    """
    for name, parts in _by_index(rows):
        if name == PRIMARY:
            yield Constraint(
                kind=Kind.PRIMARY_KEY,
                name=PRIMARY,
                columns=tuple(part.column_name for part in parts),
                definition=f"PRIMARY KEY {_definition(parts, flavour)}",
                comment=parts[0].index_comment or None,
            )


def indexes(rows: Iterable[Row[Any]], flavour: Flavour) -> Iterator[Index]:
    """Yield the other indexes of a table, by name.

    Args:
        rows: What information_schema says of them.
        flavour: How the server says it.
    """
    for name, parts in _by_index(rows):
        if name != PRIMARY:
            yield Index(
                name=name,
                is_unique=not parts[0].non_unique,
                columns=tuple(part.column_name for part in parts),
                definition=_kind(parts[0]) + _definition(parts, flavour),
                comment=parts[0].index_comment or None,
            )


def _by_index(rows: Iterable[Row[Any]]) -> Iterator[tuple[str, list[Row[Any]]]]:
    ordered = sorted(rows, key=lambda row: (row.index_name, row.seq_in_index))
    for name, parts in groupby(ordered, key=lambda row: row.index_name):
        yield name, list(parts)


def _kind(row: Row[Any]) -> str:
    if row.index_type not in _ORDINARY:
        return f"{row.index_type} "
    return "" if row.non_unique else "UNIQUE "


def _definition(parts: Sequence[Row[Any]], flavour: Flavour) -> str:
    columns = ", ".join(_part(part, flavour) for part in parts)
    using = " USING HASH" if parts[0].index_type == "HASH" else ""
    hidden = " IGNORED" if parts[0].is_hidden else ""
    return f"({columns}){using}{hidden}"


def _part(row: Row[Any], flavour: Flavour) -> str:
    order = " DESC" if row.direction == "D" else ""
    if row.column_name is None:
        return f"({flavour.formula(row.expression)}){order}"
    has_length = row.sub_part is not None and row.index_type in _ORDINARY
    return quote(row.column_name) + (f"({row.sub_part})" if has_length else "") + order
