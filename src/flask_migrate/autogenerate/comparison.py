"""Compare models with a database in the database's own words."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from flask_migrate._sqlalchemy import creation_of_view
from flask_migrate.autogenerate.asked import Asked
from flask_migrate.autogenerate.declared import declared_by, not_compared
from flask_migrate.autogenerate.made import Made
from flask_migrate.autogenerate.others.presence import are_asked
from flask_migrate.autogenerate.ours import Ours
from flask_migrate.autogenerate.sides import as_kept
from flask_migrate.database.judge import judge
from flask_migrate.database.snapshots.read import read_snapshot, require_default_schema
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Name

if TYPE_CHECKING:
    from flask_migrate.autogenerate.both_ways import BothWays


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Compares the models with one database.

    Attributes:
        context: Alembic's view of it.
        schemas: The schemas to look at; None for the default one.
        is_left_alone: Whether a table is not ours to drop.
        has_made_sequence: Whether a revision has made a sequence that no default names.
        made: What the revisions have made besides tables.
        directory: The migrations directory, in whose cache it is remembered what was asked.
    """

    context: AutogenContext
    schemas: Collection[str | None]
    is_left_alone: Callable[[Name], bool]
    has_made_sequence: Callable[[Name], bool]
    made: Made
    directory: Path

    def run(self) -> "BothWays | None":
        """Return what settles the differences, or None where there is nothing to settle.

        Raises:
            NoScratchPlace: The server has no place to try the models in.
        """
        asked = self._ask()
        if asked.is_as_wanted and not are_asked(self.context):
            return None
        # All that writes is loaded for this only.
        from flask_migrate.autogenerate.both_ways import both_ways  # noqa: PLC0415

        return both_ways(self.context, self._connection(), asked, made=self.made)

    def not_compared(self) -> Iterator[Problem]:
        """Yield what is said of the models where the server has no place to try them in."""
        declared = declared_by(self.context, self._connection(), there=())
        if declared:
            yield not_compared(declared)

    def _ask(self) -> Asked:
        connection = self._connection()
        require_default_schema(connection)
        tables = self._tables()
        schemas = {name or "" for name in self.schemas} | self._schemas_to_come(tables)
        found = read_snapshot(connection, schemas)
        declared = declared_by(self.context, connection, there=found.code)
        judged = judge(connection, tables, found, code=declared, directory=self.directory)
        if judged.snapshot.schemas - schemas:
            found = read_snapshot(connection, schemas | judged.snapshot.schemas)
        return Asked(
            tables=tables,
            schemas=schemas,
            found=found,
            ours=self._ours().of(found, judged, schemas),
            declared=declared,
            judged=judged,
        )

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
        # Whoever makes tables sorts them; most are not made.
        by_key = sorted(self.context.table_key_to_table.items())
        return {
            self._name(table): table
            for _, table in by_key
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
