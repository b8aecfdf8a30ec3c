"""Columns of a table: how they come, change and go."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import AddColumn, AlterColumn, DropColumn, FillNulls
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.values import default_sql, scalar_sql
from flask_migrate.values.schema import Column, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Writes what happens to the columns of one table.

    Attributes:
        table: The table.
        before: The side that it comes from.
        after: The side that it gets to.
        server: What is particular to the server.
    """

    table: Name
    before: Side
    after: Side
    server: Server

    def write(self, difference: Difference[Column]) -> Iterator[Any]:
        """Yield what settles a difference.

        Args:
            difference: The difference of a column that is new, gone or changed.
        """
        if difference.before is None:
            assert difference.after is not None  # noqa: S101  (it is on one side)
            yield from self._add(difference.after)
        elif difference.after is None:
            yield self._drop(difference.before)
        elif self.server.makes_anew(difference.before, difference.after):
            yield self._drop(difference.before)
            yield from self._add(difference.after)
        else:
            yield from self._alter(difference.before, difference.after)

    def _add(self, column: Column) -> Iterator[Any]:
        model = self.after.column(self.table, column.name)
        value = self._fill(column, model)
        if value is not None:
            yield from self._add_filled(model, value)
            return
        for operation in self.server.add(self.table, column, model):
            operation.remark = self._refused(column)
            yield operation

    def _add_filled(self, model: sa.Column[Any], value: str) -> Iterator[Any]:
        """Yield what gives rows a value by a default that goes again."""
        default = sa.text(value)
        filled: sa.Column[Any] = sa.Column(
            model.name, model.type, server_default=default, nullable=False, comment=model.comment
        )
        added = AddColumn(self.table.name, filled, schema=self.table.schema or None)
        added.stands_alone = True
        yield added
        yield AlterColumn(
            self.table.name,
            model.name,
            schema=self.table.schema or None,
            modify_server_default=None,
            existing_server_default=filled.server_default or False,
            existing_type=model.type,
            existing_nullable=False,
            existing_comment=model.comment,
        )

    def _fill(self, column: Column, model: sa.Column[Any]) -> str | None:
        """Return what rows get in a new column that would refuse them, or None."""
        if column.nullable or not self._has_no_value(column):
            return None
        return scalar_sql(model, self.server.dialect)

    def _refused(self, column: Column) -> str | None:
        if column.nullable or not self._has_no_value(column):
            return None
        return (
            f"Rows of {self.table} will refuse this: {column.name} is NOT NULL and has no default."
        )

    @staticmethod
    def _has_no_value(column: Column) -> bool:
        return not (column.default or column.computed or column.identity or column.is_numbered)

    def _drop(self, column: Column) -> DropColumn:
        model = self.before.column(self.table, column.name)
        dropped = DropColumn(
            self.table.name,
            column.name,
            schema=self.table.schema or None,
            _reverse=ops.AddColumnOp(self.table.name, model, schema=self.table.schema or None),
        )
        if column.computed is None:
            dropped.remark = f"The values of {self.table}.{column.name} are lost."
        return dropped

    def _alter(self, before: Column, after: Column) -> Iterator[Any]:
        old = self.before.column(self.table, before.name)
        new = self.after.column(self.table, after.name)
        if before.nullable and not after.nullable:
            yield from self._fill_nulls(after, new)
        yield from self.server.alter(self.table, Difference(before=before, after=after), old, new)

    def _fill_nulls(self, column: Column, model: sa.Column[Any]) -> Iterator[FillNulls]:
        value = default_sql(model, self.server.dialect) or scalar_sql(model, self.server.dialect)
        if value is not None and not column.computed and not column.identity:
            yield FillNulls(self.table.name, column.name, value, schema=self.table.schema or None)
