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
from flask_migrate.autogenerate.differences import Difference, Differences
from flask_migrate.autogenerate.filters import Filters
from flask_migrate.autogenerate.operations import without_remarks
from flask_migrate.autogenerate.others.ask import Others, are_asked
from flask_migrate.autogenerate.others.join import joined
from flask_migrate.autogenerate.others.opinions import Opinions
from flask_migrate.autogenerate.ours import Ours
from flask_migrate.autogenerate.sides import Side, as_kept
from flask_migrate.autogenerate.write.pick import server_of, writer_of
from flask_migrate.autogenerate.write.script import Script
from flask_migrate.database.judge import judge
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.database.snapshots.read import (
    read_code,
    read_snapshot,
    read_tables,
    require_default_schema,
)
from flask_migrate.declarations.events import Declared
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Kind, Name, Snapshot


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
class _Asked:
    """What the database has said.

    Attributes:
        tables: The models.
        schemas: The schemas to look at.
        found: What there is.
        declared: The code that the models declare.
        judged: What the server makes of the models and their code.
    """

    tables: Mapping[Name, sa.Table]
    schemas: Collection[str]
    found: Snapshot
    declared: Collection[Declared]
    judged: Judged


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
        asked = self._ask()
        code = CodeComparison(
            declared=asked.declared,
            judged=asked.judged,
            found=asked.found,
            schemas=asked.schemas,
            made=self.made,
        )
        script, opinions = self._compare(asked, code)
        upgrade, downgrade = joined(
            list(script.write()), without_remarks(script.reversed().write()), opinions
        )
        return BothWays(
            upgrade=upgrade,
            downgrade=downgrade,
            failed={n: why for n, why in asked.judged.failed.items() if n in asked.tables},
            problems=tuple(code.problems()),
        )

    def not_compared(self) -> Iterator[Problem]:
        """Yield what is said of the models where the server has no place to try them in."""
        declared = declared_by(self.context, self._connection(), there=())
        if declared:
            yield not_compared(declared)

    def _ask(self) -> _Asked:
        connection = self._connection()
        require_default_schema(connection)
        tables = self._tables()
        schemas = {name or "" for name in self.schemas} | self._schemas_to_come(tables)
        found = read_snapshot(connection, schemas)
        declared = declared_by(self.context, connection, there=found.code)
        judged = judge(connection, tables, found, code=declared)
        if judged.snapshot.schemas - schemas:
            found = read_snapshot(connection, schemas | judged.snapshot.schemas)
        return _Asked(tables=tables, schemas=schemas, found=found, declared=declared, judged=judged)

    def _compare(self, asked: _Asked, code: CodeComparison) -> tuple[Script, Opinions]:
        """Return what is to be written, and what others add to it."""
        connection = self._connection()
        server = server_of(connection.dialect)
        ours = self._ours().of(asked.found, asked.judged, asked.schemas)
        wanted, named = name_constraints(ours, asked.judged.snapshot)
        differences = compare_snapshots(wanted, named)
        there = server.prepared(differences, wanted, named)
        back = server.prepared(differences.reversed(), named, wanted)
        ask_others = are_asked(self.context)
        names = wanted.tables if ask_others else {*_names(there, wanted), *_names(back, wanted)}
        before = server.side(Side(snapshot=wanted, tables=read_tables(connection, ours, {*names})))
        after = server.side(Side(snapshot=named, tables=asked.tables))
        others = Others(self.context, database=before, models=after, server=server)
        opinions = others.opinions() if ask_others else Opinions()
        filters = Filters(context=self.context, database=before, models=after, opinions=opinions)
        filtered = filters.apply(server.settle(differences, before, after))
        left, after = code.added_to(filtered, after, is_same=server.is_same_code)
        return Script(
            differences=replace(left, schemas=tuple(_schemas(left, asked.found, after.snapshot))),
            before=_with_code(before, read_code(connection, _old(left))),
            after=after,
            server=server,
            writer=writer_of(connection.dialect),
        ), opinions

    def _ours(self) -> Ours:
        return Ours(
            context=self.context,
            connection=self._connection(),
            is_left_alone=self.is_left_alone,
            has_made_sequence=self.has_made_sequence,
        )

    def _connection(self) -> Connection:
        connection = self.context.connection
        assert connection is not None  # noqa: S101  (nothing is compared without one)
        return connection

    def _tables(self) -> dict[Name, sa.Table]:
        ours = self._ours()
        return {
            self._name(table): table
            for table in self.context.sorted_tables
            if not ours.is_a_tool(str(table.name)) and creation_of_view(table) is None
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
