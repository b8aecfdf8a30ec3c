"""What must go and come back because something else changes: PostgreSQL keeps it from changing.

Pure: differences in, more differences out. A part that is the same before and after goes and
comes back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flask_migrate.autogenerate.compare.users import is_of, mentions, users_of
from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.values.schema import (
    Column,
    Constraint,
    Domain,
    Index,
    Name,
    Snapshot,
    Table,
)

OLD = "__old"
"""What is put behind the name of a type while another one takes its place."""


def with_involved(differences: Differences, before: Snapshot, after: Snapshot) -> Differences:
    """Return differences, and what else they make necessary.

    Args:
        differences: What is to be settled.
        before: What there is.
        after: What there is to be.
    """
    differences = replace(differences, domains=_with_domains(differences, before, after))
    replaced = frozenset(replaced_types(differences))
    tables = {one.name: one for one in differences.tables}
    for name in replaced:
        for table, _ in users_of(name, before):
            new = after.tables.get(table.name)
            if new is not None:
                known = TableDifference(before=before.tables[table.name], after=new)
                tables.setdefault(table.name, known)
    return replace(
        differences,
        tables=tuple(_Involved(tables[name], replaced).difference() for name in sorted(tables)),
    )


def _with_domains(
    differences: Differences, before: Snapshot, after: Snapshot
) -> tuple[Difference[Domain], ...]:
    """Return what happens to domains: one over a type that another takes the place of goes too."""
    found = {one.before.name: one for one in differences.domains if one.before}
    others = [one for one in differences.domains if one.before is None]
    waiting = list(replaced_types(differences))
    while waiting:
        name = waiting.pop()
        for domain in before.domains.values():
            new = after.domains.get(domain.name)
            if new is None or not is_of(domain.type, name):
                continue
            if domain.name not in replaced_types(
                replace(differences, domains=tuple(found.values()))
            ):
                waiting.append(domain.name)
            old = replace(domain, type=domain.type.replace(name.name, name.name + OLD, 1))
            found[domain.name] = Difference(before=old, after=new)
    return (*(found[name] for name in sorted(found)), *others)


def replaced_types(differences: Differences) -> Iterator[Name]:
    """Yield the types that another one takes the place of, since they cannot change."""
    for enum in differences.enums:
        if enum.before and enum.after and not can_grow(enum.before.labels, enum.after.labels):
            yield enum.after.name
    for domain in differences.domains:
        if domain.before and domain.after and not can_alter(domain.before, domain.after):
            yield domain.after.name


def can_grow(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Return whether values only come: they cannot go or move.

    >>> can_grow(("low", "high"), ("low", "mid", "high"))
    True
    >>> can_grow(("low", "high"), ("high", "low"))
    False
    """
    return [one for one in after if one in before] == list(before)


def can_alter(before: Domain, after: Domain) -> bool:
    """Return whether a domain keeps its type."""
    return (before.type, before.collation) == (after.type, after.collation)


def is_converted(difference: Difference[Column]) -> bool:
    """Return whether the values of a column become those of another type."""
    before, after = difference.before, difference.after
    if before is None or after is None:
        return False
    return (before.type, before.collation) != (after.type, after.collation)


def is_made_anew(before: Column, after: Column) -> bool:
    """Return whether a column must go and come again; an expression can only go."""
    if after.computed is None:
        return False
    return before.computed != after.computed or before == after


@dataclass(frozen=True, slots=True)
class _Involved:
    """A difference of a table, and the types that others take the place of."""

    given: TableDifference
    replaced: frozenset[Name]

    def difference(self) -> TableDifference:
        """Return the difference with what it makes necessary."""
        before, after = self.given.before, self.given.after
        if before is None or after is None:
            return self.given
        columns = self._with_computed(self._with_replaced(before, after), before, after)
        anew = {
            one.before.name
            for one in columns
            if one.before and one.after and is_made_anew(one.before, one.after)
        }
        return replace(
            self.given,
            columns=tuple(columns),
            constraints=self._parts(self.given.constraints, before.constraints, anew),
            indexes=self._parts(self.given.indexes, before.indexes, anew),
        )

    def _with_replaced(self, before: Table, after: Table) -> list[Difference[Column]]:
        found = {_name(one): one for one in self.given.columns}
        for column in before.columns:
            new, name = after.column(column.name), self._replaced(column)
            if new is not None and name is not None and column.name not in before.inherited:
                old = replace(column, type=column.type.replace(name.name, name.name + OLD, 1))
                found[column.name] = Difference(before=old, after=new)
        return list(found.values())

    def _replaced(self, column: Column) -> Name | None:
        one = Snapshot(
            schemas=frozenset(), tables={Name("", ""): Table(name=Name("", ""), columns=(column,))}
        )
        return next((name for name in self.replaced if list(users_of(name, one))), None)

    @staticmethod
    def _with_computed(
        columns: list[Difference[Column]], before: Table, after: Table
    ) -> list[Difference[Column]]:
        """Add the columns that are computed from those that get another type, or go."""
        known = {_name(one) for one in columns}
        moved = {
            _name(one) for one in columns if one.before and (one.after is None or is_converted(one))
        }
        more = []
        for column in before.columns:
            new = after.column(column.name)
            if column.computed is None or new is None or column.name in known:
                continue
            if any(_is_in(name, column.computed.expression) for name in moved):
                more.append(Difference(before=column, after=new))
        return [*columns, *more]

    def _parts(self, given: tuple, there: Iterable, anew: set[str]) -> tuple:  # type: ignore[type-arg]  # (of constraints or of indexes)
        known = [one.before for one in given]
        more = (
            Difference(before=part, after=part)
            for part in there
            if part not in known and self._is_involved(part, anew)
        )
        return (*given, *more)

    def _is_involved(self, part: Constraint | Index, anew: set[str]) -> bool:
        return any(mentions(part.definition, name) for name in self.replaced) or any(
            name in part.columns or _is_in(name, part.definition) for name in anew
        )


def _is_in(name: str, expression: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", expression) is not None


def _name(difference: Difference[Column]) -> str:
    column = difference.before or difference.after
    assert column is not None  # noqa: S101  (it is on one side)
    return column.name
