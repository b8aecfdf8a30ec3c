"""Foreign keys that are in the way of a change, and when they go and come back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from sqlalchemy.schema import sort_tables_and_constraints

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.freed import Freed
from flask_migrate.autogenerate.write.renamed import without_renames
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Constraint, Kind, Name


@dataclass(frozen=True, slots=True)
class Key:
    """A foreign key and the table that has it."""

    table: Name
    constraint: Constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Tells when foreign keys go and come.

    Attributes:
        differences: What is to be settled.
        before: The side that it comes from.
        after: The side that it gets to.
        server: What is particular to the server.
        freed: What another table needs the name of.
    """

    differences: Differences
    before: Side
    after: Side
    server: Server
    freed: frozenset[Freed] = frozenset()

    def dropped_first(self) -> list[Key]:
        """Return those that go before anything else."""
        if not self.server.alters_keys:
            return list(self._cycles_of_dropped())
        found = [
            Key(table, _as_settled(constraint, self._going(table)))
            for table, constraint in _keys(self.before)
            if self._is_touched(table, constraint)
            and not (self._is_gone(table) and self._is_gone(constraint.target))
        ]
        found += self._of_freed()
        return list(dict.fromkeys([*found, *self._cycles_of_dropped()]))

    def _of_freed(self) -> Iterator[Key]:
        """Yield those that give up their name to another one, or refer to a key that does."""
        freed = self.freed
        keys = {
            (one.table, frozenset(one.part.columns))
            for one in freed
            if isinstance(one.part, Constraint)
        }
        for table, constraint in _keys(self.before):
            target = (constraint.target, frozenset(constraint.target_columns))
            if Freed(table, constraint) in freed or target in keys:
                yield Key(table, constraint)

    def added_last(self) -> list[Key]:
        """Return those that come after everything else, some of them again."""
        if not self.server.alters_keys:
            return _in_order(self._cycles_of_created())
        late = {
            Key(table, _as_settled(constraint, self._coming(table)))
            for table, constraint in _keys(self.after)
            if self._is_touched(table, constraint)
        }
        late |= set(self._cycles_of_created())
        return _in_order(late)

    def _going(self, table: Name) -> Iterator[Constraint]:
        for one in self._constraints(table):
            if one.before is not None and one.after is None:
                yield one.before

    def _coming(self, table: Name) -> Iterator[Constraint]:
        for one in self._constraints(table):
            if one.after is not None and one.before is None:
                yield one.after

    def _constraints(self, table: Name) -> Iterable[Difference[Constraint]]:
        owner = self._difference(table)
        return owner.constraints if owner is not None else ()

    def _is_gone(self, table: Name | None) -> bool:
        return any(one.name == table and one.after is None for one in self.differences.tables)

    def _is_touched(self, table: Name, key: Constraint) -> bool:
        """Return whether the server must not see a key while the tables change."""
        owner, target = self._difference(table), self._difference(key.target)
        if owner is None and target is None:
            return False
        return self.server.is_in_the_way(key, owner, target)

    def _difference(self, name: Name | None) -> TableDifference | None:
        found = next((one for one in self.differences.tables if one.name == name), None)
        return None if found is None else without_renames(found)

    def _cycles_of_created(self) -> Iterator[Key]:
        new = {one.name for one in self.differences.tables if one.before is None}
        return _cyclic(new, self.after)

    def _cycles_of_dropped(self) -> Iterator[Key]:
        old = {one.name for one in self.differences.tables if one.after is None}
        return _cyclic(old, self.before)


def in_order_of_keys(differences: Iterable[TableDifference]) -> list[TableDifference]:
    """Return differences of tables so that a foreign key finds what it refers to.

    Where there is no such order, they stay as they are.
    """
    tables = {one.name: one for one in differences}
    order: TopologicalSorter[Name] = TopologicalSorter(dict.fromkeys(tables, ()))
    for name, table in tables.items():
        for key in table.constraints:
            if key.after and key.after.target in tables and key.after.target != name:
                order.add(name, key.after.target)
            if key.before and key.before.target in tables and key.before.target != name:
                order.add(key.before.target, name)
    try:
        return [tables[name] for name in order.static_order()]
    except CycleError:
        return list(tables.values())


def _as_settled(key: Constraint, settled: Iterable[Constraint]) -> Constraint:
    """Return a key with the name that it has when it goes or comes.

    That of the models may have been taken when it came.

    Args:
        key: The key.
        settled: What goes from, or comes to, its table.
    """
    return next((one for one in settled if replace(one, name=key.name) == key), key)


def _in_order(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=lambda one: (one.table, one.constraint.name or ""))


def _keys(side: Side) -> Iterator[tuple[Name, Constraint]]:
    for name, table in sorted(side.snapshot.tables.items()):
        yield from ((name, key) for key in table.of_kind(Kind.FOREIGN_KEY))


def _cyclic(names: set[Name], side: Side) -> Iterator[Key]:
    """Yield the keys between some tables that no order of them can satisfy."""
    tables = [side.tables[name] for name in sorted(names)]
    ordered = list(sort_tables_and_constraints(tables))  # type: ignore[no-untyped-call]
    late = [key for table, keys in ordered if table is None for key in keys]
    for name in sorted(names):
        for key in side.snapshot.tables[name].of_kind(Kind.FOREIGN_KEY):
            if any(side.constraint(name, key) is one for one in late):
                yield Key(name, key)
