"""What of a comparison an application does not want to hear of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.others.heed import Heed
from flask_migrate.autogenerate.others.opinions import Opinions
from flask_migrate.autogenerate.sides import Side, is_named
from flask_migrate.values.schema import Column, Constraint, Index, Kind, Name

_TYPES = {
    Kind.UNIQUE: "unique_constraint",
    Kind.FOREIGN_KEY: "foreign_key_constraint",
    Kind.CHECK: "check_constraint",
    Kind.PRIMARY_KEY: "primary_key_constraint",
    Kind.EXCLUDE: "exclude_constraint",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Asks what `env.py` has given to be asked.

    Attributes:
        context: Alembic's view of the comparison, with the functions of the application.
        database: What is there.
        models: What is to be there.
        opinions: What others have said of single tables and columns.
    """

    context: AutogenContext
    database: Side
    models: Side
    opinions: Opinions

    def apply(self, differences: Differences) -> Differences:
        """Return the differences that are left.

        Args:
            differences: From the database to the models.
        """
        heed = Heed(
            context=self.context,
            database=self.database,
            models=self.models,
            opinions=self.opinions,
        )
        return replace(
            differences,
            tables=tuple(self._tables(differences.tables, heed)),
            enums=tuple(filter(heed.is_told, differences.enums)),
            domains=tuple(filter(heed.is_told, differences.domains)),
        )

    def _tables(
        self, differences: tuple[TableDifference, ...], heed: Heed
    ) -> Iterator[TableDifference]:
        for one in differences:
            if not self._wants(one.name, self._table, "table", one.name.name, one):
                continue
            if one.before is None or one.after is None:
                yield one
                continue
            left = heed.in_table(self._within(one, heed))
            if _is_left(left):
                yield left

    def _within(self, difference: TableDifference, heed: Heed) -> TableDifference:
        name = difference.name
        return replace(
            difference,
            columns=tuple(self._columns(name, difference.columns, heed)),
            constraints=tuple(self._constraints(name, difference.constraints)),
            indexes=tuple(
                one
                for one in difference.indexes
                if self._wants(name, self._index, "index", _name(one), one)
            ),
        )

    def _columns(
        self, table: Name, differences: tuple[Difference[Column], ...], heed: Heed
    ) -> Iterator[Difference[Column]]:
        for one in differences:
            if not self._wants(table, self._column, "column", _name(one), one):
                continue
            if one.before is None or one.after is None:
                yield one
                continue
            left = heed.in_column(table, one.before, one.after)
            if left.before != left.after:
                yield left

    def _constraints(
        self, table: Name, differences: tuple[Difference[Constraint], ...]
    ) -> Iterator[Difference[Constraint]]:
        for one in differences:
            if self._is_only_named_otherwise(table, one):
                continue
            known = one.after or one.before
            assert known is not None  # noqa: S101  (it is on one side)
            if self._wants(table, self._constraint, _TYPES[known.kind], _name(one), one):
                yield one

    def _is_only_named_otherwise(self, table: Name, one: Difference[Constraint]) -> bool:
        """Return whether only the name differs, and the models give none."""
        if one.before is None or one.after is None:
            return False
        if replace(one.before, name=None) != replace(one.after, name=None):
            return False
        model = self.models.constraint(table, one.after)
        return model is None or not is_named(model)

    def _wants(
        self,
        table: Name,
        find: Callable[[Side, Name, Any], Any],
        type_: Any,
        name: str | None,
        difference: Difference[Any] | TableDifference,
    ) -> bool:
        old = find(self.database, table, difference.before) if difference.before else None
        new = find(self.models, table, difference.after) if difference.after else None
        is_gone = difference.after is None
        item = old if is_gone else new
        if item is None:
            return True
        if isinstance(item, sa.UniqueConstraint):
            type_ = _TYPES[Kind.UNIQUE]
        if difference.before is not None and not self._is_included(table, type_, name):
            return False
        return self.context.run_object_filters(item, name, type_, is_gone, None if is_gone else old)

    def _is_included(self, table: Name, type_: Any, name: str | None) -> bool:
        """Return whether a part of the database's table is looked at, for its name."""
        if type_ == "table":
            return True
        parents: Any = {"schema_name": table.schema or None, "table_name": table.name}
        return self.context.run_name_filters(name, type_, parents)

    @staticmethod
    def _table(side: Side, table: Name, _: Any) -> sa.Table | None:
        return side.tables.get(table)

    @staticmethod
    def _column(side: Side, table: Name, column: Column) -> sa.Column[Any]:
        return side.column(table, column.name)

    @staticmethod
    def _constraint(side: Side, table: Name, constraint: Constraint) -> sa.Constraint | None:
        return side.constraint(table, constraint)

    @staticmethod
    def _index(side: Side, table: Name, index: Index) -> sa.Index | sa.UniqueConstraint | None:
        return side.index(table, index)


def _is_left(difference: TableDifference) -> bool:
    before, after = difference.before, difference.after
    assert before is not None  # noqa: S101  (it is on both sides)
    assert after is not None  # noqa: S101  (the same)
    parts = difference.columns or difference.constraints or difference.indexes
    return bool(parts) or (before.comment, before.options) != (after.comment, after.options)


def _name(difference: Difference[Any]) -> str | None:
    part: Any = difference.after if difference.after is not None else difference.before
    name: str | None = part.name
    return name
