"""Names that one table gives up for another one: the server knows each only once. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_migrate.autogenerate.differences import Differences, TableDifference
from flask_migrate.values.schema import Constraint, Index, Kind, Name


@dataclass(frozen=True, slots=True)
class Freed:
    """What goes before anything else, since another table takes its name.

    Attributes:
        table: The table that has it.
        part: The constraint or the index.
    """

    table: Name
    part: Constraint | Index


def freed(
    differences: Differences, *, kinds: frozenset[Kind], of_indexes: bool
) -> frozenset[Freed]:
    """Return the constraints and indexes that must go before another table gets one of that name.

    Args:
        differences: What is to be settled.
        kinds: The constraints whose names are known once in a schema.
        of_indexes: Whether those of indexes are, too.
    """
    goes, comes = [], set()
    for one in differences.tables:
        goes += [Freed(one.name, part) for part in _parts(one, is_old=True)]
        comes |= {(_key(one.name, part), one.name) for part in _parts(one, is_old=False)}
    return frozenset(
        one
        for one in goes
        if _is_shared(one.part, kinds, of_indexes=of_indexes)
        and any(key == _key(one.table, one.part) and table != one.table for key, table in comes)
    )


def _parts(difference: TableDifference, *, is_old: bool) -> Iterator[Constraint | Index]:
    table = difference.before if is_old else difference.after
    other = difference.after if is_old else difference.before
    if table is None:
        return
    if other is None:
        yield from table.constraints
        yield from table.indexes
        return
    for changes in (difference.constraints, difference.indexes):
        for change in changes:
            part = change.before if is_old else change.after
            if part is not None:
                yield part


def _key(table: Name, part: Constraint | Index) -> tuple[str, str | None]:
    return table.schema, part.name


def _is_shared(part: Constraint | Index, kinds: frozenset[Kind], *, of_indexes: bool) -> bool:
    if part.name is None:
        return False
    return of_indexes if isinstance(part, Index) else part.kind in kinds
