"""What changes in one table that is on both sides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from alembic.operations import ops

from flask_migrate.autogenerate.differences import Difference, TableDifference
from flask_migrate.autogenerate.operations import FillNulls, RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.columns import Columns
from flask_migrate.autogenerate.write.freed import Freed
from flask_migrate.autogenerate.write.keys import Key
from flask_migrate.autogenerate.write.parts import (
    add_index,
    drop_constraint,
    drop_index,
)
from flask_migrate.autogenerate.write.renamed import is_renamed, without_renames
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Constraint, Kind

_LAST = (Kind.PRIMARY_KEY, Kind.UNIQUE, Kind.CHECK, Kind.EXCLUDE, Kind.FOREIGN_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWriter:
    """Writes what changes in one table.

    Attributes:
        difference: What differs.
        before: The side that it comes from.
        after: The side that it gets to.
        server: What is particular to the server.
        first: Foreign keys that are gone already, and what others need the names of.
        last: Foreign keys that come later.
    """

    difference: TableDifference
    before: Side
    after: Side
    server: Server
    first: frozenset[Key | Freed]
    last: frozenset[Key]

    def write(self) -> Iterator[Any]:
        """Yield the operations: what gets another name, what goes, the columns, what comes."""
        rest = without_renames(self.difference)
        yield from self._renames()
        yield from sorted(replace(self, difference=rest).parts(), key=self._turn)

    def _renames(self) -> Iterator[Any]:
        """Yield what gives parts another name, but for foreign keys that go and come anyway."""
        name = self.difference.name
        parts: list[Difference[Any]] = [*self.difference.constraints, *self.difference.indexes]
        for one in filter(is_renamed, parts):
            is_gone = Key(name, one.before) in self.first  # type: ignore[arg-type]  # (or an index)
            if one.before is not None and one.after is not None and not is_gone:
                yield from self.server.rename(name, one.before, one.after) or ()

    def _turn(self, operation: Any) -> int:
        """Return when an operation has its turn, so that others can stand together."""
        if isinstance(operation, RunSQL) and operation.is_last:
            return 2
        return 0 if isinstance(operation, FillNulls) and self._can_be_filled(operation) else 1

    def _can_be_filled(self, fill: FillNulls) -> bool:
        before, after = self.difference.before, self.difference.after
        if any(one.before is not None for one in self.difference.constraints):
            return False  # what goes may refuse the value
        old = before.column(fill.column_name) if before else None
        new = after.column(fill.column_name) if after else None
        return old is not None and new is not None and self.server.can_be_filled(old, new)

    def parts(self) -> Iterator[Any]:
        """Yield the operations as the server takes them."""
        name = self.difference.name
        yield from self.drop_constraints()
        yield from (
            drop_index(one.before, name, self.before)
            for one in self.difference.indexes
            if one.before is not None and Freed(name, one.before) not in self.first
        )
        yield from self.change_columns()
        yield from self.add_constraints()
        for one in self.difference.indexes:
            if one.after is not None:
                yield from add_index(one.after, name, self.after)
        yield from self.change_comment()
        yield from self.server.options(self.difference)

    def drop_constraints(self) -> Iterator[Any]:
        """Yield what takes constraints away, those first that need others."""
        dropped = [one.before for one in self.difference.constraints if one.before is not None]
        for constraint in sorted(dropped, key=_place, reverse=True):
            gone = {Key(self.difference.name, constraint), Freed(self.difference.name, constraint)}
            if not gone & self.first:
                yield drop_constraint(constraint, self.difference.name)

    def add_constraints(self) -> Iterator[Any]:
        """Yield what gives the table constraints."""
        added = [one.after for one in self.difference.constraints if one.after is not None]
        for constraint in sorted(added, key=_place):
            if Key(self.difference.name, constraint) not in self.last:
                yield from self.server.add_constraint(constraint, self.difference.name, self.after)

    def change_columns(self) -> Iterator[Any]:
        """Yield what happens to the columns."""
        for one in self.difference.columns:
            yield from self.columns.write(one)

    @property
    def columns(self) -> Columns:
        """What writes columns."""
        return Columns(
            table=self.difference.name,
            before=self.before,
            after=self.after,
            server=self.server,
            differences=self.difference.columns,
        )

    def change_comment(self) -> Iterator[Any]:
        """Yield what changes the comment of the table."""
        before, after = self.difference.before, self.difference.after
        assert before is not None  # noqa: S101  (it is on both sides)
        assert after is not None  # noqa: S101  (the same)
        if before.comment == after.comment:
            return
        name, schema = after.name.name, after.name.schema or None
        if after.comment is None:
            yield ops.DropTableCommentOp(name, schema=schema, existing_comment=before.comment)
        else:
            yield ops.CreateTableCommentOp(
                name, after.comment, schema=schema, existing_comment=before.comment
            )


def _place(constraint: Constraint) -> tuple[int, str]:
    return _LAST.index(constraint.kind), constraint.name or ""
