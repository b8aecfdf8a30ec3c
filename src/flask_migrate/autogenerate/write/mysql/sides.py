"""One side of a comparison, whose constraints have numbers for names."""

import re

import sqlalchemy as sa

from flask_migrate._sqlalchemy import in_order_of_creation
from flask_migrate.autogenerate.sides import Side, is_named
from flask_migrate.database.snapshots.mysql import named_by_server
from flask_migrate.values.schema import Constraint, Kind, Name

_NUMBER = re.compile(r"\d+$")


class CountedSide(Side):
    """A side that knows which part of the models the server has given which number."""

    __slots__ = ()

    def constraint(self, table: Name, wanted: Constraint) -> sa.Constraint | None:
        """Return a constraint as SQLAlchemy's object, or None if there is none for it."""
        found = Side.constraint(self, table, wanted)
        if wanted.kind is Kind.FOREIGN_KEY and (found is None or not _is_of(wanted, found)):
            # The models call it by a number too, but by another one.
            keys = in_order_of_creation(self.tables[table].foreign_key_constraints)
            return next((one for one in keys if _is_of(wanted, one)), found)
        if found is not None or wanted.kind is not Kind.CHECK:
            return found
        here = self.snapshot.tables[table]
        counted = [one for one in here.of_kind(Kind.CHECK) if named_by_server(one, here)]
        counted.sort(key=lambda one: _number(one.name or ""))
        checks = (one for one in self.tables[table].constraints)
        nameless = in_order_of_creation(
            one for one in checks if isinstance(one, sa.CheckConstraint) and not is_named(one)
        )
        if len(counted) != len(nameless):
            return None
        pairs = zip(counted, nameless, strict=True)
        return next((one for told, one in pairs if told.definition == wanted.definition), None)


def _is_of(wanted: Constraint, key: sa.Constraint) -> bool:
    columns = key.columns if isinstance(key, sa.ForeignKeyConstraint) else ()
    return wanted.columns == tuple(one.name for one in columns)


def _number(name: str) -> int:
    found = _NUMBER.search(name)
    return int(found.group()) if found else 0
