"""What is particular to SQLite when a schema changes."""

from typing import Any

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import AlterColumn
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.sqlite.sides import SqliteSide
from flask_migrate.database.sqlite import conflicts
from flask_migrate.database.sqlite.affinity import affinity_of
from flask_migrate.database.sqlite.tables import NOT_NULL_CONFLICT
from flask_migrate.database.sqlite.tokens import significant, unquote
from flask_migrate.values.schema import Code, Column, Constraint, Index, Kind, Name


class SQLite(Server):
    """SQLite 3.35 or newer: what ALTER TABLE does not do, a batch does."""

    alters_keys = False
    """Foreign keys are off while a revision runs, and a table is rebuilt once."""

    def is_same_code(self, before: Code, after: Code) -> bool:
        """Return whether nothing differs but blanks, comments and quotes.

        SQLite itself puts names into quotes, where a table or a column is renamed.
        """
        old, new = (_words(one.definition) for one in (before, after))
        return old == new

    def shares_names(self, part: Constraint | Index) -> bool:
        """Return whether no two tables can have such a part of the same name.

        Here that is so of indexes; other servers, where the script runs too, have more of it.
        """
        return isinstance(part, Index) or part.kind is not Kind.CHECK

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
        if before is not None and after is not None and before.options != after.options:
            _change_conflict(change, after)
        return change


def _change_conflict(change: AlterColumn, after: Column) -> None:
    """Let a change say the ON CONFLICT of NOT NULL, which goes with that."""
    if not after.nullable:
        change.modify_nullable = False
        conflict = dict(after.options).get(NOT_NULL_CONFLICT)
        change.also = {**change.also, conflicts.NOT_NULL_CONFLICT: conflict}


def _words(sql: str) -> list[str]:
    return [
        unquote(token.text) if token.kind == "quoted" else token.text for token in significant(sql)
    ]
