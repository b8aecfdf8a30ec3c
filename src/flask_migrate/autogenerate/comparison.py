"""Compare models with a database in the database's own words, and write both ways."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from flask_migrate._sqlalchemy import creation_of_view
from flask_migrate.autogenerate.code import CodeComparison, Made, declared_by, not_compared
from flask_migrate.autogenerate.compare.code import key_of
from flask_migrate.autogenerate.compare.names import name_constraints
from flask_migrate.autogenerate.compare.schemas import compare_snapshots
from flask_migrate.autogenerate.compare.users import counts, is_used
from flask_migrate.autogenerate.differences import Difference, Differences
from flask_migrate.autogenerate.filters import Filters
from flask_migrate.autogenerate.operations import without_remarks
from flask_migrate.autogenerate.others.ask import Others, are_asked
from flask_migrate.autogenerate.others.join import joined
from flask_migrate.autogenerate.others.opinions import Opinions
from flask_migrate.autogenerate.sides import Side, as_kept
from flask_migrate.autogenerate.write.pick import server_of, writer_of
from flask_migrate.autogenerate.write.script import Script
from flask_migrate.database.judge import judge
from flask_migrate.database.lease import LEASE_TABLE
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.database.snapshots.read import (
    read_code,
    read_snapshot,
    read_tables,
    require_default_schema,
)
from flask_migrate.database.sqlite.catalog import BATCH_COPY
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Kind, Name, Snapshot, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays:
    """What makes the database equal to the models, and what takes that back.

    Attributes:
        upgrade: The operations of one way.
        downgrade: Those of the other way.
        failed: The tables that the server could not be asked about, each with its reason.
        problems: What a person should know of views, functions and triggers.
    """

    upgrade: tuple[Any, ...]
    downgrade: tuple[Any, ...]
    failed: Mapping[Name, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Compares the models with one database.

    Attributes:
        context: Alembic's view of it.
        schemas: The schemas to look at; None for the default one.
        is_left_alone: Whether a table is not ours to drop.
        has_made_sequence: Whether a revision has made a sequence that no default names.
        made: What the revisions have made besides tables.
    """

    context: AutogenContext
    schemas: Collection[str | None]
    is_left_alone: Callable[[Name], bool]
    has_made_sequence: Callable[[Name], bool]
    made: Made

    def run(self) -> BothWays:
        """Return what settles the differences.

        Raises:
            NoScratchPlace: The server has no place to try the models in.
        """
        connection = self._connection()
        require_default_schema(connection)
        tables = self._tables()
        schemas = {name or "" for name in self.schemas} | self._schemas_to_come(tables)
        found = read_snapshot(connection, schemas)
        declared = declared_by(self.context, connection, there=found.code)
        judged = judge(connection, tables, found, code=declared)
        if judged.snapshot.schemas - schemas:
            found = read_snapshot(connection, schemas | judged.snapshot.schemas)
        code = CodeComparison(
            declared=declared, judged=judged, found=found, schemas=schemas, made=self.made
        )
        ours = self._only_ours(found, judged, schemas)
        wanted, named = name_constraints(ours, judged.snapshot)
        differences = compare_snapshots(wanted, named)
        server, writer = server_of(connection.dialect), writer_of(connection.dialect)
        there = server.prepared(differences, wanted, named)
        back = server.prepared(differences.reversed(), named, wanted)
        names = {*_names(there, wanted), *_names(back, wanted)}
        ask_others = are_asked(self.context)
        known = read_tables(connection, ours, {*wanted.tables} if ask_others else names)
        before = server.side(Side(snapshot=wanted, tables=known))
        after = server.side(Side(snapshot=named, tables=tables))
        settled = server.settle(differences, before, after)
        others = Others(self.context, database=before, models=after, server=server)
        opinions = others.opinions() if ask_others else Opinions()
        filtered = Filters(
            context=self.context, database=before, models=after, opinions=opinions
        ).apply(settled)
        left, after = code.added_to(filtered, after, is_same=server.is_same_code)
        before = _with_code(before, read_code(connection, _old(left)))
        left = replace(left, schemas=tuple(_schemas(left, found, after.snapshot)))
        script = Script(differences=left, before=before, after=after, server=server, writer=writer)
        upgrade, downgrade = joined(
            list(script.write()), without_remarks(script.reversed().write()), opinions
        )
        return BothWays(
            upgrade=upgrade,
            downgrade=downgrade,
            failed={name: why for name, why in judged.failed.items() if name in tables},
            problems=tuple(code.problems()),
        )

    def not_compared(self) -> Iterator[Problem]:
        """Yield what is said of the models where the server has no place to try them in."""
        declared = declared_by(self.context, self._connection(), there=())
        if declared:
            yield not_compared(declared)

    def _connection(self) -> Connection:
        connection = self.context.connection
        assert connection is not None  # noqa: S101  (nothing is compared without one)
        return connection

    def _tables(self) -> dict[Name, sa.Table]:
        return {
            self._name(table): table
            for table in self.context.sorted_tables
            if not self._is_a_tool(str(table.name)) and creation_of_view(table) is None
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
        return Name(schema, as_kept(str(table.name), self.context.dialect))

    def _only_ours(self, found: Snapshot, judged: Judged, schemas: Collection[str]) -> Snapshot:
        """Return what is there without what is not ours to change."""
        kept = {
            name: table
            for name, table in found.tables.items()
            if name.schema in schemas
            and not self._is_a_tool(name.name)
            and self._is_included(name)
            and name not in judged.failed
            and (name in judged.snapshot.tables or self._may_go(table, found))
        }
        sequences = {
            name: one
            for name, one in found.sequences.items()
            if name in judged.snapshot.sequences or self._is_our_sequence(name, found, judged)
        }
        others = replace(found, tables={n: one for n, one in found.tables.items() if n not in kept})
        enums = {
            name: one
            for name, one in found.enums.items()
            if name in judged.snapshot.enums or not is_used(name, others)
        }
        return replace(found, tables=kept, sequences=sequences, enums=enums)

    def _is_our_sequence(self, name: Name, found: Snapshot, judged: Judged) -> bool:
        """Return whether a sequence that the models lack is ours to drop."""
        if counts(name, judged.snapshot) or name in judged.failed:
            return False
        return counts(name, found) or self.has_made_sequence(name)

    def _may_go(self, table: Table, found: Snapshot) -> bool:
        """Return whether a table that the models lack is ours to drop.

        If there are no models at all, every table is, and somebody else refuses that. Of a
        table that the application leaves out, nothing is said.
        """
        if table.owner:
            return False
        if not self.context.sorted_tables:
            return True
        return self._is_wanted(table.name, found) and not self.is_left_alone(table.name)

    def _is_wanted(self, name: Name, found: Snapshot) -> bool:
        if self.context.opts.get("include_object") is None:
            return True
        known = read_tables(self._connection(), found, [name])[name]
        return self.context.run_object_filters(known, name.name, "table", True, None)  # noqa: FBT003

    def _is_a_tool(self, table: str) -> bool:
        """Return whether a table belongs to those who migrate: Alembic and us."""
        version = self.context.migration_context.version_table
        return table in {version, LEASE_TABLE} or table.startswith(BATCH_COPY)

    def _is_included(self, name: Name) -> bool:
        parents: Any = {"schema_name": name.schema or None}
        return self.context.run_name_filters(name.name, "table", parents)


def _names(differences: Differences, database: Snapshot) -> Iterator[Name]:
    """Yield the tables that differ, and those that refer to them."""
    names = {one.name for one in differences.tables}
    yield from names
    for table in database.tables.values():
        if any(key.target in names for key in table.of_kind(Kind.FOREIGN_KEY)):
            yield table.name


def _old(differences: Differences) -> Iterator[Code]:
    """Yield the code that goes or changes, which the way back makes again."""
    return (one.before for one in differences.code if one.before is not None)


def _with_code(side: Side, code: Iterable[Code]) -> Side:
    """Return a side with another text for some of its code."""
    known = {key_of(one): one for one in code}
    every = tuple(known.get(key_of(one), one) for one in side.snapshot.code)
    return replace(side, snapshot=replace(side.snapshot, code=every))


def _schemas(
    differences: Differences, found: Snapshot, after: Snapshot
) -> Iterator[Difference[str]]:
    """Yield the schemas that come, and those whose last table goes."""
    gone = {one.name for one in differences.tables if one.after is None}
    for one in differences.schemas:
        there = {name for name in found.tables if name.schema == one.before}
        has_code = any(code.name.schema == one.before for code in after.code)
        if one.before is None or (there and there <= gone and not has_code):
            yield one
