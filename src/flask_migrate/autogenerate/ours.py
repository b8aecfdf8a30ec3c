"""What in a database is ours to change: what the models have, and what a revision of ours made."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from flask_migrate.autogenerate.compare.users import counts, is_used
from flask_migrate.database.lease import LEASE_TABLE
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.database.snapshots.read import read_tables
from flask_migrate.database.sqlite.copies import BATCH_COPY
from flask_migrate.values.schema import Name, Snapshot, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Tells what is ours to change.

    Attributes:
        context: Alembic's view of the comparison.
        connection: The database.
        is_left_alone: Whether a table is not ours to drop.
        has_made_sequence: Whether a revision has made a sequence that no default names.
    """

    context: AutogenContext
    connection: Connection
    is_left_alone: Callable[[Name], bool]
    has_made_sequence: Callable[[Name], bool]

    def of(self, found: Snapshot, judged: Judged, schemas: Collection[str]) -> Snapshot:
        """Return what there is without what is not ours to change.

        Args:
            found: What there is.
            judged: What the server makes of the models.
            schemas: The schemas to look at.
        """
        kept = {
            name: table
            for name, table in found.tables.items()
            if name.schema in schemas
            and not self.is_a_tool(name.name)
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

    def is_a_tool(self, table: str) -> bool:
        """Return whether a table belongs to those who migrate: Alembic and us."""
        version = self.context.migration_context.version_table
        return table in {version, LEASE_TABLE} or table.startswith(BATCH_COPY)

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
        if not self.context.table_key_to_table:
            return True
        return self._is_wanted(table.name, found) and not self.is_left_alone(table.name)

    def _is_wanted(self, name: Name, found: Snapshot) -> bool:
        if self.context.opts.get("include_object") is None:
            return True
        known = read_tables(self.connection, found, [name])[name]
        return self.context.run_object_filters(known, name.name, "table", True, None)  # noqa: FBT003

    def _is_included(self, name: Name) -> bool:
        parents: Any = {"schema_name": name.schema or None}
        return self.context.run_name_filters(name.name, "table", parents)
