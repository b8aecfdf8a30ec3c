"""Constraints and indexes that only get another name: which of them keep what they have. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.write.freed import Freed, freed_first
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Constraint, Index, Table

Part = TypeVar("Part", Constraint, Index)


def settle_renames(differences: Differences, server: Server) -> Differences:
    """Return differences that tell of another name only where the server gives one.

    Where it does not, or where the name is not free at that time, one part goes and another
    comes.

    Args:
        differences: What is to be settled.
        server: Knows what it renames.
    """
    freed = set(freed_first(differences, server))
    return replace(
        differences,
        tables=tuple(
            replace(
                table,
                constraints=tuple(_settled(table.constraints, table, server, freed)),
                indexes=tuple(_settled(table.indexes, table, server, freed)),
            )
            for table in differences.tables
        ),
    )


def is_renamed(one: Difference[Part]) -> bool:
    """Return whether nothing but the name differs, and the comment perhaps."""
    if one.before is None or one.after is None or one.before.name == one.after.name:
        return False
    return replace(one.before, name=one.after.name, comment=one.after.comment) == one.after


def without_renames(table: TableDifference) -> TableDifference:
    """Return the difference of a table without what only gets another name."""
    return replace(
        table,
        constraints=tuple(one for one in table.constraints if not is_renamed(one)),
        indexes=tuple(one for one in table.indexes if not is_renamed(one)),
    )


def _settled(
    parts: Iterable[Difference[Part]], table: TableDifference, server: Server, freed: set[Freed]
) -> Iterator[Difference[Part]]:
    for one in parts:
        if not is_renamed(one) or _keeps_all(one, table, server, freed):
            yield one
        else:
            yield Difference(before=one.before, after=None)
            yield Difference(before=None, after=one.after)


def _keeps_all(
    one: Difference[Part], table: TableDifference, server: Server, freed: set[Freed]
) -> bool:
    assert one.before is not None  # noqa: S101  (it is on both sides)
    assert one.after is not None  # noqa: S101  (the same)
    if server.rename(table.name, one.before, one.after) is None:
        return False
    is_taken = one.after.name in _names(table.before)
    is_free = not is_taken and Freed(table.name, one.before) not in freed
    return is_free and not any(_is_about(one.before, name) for name in _columns(table))


def _names(table: Table | None) -> set[str | None]:
    if table is None:
        return set()
    return {one.name for one in table.constraints} | {one.name for one in table.indexes}


def _columns(table: TableDifference) -> Iterator[str]:
    for one in table.columns:
        column = one.before or one.after
        if column is not None:
            yield column.name


def _is_about(part: Constraint | Index, column: str) -> bool:
    return column in part.columns or bool(
        re.search(rf"(?<!\w){re.escape(column)}(?!\w)", part.definition)
    )
