"""Columns of a table: how they come, change and go."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import AddColumn, AlterColumn, DropColumn, FillNulls
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.remarks import (
    column_looks_renamed,
    nulls_refuse,
    values_lost,
)
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.values import default_sql, scalar_sql, truth
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Column, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Writes what happens to the columns of one table.

    Attributes:
        table: The table.
        before: The side that it comes from.
        after: The side that it gets to.
        server: What is particular to the server.
        differences: All that happens to the columns of the table.
    """

    table: Name
    before: Side
    after: Side
    server: Server
    differences: tuple[Difference[Column], ...]

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
        model = self.server.as_added(self.after.column(self.table, column.name))
        value = self._fill(column, model)
        if value is not None:
            yield from self._add_filled(model, value)
            return
        for operation in self.server.add(self.table, column, model):
            operation.remark = self._refused(column)
            yield operation

    def is_filled(self, column: Column) -> bool:
        """Return whether rows get the default of Python in a new column."""
        model = self.server.as_added(self.after.column(self.table, column.name))
        return self._fill(column, model) is not None

    def _add_filled(self, model: sa.Column[Any], value: str) -> Iterator[Any]:
        """Yield what gives rows a value by a default that goes again."""
        filled: sa.Column[Any] = sa.Column(
            model.name,
            model.type,
            server_default=_or_text(truth(value, model.type), value),
            nullable=False,
            comment=model.comment,
            **model.dialect_kwargs,
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

    def _refused(self, column: Column) -> Problem | None:
        if column.nullable or not self._has_no_value(column):
            return None
        return self.server.required(self.table, column.name)

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
            dropped.remark = self._loss(column)
        return dropped

    def _loss(self, column: Column) -> Problem:
        come = [one.after for one in self.differences if one.before is None and one.after]
        alike = [one for one in come if _is_like(column, one)]
        if len(alike) == 1:
            return column_looks_renamed(self.table, column, alike[0])
        return values_lost(self.table, column.name)

    def _alter(self, before: Column, after: Column) -> Iterator[Any]:
        old = self.before.column(self.table, before.name)
        new = self.after.column(self.table, after.name)
        if before.nullable and not after.nullable:
            fills = list(self._fill_nulls(after, new))
            if fills and not self.server.can_be_filled(before, after):
                fillable = replace(after, nullable=True)
                becomes_fillable = Difference(before=before, after=fillable)
                yield from self.server.alter(self.table, becomes_fillable, old, new)
                before, old = fillable, new
            yield from fills
            remark = None if fills else nulls_refuse(self.table, after.name)
        else:
            remark = None
        for operation in self.server.alter(
            self.table, Difference(before=before, after=after), old, new
        ):
            if getattr(operation, "modify_nullable", None) is False:
                operation.remark = remark
            yield operation

    def _fill_nulls(self, column: Column, model: sa.Column[Any]) -> Iterator[FillNulls]:
        value = default_sql(model, self.server.dialect) or scalar_sql(model, self.server.dialect)
        if value is not None and not column.computed and not column.identity:
            yield FillNulls(
                self.table.name,
                column.name,
                _or_text(truth(value, model.type), escaped(value)),
                schema=self.table.schema or None,
                kept=[name for name in self._changed_with_rows() if name != column.name],
            )

    def _changed_with_rows(self) -> Iterator[str]:
        """Yield the columns that stay, and that the server sets whenever a row changes."""
        before, after = (one.snapshot.tables[self.table] for one in (self.before, self.after))
        for column in before.columns:
            new = after.column(column.name)
            if new and any(self.server.changes_with_row(one) for one in (column, new)):
                yield column.name


def _or_text(value: Any, sql: str) -> Any:
    return sa.text(sql) if value is None else value


def _is_like(old: Column, new: Column) -> bool:
    """Return whether a column could be another one by another name."""
    return (old.type, old.nullable, old.is_numbered) == (new.type, new.nullable, new.is_numbered)
