"""What SQLite will keep of models, in the canonical words of its snapshot. Pure."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Constraint, ForeignKeyConstraint

from flask_migrate.database.descriptions.describing import Describing
from flask_migrate.database.descriptions.uncertain import require
from flask_migrate.database.sqlite.canonical import (
    canonical_default,
    canonical_name,
    canonical_type,
)
from flask_migrate.database.sqlite.terms import listed
from flask_migrate.values import schema
from flask_migrate.values.schema import Name


class SQLite(Describing):
    """Describes tables as SQLite does."""

    options = ("sqlite_",)
    longest_name = 2**31

    def written_type(self, sent: str) -> str:
        """Return a type as the snapshot writes it; a collation is none of its parts."""
        require("COLLATE" not in sent.upper())
        return canonical_type(sent)

    def written_default(self, sent: str, type_: str) -> str | None:  # noqa: ARG002
        """Return a default as the snapshot writes it."""
        return canonical_default(sent)

    def is_numbered(self, column: Column[Any]) -> bool:  # noqa: ARG002
        """Return whether a column is AUTOINCREMENT, which only an option of the table says."""
        return False

    def is_nullable(self, column: Column[Any]) -> bool:
        """Return whether SQLite takes a NULL: it does in a key that is no rowid."""
        return bool(column.nullable) and not self._is_rowid(column)

    def comment(self, comment: str | None) -> str | None:  # noqa: ARG002
        """Return None: SQLite keeps no comments."""
        return None

    def name_of_constraint(
        self,
        constraint: Constraint,
        columns: tuple[str, ...],  # noqa: ARG002
    ) -> str | None:
        """Return the name of a constraint; without one, it has none."""
        return None if constraint.name is None else self.checked(constraint.name)

    def foreign_key(self, key: ForeignKeyConstraint) -> schema.Constraint:
        """Return a foreign key; one to another schema is not even sent."""
        require(key.referred_table.schema == key.table.schema)
        return super().foreign_key(key)

    def listed(self, columns: Iterable[str]) -> str:
        """Return columns as they stand in a definition, in parentheses."""
        return listed(columns)

    def referred(self, target: Name) -> str:
        """Return a table as it stands behind REFERENCES."""
        return f"{canonical_name(target.name)} "

    def index_definition(self, columns: tuple[str, ...], *, is_unique: bool) -> str:
        """Return all of an index but its name and its table."""
        return f"{'UNIQUE ' if is_unique else ''}{listed(columns)}"

    def _is_rowid(self, column: Column[Any]) -> bool:
        is_key = column.primary_key and len(column.table.primary_key.columns) == 1
        return is_key and self.type(column) == "INTEGER"
