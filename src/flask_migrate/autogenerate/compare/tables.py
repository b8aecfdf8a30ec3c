"""Compare two tables part by part."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from flask_migrate.autogenerate.differences import Difference, TableDifference
from flask_migrate.values.schema import Column, Constraint, Index, Kind, Table

_CUT = "partition_by"
_PARTITIONS = "partitions"
Part = TypeVar("Part", Constraint, Index)


def compare_tables(before: Table, after: Table) -> TableDifference | None:
    """Return what two tables of one name do not have in common, or None.

    The order of columns is left alone: few servers can change it, and no statement
    should depend on it.

    Args:
        before: The table as it is.
        after: The table as it is to be.
    """
    before, after = _with_parts_left_alone(before, after)
    difference = TableDifference(
        before=before,
        after=after,
        columns=tuple(_columns(before, after)),
        constraints=tuple(
            _matched(before.constraints, after.constraints, _of_constraint, _place_of_constraint)
        ),
        indexes=tuple(_matched(before.indexes, after.indexes, _of_index, _place_of_index)),
    )
    is_same = before.comment == after.comment and before.options == after.options
    has_parts = difference.columns or difference.constraints or difference.indexes
    return None if is_same and not has_parts else difference


def _with_parts_left_alone(before: Table, after: Table) -> tuple[Table, Table]:
    """Return tables that do not differ in what somebody else cuts them into.

    Partitions come and go while a table is used, and models tell at most how it is cut.
    """
    old, new = dict(before.options), dict(after.options)
    for options in (old, new):
        options.pop(_PARTITIONS, None)
    if _CUT not in new:
        old.pop(_CUT, None)
    return (
        replace(before, options=tuple(sorted(old.items()))),
        replace(after, options=tuple(sorted(new.items()))),
    )


def _columns(before: Table, after: Table) -> Iterator[Difference[Column]]:
    # A column that only one side inherits stays when the table gets or loses its parent.
    inherited = {*before.inherited, *after.inherited}
    old = {one.name: one for one in before.columns if one.name not in inherited}
    new = {one.name: one for one in after.columns if one.name not in inherited}
    for name in [*new, *(name for name in old if name not in new)]:
        if old.get(name) != new.get(name):
            yield Difference(before=old.get(name), after=new.get(name))


def _matched(
    before: Sequence[Part],
    after: Sequence[Part],
    content: Callable[[Part], Hashable],
    place: Callable[[Part], Hashable],
) -> Iterator[Difference[Part]]:
    """Yield what differs, each old part with the new one that takes its place, if one does.

    What only has another name is paired first, then what has the same name.
    """
    old = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    for alike in (content, place):
        waiting = {alike(one): one for one in reversed(new)}
        for one in list(old):
            partner = waiting.pop(alike(one), None)
            if partner is not None:
                old.remove(one)
                new.remove(partner)
                yield Difference(before=one, after=partner)
    yield from (Difference(before=one, after=None) for one in old)
    yield from (Difference(before=None, after=one) for one in new)


def _of_constraint(one: Constraint) -> Hashable:
    return replace(one, name=None, comment=None)


def _of_index(one: Index) -> Hashable:
    return replace(one, name="", comment=None)


def _place_of_constraint(one: Constraint) -> Hashable:
    if one.kind is Kind.PRIMARY_KEY:
        return Kind.PRIMARY_KEY
    return one if one.name is None else (one.kind, one.name)


def _place_of_index(one: Index) -> Hashable:
    return one.name
