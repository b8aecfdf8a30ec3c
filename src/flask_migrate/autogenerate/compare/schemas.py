"""Compare everything that two schemas have."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from flask_migrate.autogenerate.compare.tables import compare_tables
from flask_migrate.autogenerate.compare.users import is_used
from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.values.schema import Domain, EnumType, Name, Snapshot

Part = TypeVar("Part")
Typed = TypeVar("Typed", EnumType, Domain)


def compare_snapshots(before: Snapshot, after: Snapshot) -> Differences:
    """Return what two schemas do not have in common, but for their code.

    Args:
        before: What is there.
        after: What is to be there.
    """
    return Differences(
        schemas=tuple(
            Difference(
                before=one if one in before.schemas else None,
                after=one if one in after.schemas else None,
            )
            for one in sorted(before.schemas ^ after.schemas)
        ),
        tables=tuple(_tables(before, after)),
        enums=tuple(_ours(_named(before.enums, after.enums), before, after)),
        domains=tuple(_ours(_named(before.domains, after.domains), before, after)),
        sequences=tuple(_named(before.sequences, after.sequences)),
    )


def _ours(
    differences: Iterator[Difference[Typed]],
    before: Snapshot,
    after: Snapshot,
) -> Iterator[Difference[Typed]]:
    """Yield differences without what only the database has, and is not the last to use.

    Nobody else says that a type is of the models than the columns.
    """
    for one in differences:
        if one.after is None and one.before is not None:
            name = one.before.name
            if not is_used(name, before) or is_used(name, after):
                continue
        yield one


def _tables(before: Snapshot, after: Snapshot) -> Iterator[TableDifference]:
    for name in sorted(before.tables.keys() | after.tables.keys()):
        old, new = before.tables.get(name), after.tables.get(name)
        if old is None or new is None:
            yield TableDifference(before=old, after=new)
        elif old != new and (difference := compare_tables(old, new)) is not None:
            yield difference


def _named(before: Mapping[Name, Part], after: Mapping[Name, Part]) -> Iterator[Difference[Part]]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield Difference(before=before.get(key), after=after.get(key))
