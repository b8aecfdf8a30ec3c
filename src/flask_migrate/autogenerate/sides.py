"""One side of a comparison: in the words of the server, and as SQLAlchemy's objects."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from flask_migrate._sqlalchemy import name_as_made
from flask_migrate.values.schema import Constraint, Index, Kind, Name, Snapshot, Table

_SHORT = 60
"""Bytes of a name that every server takes as it is."""
_LITERALS = re.compile(r"'(?:[^']|'')*'")
_WORDS = re.compile(r'"(?:[^"]|"")+"|`[^`]+`|\w+')
_CLASSES: dict[Kind, type[sa.Constraint]] = {
    Kind.PRIMARY_KEY: sa.PrimaryKeyConstraint,
    Kind.UNIQUE: sa.UniqueConstraint,
    Kind.FOREIGN_KEY: sa.ForeignKeyConstraint,
    Kind.CHECK: sa.CheckConstraint,
    Kind.EXCLUDE: ExcludeConstraint,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The models, or the database.

    Attributes:
        snapshot: What there is, in the words of the server.
        tables: The same as SQLAlchemy's objects; of the database only those that differ.
        dialect: Of the server, whose names may not be as long as those of the models.
    """

    snapshot: Snapshot
    tables: Mapping[Name, sa.Table]
    dialect: sa.Dialect | None = None

    def column(self, table: Name, name: str) -> sa.Column[object]:
        """Return a column as SQLAlchemy's object."""
        columns = self.tables[table].columns
        return next(one for one in columns if as_kept(one.name, self.dialect) == name)

    def constraint(self, table: Name, wanted: Constraint) -> sa.Constraint | None:
        """Return a constraint as SQLAlchemy's object, or None if there is none for it.

        Args:
            table: Where it is.
            wanted: The constraint, in the words of the server.
        """
        candidates = list(_of_kind(self.tables[table], wanted.kind))
        named = [one for one in candidates if self._is_called(one, wanted.name)]
        if named:
            return named[0]
        nameless = [one for one in candidates if not is_named(one)]
        if wanted.kind is Kind.CHECK:
            known = {one.name for one in self.snapshot.tables[table].of_kind(Kind.CHECK)}
            left = known - {self._name(one) for one in candidates if is_named(one)}
            return self._check(table, wanted, nameless, left)
        return next((one for one in nameless if _columns(one) == wanted.columns), None)

    def _check(
        self, table: Name, wanted: Constraint, nameless: list[sa.Constraint], left: set[str | None]
    ) -> sa.Constraint | None:
        """Return the CHECK without a name that is meant, or None if that is not clear.

        It is the only one, or the only one that mentions these columns.
        """
        if len(nameless) != len(left) or wanted.name not in left:
            return None
        if len(nameless) == 1:
            return nameless[0]
        checks = self.snapshot.tables[table].of_kind(Kind.CHECK)
        texts = [one.definition for one in checks if one.name in left]
        about = self._mentioned(table, wanted.definition)
        if sum(self._mentioned(table, text) == about for text in texts) != 1:
            return None
        found = [one for one in nameless if self._mentioned(table, _text(one)) == about]
        return found[0] if len(found) == 1 else None

    def _mentioned(self, table: Name, text: str) -> frozenset[str]:
        words = {one.strip('"`') for one in _WORDS.findall(_LITERALS.sub("", text))}
        return frozenset(words.intersection(one.name for one in self.tables[table].columns))

    def index(self, table: Name, wanted: Index) -> sa.Index | sa.UniqueConstraint | None:
        """Return an index as SQLAlchemy's object, or None if there is none for it.

        Some servers have no unique constraints but only unique indexes.
        """
        indexes = self.tables[table].indexes
        named = next((one for one in indexes if self._is_called(one, wanted.name)), None)
        if named is not None or not wanted.is_unique:
            return named
        uniques = list(_of_kind(self.tables[table], Kind.UNIQUE))
        found = [one for one in uniques if self._is_called(one, wanted.name)]
        found += [one for one in uniques if not is_named(one) and _columns(one) == wanted.columns]
        return cast("sa.UniqueConstraint", found[0]) if found else None

    def _is_called(self, part: sa.Constraint | sa.Index, name: str | None) -> bool:
        return is_named(part) and name is not None and self._name(part) == name

    def _name(self, part: sa.Constraint | sa.Index) -> str:
        """Return what the server calls a part that has a name."""
        given = str(part.name)
        if self.dialect is None or len(given.encode()) <= _SHORT:
            return given
        return as_kept(name_as_made(part, self.dialect) or given, self.dialect)

    def references_to(self, table: Name) -> Iterator[tuple[Table, Constraint]]:
        """Yield every foreign key that refers to a table, with the table that has it."""
        for other in self.snapshot.tables.values():
            for key in other.of_kind(Kind.FOREIGN_KEY):
                if key.target == table:
                    yield other, key


def as_kept(name: str, dialect: sa.Dialect | None) -> str:
    """Return a name as the server keeps it: PostgreSQL cuts it after some bytes.

    Args:
        name: The name.
        dialect: Of the server; None for one that keeps every name as it is.
    """
    if dialect is None or dialect.name != "postgresql" or len(name) <= _SHORT // 4:
        return name
    return name.encode()[: dialect.max_identifier_length].decode(errors="ignore")


def is_named(constraint: sa.Constraint | sa.Index) -> bool:
    """Return whether the models say how a constraint is called, themselves or by a convention."""
    return isinstance(constraint.name, str) and bool(constraint.name)


def _of_kind(table: sa.Table, kind: Kind) -> Iterator[sa.Constraint]:
    return (one for one in table.constraints if isinstance(one, _CLASSES[kind]))


def _text(check: sa.Constraint) -> str:
    return str(check.sqltext) if isinstance(check, sa.CheckConstraint) else ""


def _columns(constraint: sa.Constraint) -> tuple[str, ...]:
    if isinstance(constraint, sa.ForeignKeyConstraint):
        return tuple(element.parent.name for element in constraint.elements)
    return tuple(column.name for column in getattr(constraint, "columns", ()))
