"""What is particular to PostgreSQL when a schema changes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.operations import AlterColumn, Rename, RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write import sequences
from flask_migrate.autogenerate.write.bare import bare_column, bare_type
from flask_migrate.autogenerate.write.casts import are_comparable, base, using
from flask_migrate.autogenerate.write.code import AFTER_HEAD
from flask_migrate.autogenerate.write.domains import Domains
from flask_migrate.autogenerate.write.enums import Enums
from flask_migrate.autogenerate.write.involved import is_made_anew, with_involved
from flask_migrate.autogenerate.write.known_types import with_known_types
from flask_migrate.autogenerate.write.numbering import Numbering
from flask_migrate.autogenerate.write.options import changed_options, changed_storage
from flask_migrate.autogenerate.write.remarks import no_partitions
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.unchecked import (
    NOT_VALID,
    without_state,
    without_unchecked,
)
from flask_migrate.database.models.postgresql_text import stable
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Column, Constraint, Index, Kind, Name, Snapshot, Table

_INCLUDE = ") INCLUDE ("


class PostgreSQL(Server):
    """PostgreSQL 12 or newer."""

    code_is_in_the_way = True
    """Whether views and triggers keep what they use from changing."""

    def drop_code(self, code: Code) -> str:
        """Return the statement that drops a view, a function or a trigger."""
        if code.signature is not None:
            return f"{super().drop_code(code)}({code.signature})"
        if code.kind == "trigger" and code.table is not None:
            return f"DROP TRIGGER {self.quote(code.name.name)} ON {self.quoted(code.table)}"
        return super().drop_code(code)

    def replaces(self, before: Code, after: Code) -> bool:
        """Return whether a function stays one of the same arguments and the same result."""
        heads = {one.definition.partition(AFTER_HEAD)[0] for one in (before, after)}
        return after.signature is not None and len(heads) == 1

    def prepared(self, differences: Differences, before: Snapshot, after: Snapshot) -> Differences:
        """Return differences with what the server does not let stay while they are settled."""
        return with_involved(differences, before, after)

    def settle(self, differences: Differences, before: Side, after: Side) -> Differences:  # noqa: ARG002
        """Return the differences without what the models ask for only once."""
        return without_unchecked(differences, after)

    def column_of_table(
        self, column: sa.Column[Any], differences: Differences, before: Side, after: Side
    ) -> sa.Column[Any]:
        """Return a column as it is written with its new table, which does not make its types."""
        enums = Enums(differences=differences, before=before, after=after, server=self)
        return with_known_types(column, new=enums.come_with_tables(), dialect=self.dialect)

    def after_creation(self, table: Table, side: Side) -> Iterator[Any]:
        """Yield the constraints that Alembic cannot make, comments, and own sequences."""
        if not side.tables[table.name].dialect_kwargs.get("postgresql_with"):
            yield from changed_storage((), table, self)
        for constraint in table.constraints:
            if not self.comes_with_table(table.name, constraint, side):
                yield self._add_as_sql(table.name, constraint)
            yield from self._about(table.name, constraint)
        yield from map(self.run, json.loads(dict(table.options).get("partitions", "[]")))
        numbering = Numbering(table.name, server=self)
        for column in table.columns:
            yield from numbering.rest_of(column, table)

    def lacks(self, table: Table) -> Problem | None:
        """Return what is said of a new table that is not all there yet."""
        options = dict(table.options)
        is_cut = "partition_by" in options and "partitions" not in options
        return no_partitions(table.name) if is_cut else None

    def add_constraint(self, constraint: Constraint, table: Name, side: Side) -> Iterator[Any]:
        """Yield what gives a table a constraint, which not every call of Alembic can say."""
        is_known = side.constraint(table, constraint) is not None
        if is_known and _INCLUDE not in constraint.definition and not _is_strange_key(constraint):
            yield from super().add_constraint(constraint, table, side)
        else:
            yield self._add_as_sql(table, constraint)
        yield from self._about(table, constraint)

    def _add_as_sql(self, table: Name, constraint: Constraint) -> RunSQL:
        name = self.quote(constraint.name or "")
        return self.run(
            f"ALTER TABLE {self.quoted(table)} ADD CONSTRAINT {name} "
            f"{stable(constraint.definition)}"
        )

    def as_added(self, column: sa.Column[Any]) -> sa.Column[Any]:
        """Return a column whose CHECK is left to the constraints: Alembic would add it too."""
        return bare_column(column, self.dialect)

    def comes_with_table(self, table: Name, constraint: Constraint, side: Side) -> bool:
        """Return whether Alembic makes a constraint along with its new table."""
        if constraint.kind is Kind.FOREIGN_KEY:
            return True
        is_known = side.constraint(table, constraint) is not None
        return is_known and not _is_strange_key(constraint)

    def _about(self, table: Name, constraint: Constraint) -> Iterator[Any]:
        """Yield the comment of a constraint, if it has one."""
        if constraint.comment is not None:
            yield self._comment_on(table, constraint)

    def alter_constraint(
        self, table: Name, before: Constraint, after: Constraint
    ) -> list[Any] | None:
        """Return what changes a constraint that stays: its comment, and what it has checked."""
        if without_state(before) != without_state(after):
            return None
        changes = []
        if before.comment != after.comment:
            changes.append(self._comment_on(table, after))
        if before.definition.endswith(NOT_VALID) and not after.definition.endswith(NOT_VALID):
            name = self.quote(after.name or "")
            changes.append(self.run(f"ALTER TABLE {self.quoted(table)} VALIDATE CONSTRAINT {name}"))
        return changes

    def alter_index(self, table: Name, before: Index, after: Index) -> list[Any] | None:
        """Return what changes an index that stays: its comment."""
        if replace(before, comment=None) != replace(after, comment=None):
            return None
        return [self._comment_on(table, after)]

    def _comment_on(self, table: Name, part: Constraint | Index) -> RunSQL:
        comment = "NULL" if part.comment is None else _literal(part.comment)
        if isinstance(part, Index):
            what = f"INDEX {self.quoted(Name(table.schema, part.name))}"
        else:
            what = f"CONSTRAINT {self.quote(part.name or '')} ON {self.quoted(table)}"
        return self.run(f"COMMENT ON {what} IS {comment}")

    def first(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:
        """Yield what comes before the tables: schemas, types, sequences."""
        for schema in differences.schemas:
            if schema.after is not None:
                yield self.run(f"CREATE SCHEMA IF NOT EXISTS {self.quote(schema.after)}")
        yield from sequences.first(differences, self)
        yield from Enums(differences=differences, before=before, after=after, server=self).first()
        yield from Domains(differences=differences, server=self).first()

    def last(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:
        """Yield what comes after the tables."""
        yield from Domains(differences=differences, server=self).last()
        yield from Enums(differences=differences, before=before, after=after, server=self).last()
        yield from sequences.last(differences, self)
        for schema in differences.schemas:
            if schema.after is None and schema.before is not None:
                yield self.run(f"DROP SCHEMA IF EXISTS {self.quote(schema.before)}")

    def rename(
        self, table: Name, before: Constraint | Index, after: Constraint | Index
    ) -> list[RunSQL] | None:
        """Return what gives a constraint or an index another name, and its comment."""
        old, new = str(before.name), str(after.name)
        if isinstance(before, Index):
            where = f"ALTER INDEX {self.quoted(Name(table.schema, old))} RENAME"
        else:
            where = f"ALTER TABLE {self.quoted(table)} RENAME CONSTRAINT {self.quote(old)}"
        sql = escaped(f"{where} TO {self.quote(new)}")
        renamed: list[RunSQL] = [Rename(sql, table, old=old, new=new)]
        if before.comment != after.comment:
            renamed.append(self._comment_on(table, after))
        return renamed

    def shares_names(self, part: Constraint | Index) -> bool:
        """Return whether no two tables can have such a part of the same name.

        Whatever is kept by an index has the name of that.
        """
        return isinstance(part, Index) or part.kind not in {Kind.FOREIGN_KEY, Kind.CHECK}

    def options(self, difference: TableDifference) -> Iterator[Any]:
        """Yield what changes the options of a table."""
        yield from changed_options(difference, self)

    def is_in_the_way(
        self, key: Constraint, owner: TableDifference | None, target: TableDifference | None
    ) -> bool:
        """Return whether a foreign key must not be there while tables change.

        The types of both ends must be comparable after every statement.
        """
        if super().is_in_the_way(key, owner, target):
            return True
        ends = ((owner, key.columns), (target, key.target_columns))
        return any(
            one.before.name in columns
            for table, columns in ends
            if table is not None and table.before is not None and table.after is not None
            for one in table.columns
            if one.before and one.after and not are_comparable(one.before.type, one.after.type)
        )

    def makes_anew(self, before: Column, after: Column) -> bool:
        """Return whether a column must go and come again; its expression can only go."""
        return is_made_anew(before, after)

    def add(self, table: Name, column: Column, model: sa.Column[Any]) -> Iterator[Any]:
        """Yield what adds a column that the server numbers, which Alembic takes for a plain one."""
        if not column.is_numbered:
            yield from super().add(table, column, model)
        else:
            yield from Numbering(table, server=self).add(column)

    def alter(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> Iterator[Any]:
        """Yield what changes a column, in an order that the server takes.

        A default is not converted with its column: it goes before and comes back after.
        """
        before, after = difference.before, difference.after
        assert before is not None  # noqa: S101  (it is on both sides)
        assert after is not None  # noqa: S101  (the same)
        numbering = Numbering(table, server=self)
        yield from numbering.before_change(before, after)
        if before.computed is not None and after.computed is None:
            yield self.alter_as_sql(table, after.name, "DROP EXPRESSION")
        change = self.change(table, difference, old, new)
        numbering.leave_to_us(change, before, after)
        if change.modify_type is not None or after.identity is not None:
            yield from self._without_default(table, before, after, change)
        if change.modify_type is not None:
            yield from self._convert(table, before, after, change)
        if after.identity is not None and before.identity is None:
            # Alembic takes "not given" for another default before 1.20.
            change.also = {**change.also, "existing_server_default": None}
        if change.has_changes():
            yield change
        yield from self._storage(table, before, after)
        yield from numbering.after_change(before, after)

    def change(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> AlterColumn:
        """Return all changes of a column, its CHECK left to the constraints."""
        change = super().change(table, difference, old, new)
        for name in ("existing_type", "modify_type"):
            setattr(change, name, bare_type(getattr(change, name), self.dialect))
        return change

    @staticmethod
    def _without_default(
        table: Name, before: Column, after: Column, change: AlterColumn
    ) -> Iterator[AlterColumn]:
        """Yield what takes a default away that its column cannot keep while it changes."""
        is_converted = base(before.type) != base(after.type)
        if before.default is None or not (is_converted or after.identity is not None):
            return
        yield AlterColumn(
            table.name,
            after.name,
            schema=table.schema or None,
            modify_server_default=None,
            existing_server_default=change.existing_server_default,
            existing_type=change.existing_type,
            existing_nullable=before.nullable,
        )
        if after.default is not None and change.modify_server_default is False:
            change.modify_server_default = change.existing_server_default
        elif after.default is None and after.identity is None:
            change.modify_server_default = False
        change.existing_server_default = False

    def _convert(
        self, table: Name, before: Column, after: Column, change: AlterColumn
    ) -> Iterator[RunSQL]:
        expression = using(before.type, after.type, self.quote(after.name))
        if expression is not None and "%" in expression:
            # Alembic hands it to the driver as it is, and what that makes of it depends.
            collation = f" COLLATE {self.quote(after.collation)}" if after.collation else ""
            action = f"TYPE {after.type}{collation} USING {expression}"
            yield self.alter_as_sql(table, after.name, action)
            change.existing_type, change.modify_type = change.modify_type, None
        elif expression is not None:
            change.also = {**change.also, "postgresql_using": expression}

    def _storage(self, table: Name, before: Column, after: Column) -> Iterator[RunSQL]:
        old, new = dict(before.options), dict(after.options)
        for name in ("storage", "compression"):
            if name in new and new[name] != old.get(name):
                yield self.alter_as_sql(table, after.name, f"SET {name.upper()} {new[name]}")
        if "compression" in old and "compression" not in new:
            yield self.alter_as_sql(table, after.name, "SET COMPRESSION default")

    def alter_as_sql(self, table: Name, column: str, action: str) -> RunSQL:
        """Return a statement that changes a column."""
        return self.run(
            f"ALTER TABLE {self.quoted(table)} ALTER COLUMN {self.quote(column)} {action}"
        )

    @staticmethod
    def run(sql: str) -> RunSQL:
        """Return a statement."""
        return RunSQL(escaped(sql))


def _is_strange_key(constraint: Constraint) -> bool:
    """Return whether a primary key has more than columns, which Alembic does not write."""
    return constraint.kind is Kind.PRIMARY_KEY and (
        _INCLUDE in constraint.definition or not constraint.definition.endswith(")")
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
