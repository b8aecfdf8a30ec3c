"""What others have said of tables and columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alembic.operations import ops

from flask_migrate.values.schema import Name

TYPES = "types"
DEFAULT = "server_default"
NULLABLE = "nullable"
COMMENTS = "comments"
INDEXES = "indexes"
FOREIGN_KEYS = "foreignkeys"
CHECKS = "checkconstraints"
OF_COLUMNS = (TYPES, DEFAULT, NULLABLE, COMMENTS)
"""What Alembic compares of a column, in its words."""
OF_TABLES = (INDEXES, FOREIGN_KEYS, CHECKS, COMMENTS)
"""What Alembic compares of a table besides its columns."""


class Place(StrEnum):
    """Where a table is that somebody has added something to."""

    NEW = "new"
    GONE = "gone"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """What others have said.

    Attributes:
        tables: What of a table does not differ, whatever the server says.
        columns: The same of a column.
        changes: What is to change in columns besides what the server says.
        parts: What is to happen to tables besides.
    """

    tables: Mapping[Name, frozenset[str]] = field(default_factory=dict)
    columns: Mapping[tuple[Name, str], frozenset[str]] = field(default_factory=dict)
    changes: tuple[ops.AlterColumnOp, ...] = ()
    parts: tuple[tuple[Place, ops.ModifyTableOps], ...] = ()

    def hides(self, element: str, table: Name, column: str | None = None) -> bool:
        """Return whether somebody says that an element does not differ.

        Args:
            element: In the words of Alembic.
            table: The table.
            column: Its column; None for what is of the table itself.
        """
        if column is None:
            return element in self.tables.get(table, ())
        return element in self.columns.get((table, column), ())

    def changed(self) -> dict[tuple[str | None, str], list[Any]]:
        """Return the changes of columns by their table: its schema, its name."""
        found: dict[tuple[str | None, str], list[Any]] = {}
        for one in self.changes:
            found.setdefault((one.schema, one.table_name), []).append(one)
        return found
