"""What is particular to SQLite when a schema changes."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import Difference, Differences
from flask_migrate.autogenerate.operations import AlterColumn, RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.remarks import view_lost
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.sqlite.sides import SqliteSide
from flask_migrate.autogenerate.write.sqlite.views import gone_from, views_of
from flask_migrate.database.sqlite.affinity import affinity_of
from flask_migrate.values.schema import Column, Name


class SQLite(Server):
    """SQLite 3.35 or newer: what ALTER TABLE does not do, a batch does."""

    alters_keys = False
    """Foreign keys are off while a revision runs, and a table is rebuilt once."""

    def first(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what drops the views that read what goes: SQLite refuses to drop it before."""
        for view in reversed(views_of(before.snapshot.code, gone_from(differences))):
            dropped = RunSQL(f"DROP VIEW {self.quoted(view.name)}")
            dropped.remark = view_lost(view.name)
            yield dropped

    def last(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what makes such views on the way back."""
        for view in views_of(after.snapshot.code, gone_from(differences.reversed())):
            yield RunSQL(escaped(view.definition))

    def side(self, side: Side) -> Side:
        """Return a side that finds constraints without a name."""
        return SqliteSide.of(side, self.dialect)

    def makes_anew(self, before: Column, after: Column) -> bool:  # noqa: ARG002
        """Return False: a batch changes how a column is computed, and keeps what is about it."""
        return False

    def can_be_filled(self, before: Column, after: Column) -> bool:
        """Return whether a column takes the new default: the length of a type means nothing."""
        is_alike = affinity_of(before.type) is affinity_of(after.type)
        return before.computed is None and is_alike

    def change(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> AlterColumn:
        """Return all changes of a column as one operation."""
        change = super().change(table, difference, old, new)
        before, after = difference.before, difference.after
        if before is not None and after is not None and before.computed != after.computed:
            change.modify_server_default = new.server_default
        return change
