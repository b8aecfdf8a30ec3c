"""What changes in one table of MariaDB or MySQL."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from alembic.operations import ops

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import CreateCheck, CreateIndex, FillNulls, RunSQL
from flask_migrate.autogenerate.write.keys import Key
from flask_migrate.autogenerate.write.mysql.options import option_clauses, recoded
from flask_migrate.autogenerate.write.mysql.server import serves
from flask_migrate.autogenerate.write.mysql.words import alter, definition, index_definition
from flask_migrate.autogenerate.write.parts import add_index, drop_index
from flask_migrate.autogenerate.write.remarks import labels_refuse, values_lost
from flask_migrate.autogenerate.write.tables import TableWriter
from flask_migrate.database.models.mysql_types import texts_of
from flask_migrate.database.snapshots.mysql import made_by_foreign_keys
from flask_migrate.database.snapshots.mysql.places import quote
from flask_migrate.values.schema import Column, Constraint, Index, Kind, Table


class MySQLTable(TableWriter):
    """Writes what changes in one table."""

    __slots__ = ()

    def parts(self) -> Iterator[Any]:
        """Yield the operations as the server takes them.

        An index must be there before the foreign key that uses it, or the server makes one.
        """
        within = self._columns_of_numbered_key() | recoded(self.difference)
        rest = self._without(within)
        yield from rest.drop_constraints()
        replaced, exchanged = self._replaced_by_key(), self._exchanged()
        for one in self.difference.indexes:
            if one.before is not None and one.before not in (*replaced, *exchanged):
                yield drop_index(one.before, self.difference.name, self.before)
        yield from self._fills(within)
        if self._is_numbered_key():
            # They may be computed of a column that goes with the key.
            first = self._computed_that_go() | self._that_join_the_key()
            yield from self._without(self._names() - first).change_columns()
            yield self._change_key()
            rest = self._without(within | first)
        yield from rest.change_columns()
        added = list(rest.add_constraints())
        self._remark(added)
        if replaced and not self._is_numbered_key():
            added = [one for one in added if not isinstance(one, ops.CreatePrimaryKeyOp)]
            yield self._exchange_for_key()
        yield from (one for one in added if not isinstance(one, ops.CreateForeignKeyOp))
        yield from self._add_indexes(exchanged)
        yield from (one for one in added if isinstance(one, ops.CreateForeignKeyOp))
        yield from self._rename_indexes()
        yield from self.change_comment()
        for clauses in option_clauses(self.difference):
            yield alter(self.difference.name, clauses)

    def _names(self) -> frozenset[str]:
        return frozenset(map(_name, self.difference.columns))

    def _computed_that_go(self) -> frozenset[str]:
        return frozenset(
            one.before.name
            for one in self.difference.columns
            if one.before is not None and one.before.computed and one.after is None
        )

    def _without(self, columns: frozenset[str]) -> TableWriter:
        """Return a writer of what is no part of one statement with others."""
        difference, is_written = self.difference, self._is_numbered_key()
        return replace(
            self,
            difference=replace(
                difference,
                columns=tuple(
                    one
                    for one in sorted(difference.columns, key=_turn)
                    if _name(one) not in columns
                ),
                constraints=tuple(
                    one for one in difference.constraints if not (is_written and _primary(one))
                ),
            ),
        )

    # ------------------------------------------------------------ keys that are numbered

    def _is_numbered_key(self) -> bool:
        """Return whether the primary key changes, and has or had an AUTO_INCREMENT.

        That must be a key at any time: all of it is one statement.
        """
        before, after = self.difference.before, self.difference.after
        changes = any(_primary(one) for one in self.difference.constraints)
        return changes and bool(_numbered(before) | _numbered(after))

    def _columns_of_numbered_key(self) -> frozenset[str]:
        if not self._is_numbered_key():
            return frozenset()
        before, after = self.difference.before, self.difference.after
        return _keyed(before) & _keyed(after) | _numbered(before) | _numbered(after)

    def _that_join_the_key(self) -> frozenset[str]:
        """Return the columns that are written before they get into the key.

        Those that are no longer in it are written after that: either needs more than one clause.
        """
        return _keyed(self.difference.after) - self._columns_of_numbered_key()

    def _change_key(self) -> RunSQL:
        (key,) = (one for one in self.difference.constraints if _primary(one))
        within = self._columns_of_numbered_key()
        clauses = ["DROP PRIMARY KEY"] if key.before is not None else []
        clauses += map(_drop, self._replaced_by_key())
        gone = []
        for one in self.difference.columns:
            name = _name(one)
            if name in within and one.after is None:
                gone.append(name)
                clauses.append(f"DROP COLUMN {quote(name)}")
            elif name in within and one.after is not None:
                verb = "ADD" if one.before is None else "MODIFY"
                clauses.append(f"{verb} COLUMN {definition(one.after)}")
        if key.after is not None:
            clauses.append(f"ADD {key.after.definition}")
        statement = alter(self.difference.name, clauses)
        if gone:
            statement.remark = values_lost(self.difference.name, gone[0])
        return statement

    def _fills(self, within: frozenset[str]) -> Iterator[FillNulls]:
        for one in self.difference.columns:
            if _name(one) in within and one.before is not None and one.after is not None:
                yield from (
                    operation
                    for operation in self.columns.write(one)
                    if isinstance(operation, FillNulls)
                )

    def _remark(self, operations: list[Any]) -> None:
        """Let a CHECK say which texts it refuses that the one before it took."""
        for one in self.difference.constraints:
            if one.before is None or one.after is None or one.after.kind is not Kind.CHECK:
                continue
            taken = texts_of(one.after.definition)
            gone = [text for text in texts_of(one.before.definition) if text not in taken]
            for operation in operations if gone else ():
                if (
                    isinstance(operation, CreateCheck)
                    and str(operation.constraint_name) == one.after.name
                ):
                    operation.remark = labels_refuse(self.difference.name, gone)

    # ------------------------------------------------------------ indexes

    def _exchanged(self) -> tuple[Index, ...]:
        """Return the indexes that a foreign key always needs: one goes when another comes."""
        replaced = self._replaced_by_key()
        needed = tuple(
            one for one in self._gone_that_serve(self._keys_that_stay()) if one not in replaced
        )
        return needed if self._in_exchange(needed) else ()

    def _replaced_by_key(self) -> tuple[Index, ...]:
        """Return the indexes that foreign keys need until there is the new primary key.

        The server itself drops those that it has made, as soon as another one serves: one goes
        in the same statement in which the other comes.
        """
        new = list(self._new_keys())
        served = (
            key for key in self._keys_that_stay() if any(serves(primary, key) for primary in new)
        )
        return tuple(self._gone_that_serve(served))

    def _new_keys(self) -> Iterator[Constraint]:
        for one in self.difference.constraints:
            if one.after is not None and _primary(one):
                yield one.after

    def _gone_that_serve(self, keys: Iterable[Constraint]) -> Iterator[Index]:
        served = list(keys)
        for one in self.difference.indexes:
            if one.before is not None and any(serves(one.before, key) for key in served):
                yield one.before

    def _exchange_for_key(self) -> RunSQL:
        drops = map(_drop, self._replaced_by_key())
        adds = (f"ADD {key.definition}" for key in self._new_keys())
        return alter(self.difference.name, [*drops, *adds])

    def _in_exchange(self, needed: tuple[Index, ...]) -> tuple[Index, ...]:
        keys = list(self._keys_that_stay())
        names = {one.name for one in needed}
        come = [one.after for one in self.difference.indexes if one.after is not None]
        return tuple(
            one for one in come if one.name in names or any(serves(one, key) for key in keys)
        )

    def _keys_that_stay(self) -> Iterator[Constraint]:
        before = self.difference.before
        changed = [one.before for one in self.difference.constraints]
        for key in before.of_kind(Kind.FOREIGN_KEY) if before is not None else ():
            if key not in changed and Key(self.difference.name, key) not in self.first:
                yield key

    def _add_indexes(self, exchanged: tuple[Index, ...]) -> Iterator[Any]:
        come = [one.after for one in self.difference.indexes if one.after is not None]
        exchange = self._in_exchange(exchanged) if exchanged else ()
        for one in come:
            if one not in exchange and not self._comes_with_key(one):
                yield from self._add_index(one)
        if exchanged:
            drops = map(_drop, exchanged)
            adds = [f"ADD {index_definition(one)}" for one in exchange]
            yield alter(self.difference.name, [*drops, *adds])

    def _add_index(self, index: Index) -> Iterator[Any]:
        name = self.difference.name
        if self.after.index(name, index) is not None:
            yield from add_index(index, name, self.after)
        else:
            columns = [str(one) for one in index.columns]
            yield CreateIndex(index.name, name.name, columns, schema=name.schema or None)

    def _rename_indexes(self) -> Iterator[RunSQL]:
        """Yield what calls an index after the foreign key that stays, not after one that goes.

        The other way round the server does it by itself. An index that somebody has named is
        renamed by itself as well.
        """
        before, after = self.difference.before, self.difference.after
        assert before is not None  # noqa: S101  (it is on both sides)
        assert after is not None  # noqa: S101  (the same)
        changed = [one.before for one in self.difference.indexes]
        gone = {one.before.name for one in self.difference.constraints if one.before}
        come = {one.after.columns for one in self.difference.constraints if one.after}
        taken = {one.name for one in before.indexes}
        unnamed = made_by_foreign_keys(after)
        unasked = made_by_foreign_keys(before) & gone - {one.name for one in after.indexes}
        for index in before.indexes:
            if index.name not in unasked or index in changed or index.columns in come:
                continue
            new = next((one for one in after.indexes if replace(index, name=one.name) == one), None)
            if new is not None and new.name in unnamed and new.name not in taken:
                rename = f"RENAME INDEX {quote(index.name)} TO {quote(new.name)}"
                yield alter(self.difference.name, [rename])

    def _comes_with_key(self, index: Index) -> bool:
        """Return whether the server makes an index for a foreign key that comes."""
        if self.after.index(self.difference.name, index) is not None:
            return False
        keys = [one.after for one in self.difference.constraints if one.after is not None]
        keys += [one.constraint for one in self.last if one.table == self.difference.name]
        return any(one.name == index.name and one.columns == index.columns for one in keys)


def _turn(one: Difference[Column]) -> int:
    """Return when a column has its turn: what it is computed from must be there."""
    is_computed = one.after is not None and one.after.computed is not None
    if one.before is not None and one.before.computed is not None and not is_computed:
        return 0
    if one.after is None:
        return 3
    return 2 if is_computed else 1


def _drop(index: Index) -> str:
    return f"DROP INDEX {quote(index.name)}"


def _primary(one: Difference[Constraint]) -> bool:
    constraint = one.before or one.after
    return constraint is not None and constraint.kind is Kind.PRIMARY_KEY


def _name(one: Difference[Column]) -> str:
    column = one.before or one.after
    assert column is not None  # noqa: S101  (it is on one side)
    return column.name


def _keyed(table: Table | None) -> frozenset[str]:
    keys = table.of_kind(Kind.PRIMARY_KEY) if table is not None else ()
    return frozenset(name for key in keys for name in key.columns)


def _numbered(table: Table | None) -> frozenset[str]:
    columns = table.columns if table is not None else ()
    return frozenset(one.name for one in columns if one.is_numbered)
