"""All operations that take a schema from one side to the other, in an order that works."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.schema import sort_tables_and_constraints

from flask_migrate._sqlalchemy import copied, is_of_type
from flask_migrate.autogenerate.differences import Differences, TableDifference
from flask_migrate.autogenerate.operations import CreateTable, DropIndex, DropTable
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.code import CodeWriter
from flask_migrate.autogenerate.write.freed import Freed, freed_first
from flask_migrate.autogenerate.write.keys import Key, Keys, in_order_of_keys
from flask_migrate.autogenerate.write.parts import (
    add_index,
    drop_constraint,
    drop_index,
    own_indexes,
)
from flask_migrate.autogenerate.write.remarks import rows_lost, table_looks_renamed
from flask_migrate.autogenerate.write.renamed import settle_renames
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.tables import TableWriter
from flask_migrate.values.schema import Constraint, Kind, Name, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Writes the operations of one direction.

    Attributes:
        differences: What is to be settled.
        before: The side that it comes from.
        after: The side that it gets to.
        server: What is particular to the server.
        writer: What writes the changes of a table.
    """

    differences: Differences
    before: Side
    after: Side
    server: Server
    writer: type[TableWriter] = TableWriter

    def reversed(self) -> "Script":
        """Return what writes the way back."""
        return replace(
            self, differences=self.differences.reversed(), before=self.after, after=self.before
        )

    def write(self) -> Iterator[Any]:
        """Yield the operations, those of one table together where that works.

        Foreign keys that are in the way of something go first and come back last: the
        server refuses to change what they refer to.
        """
        prepared = self.server.prepared(self.differences, self.before.snapshot, self.after.snapshot)
        settled = settle_renames(prepared, self.server)
        yield from replace(self, differences=settled).operations()

    def operations(self) -> Iterator[Any]:
        """Yield the operations for differences that have all that they make necessary."""
        freed = freed_first(self.differences, self.server)
        keys = Keys(
            differences=self.differences,
            before=self.before,
            after=self.after,
            server=self.server,
            freed=frozenset(freed),
        )
        code = CodeWriter(
            differences=self.differences, before=self.before, after=self.after, server=self.server
        )
        yield from code.first()
        yield from self.server.first(self.differences, self.before, self.after)
        yield from code.early()
        first, last = keys.dropped_first(), keys.added_last()
        yield from _grouped(drop_constraint(one.constraint, one.table) for one in first)
        yield from _grouped(
            self._free(one)
            for one in freed
            if not isinstance(one.part, Constraint) or Key(one.table, one.part) not in first
        )
        yield from self._create_tables(last)
        in_the_way = self._in_the_way()
        yield from self._drop_tables(in_the_way, freed)
        for difference in self._changed():
            writer = self.writer(
                difference=difference,
                before=self.before,
                after=self.after,
                server=self.server,
                first=frozenset([*first, *freed]),
                last=frozenset(last),
            )
            yield from _grouped(writer.write())
        yield from _grouped(
            operation
            for one in last
            for operation in self.server.add_constraint(one.constraint, one.table, self.after)
        )
        gone = {one.name for one in self.differences.tables if one.after is None}
        yield from self._drop_tables(gone - in_the_way, freed)
        yield from code.late()
        yield from self.server.last(self.differences, self.before, self.after)
        yield from code.last()

    def _changed(self) -> Iterator[TableDifference]:
        changed = (one for one in self.differences.tables if one.before and one.after)
        return changed if self.server.alters_keys else iter(in_order_of_keys(changed))

    def _create_tables(self, last: list[Key]) -> Iterator[Any]:
        new = [one.name for one in self.differences.tables if one.before is None]
        for table, _ in _sorted([self.after.tables[name] for name in new]):
            name = Name(table.schema or "", table.name)
            yield self._create_table(name, last)
            yield from self.server.after_creation(self.after.snapshot.tables[name], self.after)
            yield from _grouped(
                operation
                for index in own_indexes(self.after.snapshot.tables[name], self.after)
                for operation in add_index(index, name, self.after, is_new=True)
            )

    def _create_table(self, name: Name, last: list[Key]) -> ops.CreateTableOp:
        table = self.after.tables[name]
        left_out = [
            self.after.constraint(name, one)
            for one in self.after.snapshot.tables[name].constraints
            if Key(name, one) in last or not self.server.comes_with_table(name, one, self.after)
        ]
        if any(one is None for one in left_out):
            left_out += self._unclear_checks(name)
        has_key = not any(isinstance(one, sa.PrimaryKeyConstraint) for one in left_out)
        remark = self.server.lacks(self.after.snapshot.tables[name])
        made = ops.CreateTableOp if remark is None else CreateTable
        operation = made.from_table(table)
        if isinstance(operation, CreateTable):
            operation.remark = remark
        operation.columns = [
            self._part_of_table(one, has_key=has_key)
            for one in operation.columns
            if not any(one is late for late in left_out)
        ]
        return operation

    def _unclear_checks(self, name: Name) -> list[sa.Constraint | None]:
        """Return CHECKs of which nobody knows what the server calls them: they come later."""
        known = [
            self.after.constraint(name, one)
            for one in self.after.snapshot.tables[name].of_kind(Kind.CHECK)
        ]
        return [
            one
            for one in self.after.tables[name].constraints
            if isinstance(one, sa.CheckConstraint)
            and not is_of_type(one)
            and not any(one is other for other in known)
        ]

    def _part_of_table(self, part: Any, *, has_key: bool) -> Any:
        if not isinstance(part, sa.Column):
            return part
        if part.primary_key and not has_key:
            part = copied(part)
            part.primary_key = False
        elif _loses_a_default(part):
            # The script does not have that default, without which a key is numbered.
            part = copied(part)
            part.autoincrement = False
        return self.server.column_of_table(part, self.differences, self.before, self.after)

    def _free(self, one: Freed) -> Any:
        if isinstance(one.part, Constraint):
            return drop_constraint(one.part, one.table)
        dropped = drop_index(one.part, one.table, self.before)
        if isinstance(dropped, DropIndex):
            dropped.frees_name = True
        return dropped

    def _in_the_way(self) -> set[Name]:
        """Return the tables that go before a column can go that they refer to."""
        if self.server.alters_keys:
            return set()
        return {
            one.name
            for one in self.differences.tables
            if one.after is None and one.before and self._refers_to_lost(one.before.constraints)
        }

    def _refers_to_lost(self, constraints: Iterable[Constraint]) -> bool:
        lost = {
            (one.name, column.before.name)
            for one in self.differences.tables
            if one.after is not None
            for column in one.columns
            if column.before is not None and column.after is None
        }
        return any((key.target, name) in lost for key in constraints for name in key.target_columns)

    def _drop_tables(self, old: set[Name], freed: list[Freed]) -> Iterator[Any]:
        for table, _ in reversed(list(_sorted([self.before.tables[name] for name in sorted(old)]))):
            name = Name(table.schema or "", table.name)
            yield from _grouped(
                drop_index(index, name, self.before)
                for index in own_indexes(self.before.snapshot.tables[name], self.before)
                if Freed(name, index) not in freed
                and self.server.drops_alone(index, self.before.snapshot.tables[name])
            )
            yield self._drop_table(name, table)

    def _drop_table(self, name: Name, table: sa.Table) -> DropTable:
        dropped = DropTable.from_table(table)
        assert isinstance(dropped, DropTable)  # noqa: S101  (it is a class method)
        old = self.before.snapshot.tables[name]
        come = [one.after for one in self.differences.tables if one.before is None and one.after]
        alike = [one for one in come if _is_like(old, one)]
        only = alike[0] if len(alike) == 1 else None
        dropped.remark = table_looks_renamed(old, only) if only else rows_lost(name)
        return dropped


def _is_like(old: Table, new: Table) -> bool:
    """Return whether a table could be another one by another name."""
    return {(one.name, one.type) for one in old.columns} == {
        (one.name, one.type) for one in new.columns
    }


def _sorted(tables: list[sa.Table]) -> Iterator[tuple[sa.Table, Any]]:
    """Yield tables, those that others refer to first; the order of names decides the rest."""
    ordered = sorted(tables, key=lambda one: (one.schema or "", one.name))
    found = sort_tables_and_constraints(ordered, extra_dependencies=_families(ordered))  # type: ignore[no-untyped-call]
    for table, keys in found:
        if table is not None:
            yield table, keys


def _families(tables: list[sa.Table]) -> list[tuple[sa.Table, sa.Table]]:
    """Return each table that inherits from another one, behind that one."""
    by_name = {table.fullname: table for table in tables}
    found = []
    for table in tables:
        given = table.dialect_kwargs.get("postgresql_inherits") or ()
        parents = [given] if isinstance(given, str) else given
        found += [(by_name[parent], table) for parent in parents if parent in by_name]
    return found


def _grouped(operations: Iterator[Any]) -> Iterator[Any]:
    """Yield operations, those of one table that follow each other as one group."""
    group: ops.ModifyTableOps | None = None
    for operation in operations:
        place = getattr(operation, "table_name", None), getattr(operation, "schema", None)
        if not isinstance(operation, _PARTS) or _stands_alone(operation):
            if group is not None:
                yield group
                group = None
            yield operation
            continue
        place = _place(operation)
        if group is None or (group.table_name, group.schema) != place:
            if group is not None:
                yield group
            group = ops.ModifyTableOps(place[0], [], schema=place[1])
        group.ops.append(operation)
    if group is not None:
        yield group


_PARTS = (
    ops.AlterTableOp,
    ops.AddConstraintOp,
    ops.DropConstraintOp,
    ops.CreateIndexOp,
    ops.DropIndexOp,
)


def _stands_alone(operation: Any) -> bool:
    return bool(getattr(operation, "stands_alone", False))


def _place(operation: Any) -> tuple[str, str | None]:
    if isinstance(operation, ops.CreateForeignKeyOp):
        return operation.source_table, operation.kw.get("source_schema")
    return operation.table_name, operation.schema


def _loses_a_default(key: sa.Column[Any]) -> bool:
    """Return whether a column is a key that is not numbered for it has a default of Python."""
    has_default = key.default is not None and key.identity is None
    return key.primary_key and has_default and key.autoincrement == "auto"
