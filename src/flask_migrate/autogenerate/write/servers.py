"""What is particular to a server when columns change."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import AlterColumn
from flask_migrate.values.schema import Column, Name


class Server:
    """A server that does everything as Alembic expects it; others say where they differ.

    Args:
        dialect: The dialect of SQLAlchemy.
    """

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect

    def makes_anew(self, before: Column, after: Column) -> bool:
        """Return whether a column must go and come again, since its values are computed anew."""
        return before.computed != after.computed

    def arguments_of_new(self, column: sa.Column[Any]) -> dict[str, Any]:
        """Return arguments for the operation that adds a column."""
        return {}

    def alter(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> Iterator[Any]:
        """Yield what changes a column.

        Args:
            table: Where it is.
            difference: The column before and after, in the words of the server.
            old: The column before, as SQLAlchemy's object.
            new: The column after, as SQLAlchemy's object.
        """
        change = self.change(table, difference, old, new)
        if change.has_changes():
            yield change

    def change(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> AlterColumn:
        """Return all changes of a column as one operation."""
        before, after = difference.before, difference.after
        assert before is not None  # noqa: S101  (it is on both sides)
        assert after is not None  # noqa: S101  (the same)
        change = AlterColumn(
            table.name,
            after.name,
            schema=table.schema or None,
            existing_type=old.type,
            existing_nullable=before.nullable,
            existing_server_default=old.server_default or False,
            existing_comment=before.comment,
        )
        if (before.type, before.collation) != (after.type, after.collation):
            change.modify_type = new.type
        if before.nullable != after.nullable:
            change.modify_nullable = after.nullable
        if (before.default, before.identity) != (after.default, after.identity):
            change.modify_server_default = new.server_default
        if before.comment != after.comment:
            change.modify_comment = after.comment
        return change
