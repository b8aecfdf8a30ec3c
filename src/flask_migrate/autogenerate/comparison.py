"""Compare models with a database in the database's own words, and write both ways."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from flask_migrate.autogenerate.compare.schemas import compare_snapshots
from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.filters import Filters
from flask_migrate.autogenerate.operations import without_remarks
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.pick import server_of
from flask_migrate.autogenerate.write.script import Script
from flask_migrate.database.lease import LEASE_TABLE
from flask_migrate.database.snapshots.read import read_models, read_snapshot, read_tables
from flask_migrate.database.sqlite.catalog import BATCH_COPY
from flask_migrate.values.schema import Kind, Name, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays:
    """What makes the database equal to the models, and what takes that back."""

    upgrade: tuple[Any, ...]
    downgrade: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Compares the models with one database.

    Attributes:
        context: Alembic's view of it.
        schemas: The schemas to look at; None for the default one.
        is_left_alone: Whether a table is not ours to drop.
    """

    context: AutogenContext
    schemas: Collection[str | None]
    is_left_alone: Callable[[Name], bool]

    def run(self) -> BothWays:
        """Return what settles the differences.

        Raises:
            NoScratchPlace: The server has no place to try the models in.
        """
        connection = self._connection()
        every = {self._name(table): table for table in self.context.sorted_tables}
        schemas = {name or "" for name in self.schemas} | self._schemas_to_come(every)
        tables = self._tables(every, schemas)
        judged = read_models(connection, list(tables.values()))
        found = read_snapshot(connection, schemas | judged.snapshot.schemas)
        wanted = self._only_ours(found, judged.snapshot, schemas)
        differences = compare_snapshots(wanted, judged.snapshot)
        server = server_of(connection.dialect)
        there = server.prepared(differences, wanted, judged.snapshot)
        back = server.prepared(differences.reversed(), judged.snapshot, wanted)
        names = {*_names(there, wanted), *_names(back, wanted)}
        known = read_tables(connection, wanted, names)
        database = Side(snapshot=wanted, tables=known)
        models = Side(snapshot=judged.snapshot, tables=tables)
        left = Filters(context=self.context, database=database, models=models).apply(differences)
        return BothWays(
            upgrade=tuple(
                Script(differences=left, before=database, after=models, server=server).write()
            ),
            downgrade=without_remarks(
                Script(
                    differences=left.reversed(), before=models, after=database, server=server
                ).write()
            ),
        )

    def _connection(self) -> Connection:
        connection = self.context.connection
        assert connection is not None  # noqa: S101  (nothing is compared without one)
        return connection

    def _tables(
        self, every: Mapping[Name, sa.Table], schemas: Collection[str]
    ) -> dict[Name, sa.Table]:
        version = self.context.migration_context.version_table
        return {
            name: table
            for name, table in every.items()
            if name.name != version and name.schema in schemas
        }

    def _schemas_to_come(self, tables: Iterable[Name]) -> set[str]:
        """Return the schemas that Alembic does not name, since they are not there yet."""
        if not self.context.opts.get("include_schemas"):
            return set()
        return {
            name.schema
            for name in tables
            if name.schema and self.context.run_name_filters(name.schema, "schema", {})
        }

    def _name(self, table: sa.Table) -> Name:
        default = self.context.dialect.default_schema_name
        schema = "" if table.schema in {None, default} else str(table.schema)
        return Name(schema, str(table.name))

    def _only_ours(self, found: Snapshot, models: Snapshot, schemas: Collection[str]) -> Snapshot:
        """Return what is there without what is not ours to change.

        A schema with things of others stays when our last table there goes.
        """
        kept = {
            name: table
            for name, table in found.tables.items()
            if name.schema in schemas
            and not self._is_a_tool(name.name)
            and self._is_included(name)
            and (name in models.tables or not (table.owner or self.is_left_alone(name)))
        }
        ours = {name.schema for name in kept} - _shared(found, kept)
        return replace(found, tables=kept, schemas=found.schemas & (ours | models.schemas))

    def _is_a_tool(self, table: str) -> bool:
        """Return whether a table belongs to those who migrate: Alembic and us."""
        version = self.context.migration_context.version_table
        return table in {version, LEASE_TABLE} or table.startswith(BATCH_COPY)

    def _is_included(self, name: Name) -> bool:
        parents: Any = {"schema_name": name.schema or None}
        return self.context.run_name_filters(name.name, "table", parents)


def _shared(found: Snapshot, ours: Collection[Name]) -> set[str]:
    """Return the schemas that have something which is not ours."""
    tables = {name.schema for name in found.tables if name not in ours}
    return tables | {one.name.schema for one in found.code}


def _names(differences: Differences, database: Snapshot) -> Iterator[Name]:
    """Yield the tables that differ, and those that refer to them."""
    names = {one.name for one in differences.tables}
    yield from names
    for table in database.tables.values():
        if any(key.target in names for key in table.of_kind(Kind.FOREIGN_KEY)):
            yield table.name
