"""One side of a comparison, whose constraints need not have names."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from flask_migrate.autogenerate.sides import Side, is_named
from flask_migrate.database.sqlite.canonical import canonical_expression
from flask_migrate.database.sqlite.default_names import condition_of
from flask_migrate.database.sqlite.tokens import fold
from flask_migrate.values.schema import Constraint, Kind, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteSide(Side):
    """A side that knows a CHECK without a name by what it says.

    Attributes:
        dialect: Of SQLite.
    """

    dialect: sa.Dialect

    @classmethod
    def of(cls, side: Side, dialect: sa.Dialect) -> "SqliteSide":
        """Return a side with this knowledge."""
        return cls(snapshot=side.snapshot, tables=side.tables, dialect=dialect)

    def constraint(self, table: Name, wanted: Constraint) -> sa.Constraint | None:
        """Return a constraint as SQLAlchemy's object, or None if there is none for it."""
        if wanted.kind is not Kind.CHECK:
            return Side.constraint(self, table, wanted)
        every = self.tables[table].constraints
        checks = [one for one in every if isinstance(one, sa.CheckConstraint)]
        named = [one for one in checks if is_named(one) and str(one.name) == wanted.name]
        if named:
            return named[0]
        text = condition_of(wanted)
        nameless = (one for one in checks if not is_named(one))
        return next((one for one in nameless if self._says(one) == text), None)

    def is_nameless(self, table: Name, constraint: Constraint) -> bool:
        """Return whether a constraint is there without a name."""
        found = self.constraint(table, constraint)
        return found is not None and not is_named(found)

    def _says(self, check: sa.CheckConstraint) -> str:
        text = check.sqltext.compile(dialect=self.dialect, compile_kwargs=_WRITTEN)
        names = {fold(one): one for one in _names(check)}
        return canonical_expression(str(text), names)


_WRITTEN = {"literal_binds": True, "include_table": False}


def _names(check: sa.CheckConstraint) -> Iterator[str]:
    return (str(column.name) for column in check.table.columns)
