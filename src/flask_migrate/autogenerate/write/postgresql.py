"""What is particular to PostgreSQL when a schema changes."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import Difference, Differences
from flask_migrate.autogenerate.operations import AlterColumn, RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.casts import base, using
from flask_migrate.autogenerate.write.enums import Enums
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Column, Name


class PostgreSQL(Server):
    """PostgreSQL 12 or newer."""

    def first(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:
        """Yield what comes before the tables: schemas, types, sequences."""
        for schema in differences.schemas:
            if schema.after is not None:
                yield self._run(f"CREATE SCHEMA IF NOT EXISTS {self.quote(schema.after)}")
        for sequence in differences.sequences:
            if sequence.before is None and sequence.after is not None:
                yield self._run(
                    f"CREATE SEQUENCE {self.quoted(sequence.after.name)}"
                    + "".join(f" {name} {value}" for name, value in sequence.after.options)
                )
        for domain in differences.domains:
            if domain.before is None and domain.after is not None:
                yield self._run(
                    f"CREATE DOMAIN {self.quoted(domain.after.name)} AS {domain.after.definition}"
                )
        yield from Enums(differences=differences, before=before, after=after, server=self).first()

    def last(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:
        """Yield what comes after the tables."""
        yield from Enums(differences=differences, before=before, after=after, server=self).last()
        for schema in differences.schemas:
            if schema.after is None and schema.before is not None:
                yield self._run(f"DROP SCHEMA IF EXISTS {self.quote(schema.before)}")

    def makes_anew(self, before: Column, after: Column) -> bool:
        """Return whether a column must go and come again; its expression can only go."""
        return before.computed != after.computed and after.computed is not None

    def add(self, table: Name, column: Column, model: sa.Column[Any]) -> Iterator[Any]:
        """Yield what adds a column that the server numbers, which Alembic takes for a plain one."""
        if not column.is_numbered:
            yield from super().add(table, column, model)
            return
        serial = {"bigint": "BIGSERIAL", "smallint": "SMALLSERIAL"}.get(column.type, "SERIAL")
        not_null = "" if column.nullable else " NOT NULL"
        yield self._run(
            f"ALTER TABLE {self.quoted(table)} ADD COLUMN {self.quote(column.name)} "
            f"{serial}{not_null}"
        )

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
        if before.computed is not None and after.computed is None:
            yield self._alter(table, after.name, "DROP EXPRESSION")
        if before.is_numbered and not after.is_numbered:
            yield from self._unnumber(table, after)
        change = self.change(table, difference, old, new)
        if change.modify_type is not None:
            yield from self._convert(table, before, after, change)
        if change.has_changes():
            yield change
        if after.is_numbered and not before.is_numbered:
            yield from self._number(table, after)
        elif after.is_numbered and base(before.type) != base(after.type):
            sequence = self._sequence(table, after.name)
            yield _last(self._run(f"ALTER SEQUENCE {sequence} AS {after.type}"))
        elif after.identity is not None and before.identity is None:
            yield _last(self._continue(table, after))

    def _convert(
        self, table: Name, before: Column, after: Column, change: AlterColumn
    ) -> Iterator[AlterColumn]:
        converts = base(before.type) != base(after.type)
        if before.default is not None and converts:
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
            elif after.default is None:
                change.modify_server_default = False
            change.existing_server_default = False
        expression = using(before.type, after.type, self.quote(after.name))
        if expression is not None:
            change.also = {"postgresql_using": expression}

    def _number(self, table: Name, column: Column) -> Iterator[RunSQL]:
        sequence = self._sequence(table, column.name)
        yield self._run(
            f"CREATE SEQUENCE {sequence} AS {column.type} "
            f"OWNED BY {self.quoted(table)}.{self.quote(column.name)}"
        )
        yield self._alter(table, column.name, f"SET DEFAULT nextval('{sequence}')")
        yield self._continue(table, column)

    def _unnumber(self, table: Name, column: Column) -> Iterator[RunSQL]:
        yield self._alter(table, column.name, "DROP DEFAULT")
        yield self._run(f"DROP SEQUENCE {self._sequence(table, column.name)}")

    def _continue(self, table: Name, column: Column) -> RunSQL:
        """Return a statement after which new rows get numbers that no row has."""
        name, where = self.quote(column.name), self.quoted(table)
        sequence = f"pg_get_serial_sequence({_literal(where)}, {_literal(column.name)})"
        start = f"setval({sequence}, COALESCE(MAX({name}), 0) + 1, false)"
        return self._run(f"SELECT {start} FROM {where}")  # noqa: S608  (every name is quoted)

    def _sequence(self, table: Name, column: str) -> str:
        return self.quoted(Name(table.schema, f"{table.name}_{column}_seq"))

    def _alter(self, table: Name, column: str, action: str) -> RunSQL:
        return self._run(
            f"ALTER TABLE {self.quoted(table)} ALTER COLUMN {self.quote(column)} {action}"
        )

    @staticmethod
    def _run(sql: str) -> RunSQL:
        return RunSQL(escaped(sql))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _last(statement: RunSQL) -> RunSQL:
    statement.is_last = True
    return statement
