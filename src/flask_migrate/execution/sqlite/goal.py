"""Where a table is to get."""

from dataclasses import dataclass

from flask_migrate.database.sqlite.catalog import Catalog
from flask_migrate.database.sqlite.ddl import Table
from flask_migrate.database.sqlite.tokens import quote
from flask_migrate.execution.sqlite.changes import Change, DropColumn
from flask_migrate.execution.sqlite.resolve import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Where a table is to get, and from where.

    Attributes:
        catalog: What there is around it.
        base: The table, once SQLite has renamed its columns.
        target: The table as it is to be.
        needed: The changes that change something, indexes left out.
        is_reshaped: Its order or its options change too, or somebody wants it rebuilt.
        last: The columns that SQLite renames in the end.
        created: The statements of the new indexes.
        dropped: The names of the indexes that go.
        new_name: What it is called in the end, or None.
    """

    catalog: Catalog
    base: Table
    target: Table
    needed: tuple[Change, ...]
    is_reshaped: bool
    last: Names
    created: tuple[str, ...]
    dropped: tuple[str, ...]
    new_name: str | None

    @property
    def schema(self) -> str:
        """The schema, quoted."""
        return quote(self.catalog.schema)

    @property
    def address(self) -> str:
        """Schema and table, quoted."""
        return f"{self.schema}.{quote(self.base.name)}"

    @property
    def dropped_columns(self) -> tuple[str, ...]:
        """The columns that go."""
        return tuple(one.name for one in self.needed if isinstance(one, DropColumn))
