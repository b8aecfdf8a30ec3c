"""What is particular to a server when columns change."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import (
    Difference,
    Differences,
    TableDifference,
)
from flask_migrate.autogenerate.operations import AddColumn, AlterColumn, RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import plain
from flask_migrate.autogenerate.write.parts import add_constraint
from flask_migrate.autogenerate.write.remarks import required_without_default
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Column, Constraint, Index, Name, Snapshot, Table


class Server:
    """A server that does everything as Alembic expects it; others say where they differ.

    Args:
        dialect: The dialect of SQLAlchemy.
    """

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect

    alters_keys = True
    """Whether foreign keys that are in the way of a change go before and come after it."""

    code_is_in_the_way = False
    """Whether views and triggers keep what they use from changing."""

    def drop_code(self, code: Code) -> str:
        """Return the statement that drops a view, a function or a trigger."""
        return f"DROP {code.kind.upper()} {self.quoted(code.name)}"

    def is_same_code(self, before: Code, after: Code) -> bool:
        """Return whether two views, functions or triggers of one name are the same."""
        return before.definition == after.definition

    def replaces(self, before: Code, after: Code) -> bool:  # noqa: ARG002  (of use to others)
        """Return whether CREATE OR REPLACE makes the one code out of the other."""
        return False

    def first(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what comes before the tables: schemas, types, sequences."""
        return iter(())

    def last(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what comes after the tables."""
        return iter(())

    def side(self, side: Side) -> Side:
        """Return a side that finds what the server calls by names of its own."""
        return replace(side, dialect=self.dialect)

    def called_as_there(self, database: Snapshot, models: Snapshot) -> Snapshot:  # noqa: ARG002
        """Return the models, in which the database's names stand for those of the server's choice.

        Args:
            database: What is there.
            models: What is to be there.
        """
        return models

    def settle(self, differences: Differences, before: Side, after: Side) -> Differences:  # noqa: ARG002
        """Return the differences without those that are none on this server.

        Args:
            differences: From the database to the models.
            before: The database.
            after: The models.
        """
        return differences

    def prepared(
        self,
        differences: Differences,
        before: Snapshot,  # noqa: ARG002  (of use to others)
        after: Snapshot,  # noqa: ARG002  (the same)
    ) -> Differences:
        """Return differences with what else they make necessary.

        Args:
            differences: What is to be settled.
            before: What there is.
            after: What there is to be.
        """
        return differences

    def column_of_table(
        self,
        column: sa.Column[Any],
        differences: Differences,  # noqa: ARG002  (of use to others)
        before: Side,  # noqa: ARG002  (the same)
        after: Side,  # noqa: ARG002  (the same)
    ) -> sa.Column[Any]:
        """Return a column as it is written with its new table."""
        return column

    def as_added(self, column: sa.Column[Any]) -> sa.Column[Any]:
        """Return a column as it is written where it comes to a table that is there."""
        return column

    def comes_with_table(self, table: Name, constraint: Constraint, side: Side) -> bool:  # noqa: ARG002
        """Return whether Alembic makes a constraint along with its new table."""
        return True

    def add_constraint(self, constraint: Constraint, table: Name, side: Side) -> Iterator[Any]:
        """Yield what gives a table a constraint.

        Args:
            constraint: The constraint, in the words of the server.
            table: The table.
            side: Where the table has it.
        """
        yield from add_constraint(constraint, table, side)

    def after_creation(self, table: Table, side: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what a table lacks that Alembic has just made."""
        return iter(())

    def drops_alone(self, index: Index, table: Table) -> bool:  # noqa: ARG002
        """Return whether an index can go before its table does."""
        return True

    def lacks(self, table: Table) -> Problem | None:  # noqa: ARG002
        """Return what is said of a new table that is not all there yet."""
        return None

    def required(self, table: Name, column: str) -> Problem:
        """Return what is said of a new column that is NOT NULL and has no default."""
        return required_without_default(table, column)

    def rename(
        self,
        table: Name,  # noqa: ARG002  (of use to others)
        before: Constraint | Index,  # noqa: ARG002  (the same)
        after: Constraint | Index,  # noqa: ARG002  (the same)
    ) -> list[RunSQL] | None:
        """Return what gives a constraint or an index another name, or None where nothing does."""
        return None

    def shares_names(self, part: Constraint | Index) -> bool:
        """Return whether no two tables can have such a part of the same name."""
        return isinstance(part, Index)

    def options(self, difference: TableDifference) -> Iterator[Any]:  # noqa: ARG002
        """Yield what changes the options of a table."""
        return iter(())

    def is_in_the_way(
        self,
        key: Constraint,
        owner: TableDifference | None,  # noqa: ARG002  (of use to others)
        target: TableDifference | None,
    ) -> bool:
        """Return whether a foreign key must not be there while tables change.

        Args:
            key: The foreign key.
            owner: What changes in the table that has it, or None.
            target: What changes in the table that it refers to, or None.
        """
        if target is None or target.before is None or target.after is None:
            return False
        moved = {_name(one) for one in target.columns if one.before is None or one.after is None}
        parts: list[Constraint | Index | None] = []
        for keys in (target.constraints, target.indexes):
            parts += [part for one in keys for part in (one.before, one.after)]
        return bool(moved.intersection(key.target_columns)) or any(
            set(part.columns) == set(key.target_columns) for part in parts if part is not None
        )

    def makes_anew(self, before: Column, after: Column) -> bool:
        """Return whether a column must go and come again, since its values are computed anew."""
        return before.computed != after.computed

    def can_be_filled(self, before: Column, after: Column) -> bool:
        """Return whether a column takes the new default before anything else of it changes."""
        return before.computed is None and before.type == after.type

    def changes_with_row(self, column: Column) -> bool:  # noqa: ARG002  (of use to others)
        """Return whether the server sets a column whenever its row changes."""
        return False

    def add(
        self,
        table: Name,
        column: Column,  # noqa: ARG002  (of use to others)
        model: sa.Column[Any],
    ) -> Iterator[Any]:
        """Yield what adds a column.

        Args:
            table: Where it comes to.
            column: The column, in the words of the server.
            model: The column, as SQLAlchemy's object.
        """
        yield AddColumn(table.name, model, schema=table.schema or None)

    def quote(self, name: str) -> str:
        """Return a name as it stands in a statement."""
        return plain(self.dialect.identifier_preparer.quote(name), self.dialect)

    def quoted(self, name: Name) -> str:
        """Return a name and its schema as they stand in a statement."""
        return ".".join(self.quote(one) for one in (name.schema, name.name) if one)

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
            change.modify_server_default = self._default(new)
        if before.comment != after.comment:
            change.modify_comment = after.comment
        return change

    def _default(self, column: sa.Column[Any]) -> Any:
        """Return the default of a column; IDENTITY is none where there is no such thing."""
        has_identity = getattr(self.dialect, "supports_identity_columns", False)
        return None if column.identity is not None and not has_identity else column.server_default


def _name(difference: Difference[Column]) -> str:
    column = difference.before or difference.after
    assert column is not None  # noqa: S101  (it is on one side)
    return column.name
