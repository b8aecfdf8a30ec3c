"""Leave out of the differences what others say that there is not."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext

from flask_migrate._alembic import comparing_modules
from flask_migrate.autogenerate.compare.users import users_of
from flask_migrate.autogenerate.differences import Difference, TableDifference
from flask_migrate.autogenerate.others import opinions as said
from flask_migrate.autogenerate.others.opinions import Opinions
from flask_migrate.autogenerate.sides import Side
from flask_migrate.values.schema import Column, Constraint, Domain, EnumType, Kind, Name

_OPTIONS = {said.TYPES: "compare_type", said.DEFAULT: "compare_server_default"}
_ELEMENTS = {
    Kind.UNIQUE: said.INDEXES,
    Kind.FOREIGN_KEY: said.FOREIGN_KEYS,
    Kind.CHECK: said.CHECKS,
}
# A package that writes the enums of PostgreSQL: who has it has chosen it.
_FOR_ENUMS = "alembic_postgresql_enum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heed:
    """Heeds what the application and others say.

    Attributes:
        context: Alembic's view of the comparison, with the options of the application.
        database: What is there.
        models: What is to be there.
        opinions: What others have said of single tables and columns.
    """

    context: AutogenContext
    database: Side
    models: Side
    opinions: Opinions

    def in_column(self, table: Name, before: Column, after: Column) -> Difference[Column]:
        """Return what is left of a difference between two columns.

        Args:
            table: Where they are.
            before: The column of the database.
            after: That of the models.
        """
        if self._hides(said.TYPES, table, after.name) or (
            before.type != after.type and self._is_equal_to_its_type(table, after.name)
        ):
            after = replace(after, type=before.type, collation=before.collation)
        if self._hides(said.DEFAULT, table, after.name):
            after = replace(
                after,
                default=before.default,
                computed=before.computed,
                identity=before.identity,
                is_numbered=before.is_numbered,
            )
        if self._hides(said.NULLABLE, table, after.name):
            after = replace(after, nullable=before.nullable)
        if self._hides(said.COMMENTS, table, after.name):
            after = replace(after, comment=before.comment)
        return Difference(before=before, after=after)

    def in_table(self, difference: TableDifference) -> TableDifference:
        """Return what is left of what differs in a table besides its columns."""
        name, hides = difference.name, self.opinions.hides
        before, after = difference.before, difference.after
        if not self.opinions.tables.get(name) or before is None or after is None:
            return difference
        hidden = {kind for kind, element in _ELEMENTS.items() if hides(element, name)}
        if hides(said.COMMENTS, name):
            after = replace(after, comment=before.comment)
        return replace(
            difference,
            after=after,
            constraints=tuple(one for one in difference.constraints if _kind(one) not in hidden),
            indexes=() if hides(said.INDEXES, name) else difference.indexes,
        )

    def is_told(self, one: Difference[EnumType] | Difference[Domain]) -> bool:
        """Return whether a column that is looked at uses a type."""
        type_ = one.after or one.before
        assert type_ is not None  # noqa: S101  (it is on one side)
        if isinstance(type_, EnumType) and self._are_enums_of_others():
            return False
        uses = [
            self._is_looked_at(table.name, column.name)
            for side in (self.database, self.models)
            for table, column in users_of(type_.name, side.snapshot)
        ]
        # A type stays as it is if a column stays that has it.
        return not uses or (all(uses) if one.after is None else any(uses))

    def _is_looked_at(self, table: Name, name: str) -> bool:
        sides = (self.database, self.models)
        is_on_both = all(
            (known := side.snapshot.tables.get(table)) and known.column(name) for side in sides
        )
        if is_on_both and self._hides(said.TYPES, table, name):
            return False
        old, new = (_found(side, table, name) for side in sides)
        item, is_gone = (old, True) if new is None else (new, False)
        if item is None:
            return True
        other = None if is_gone else old
        ask = self.context.run_object_filters
        return ask(item.table, table.name, "table", is_gone, _table_of(other)) and ask(
            item, name, "column", is_gone, other
        )

    def _hides(self, element: str, table: Name, column: str) -> bool:
        """Return whether the application, or somebody else, says that a column does not differ."""
        option = _OPTIONS.get(element)
        is_off = option is not None and self.context.opts.get(option) is False
        return is_off or self.opinions.hides(element, table, column)

    def _is_equal_to_its_type(self, table: Name, name: str) -> bool:
        """Return whether a type of the application says so itself.

        SQLAlchemy 2.0 tells of this method; Alembic asked for it long ago.
        """
        ask = getattr(self.models.column(table, name).type, "compare_against_backend", None)
        there = self.database.column(table, name).type
        return ask is not None and ask(self.context.dialect, there) is True

    def _are_enums_of_others(self) -> bool:
        modules = comparing_modules(self.context, "schema")
        return any(one.partition(".")[0] == _FOR_ENUMS for one in modules)


def _found(side: Side, table: Name, name: str) -> sa.Column[Any] | None:
    known = side.tables.get(table)
    columns = () if known is None else known.columns
    return next((one for one in columns if one.name == name), None)


def _table_of(column: sa.Column[Any] | None) -> Any:
    return None if column is None else column.table


def _kind(difference: Difference[Constraint]) -> Kind:
    constraint = difference.after or difference.before
    assert constraint is not None  # noqa: S101  (it is on one side)
    return constraint.kind
