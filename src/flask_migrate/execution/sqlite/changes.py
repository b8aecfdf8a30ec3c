"""What one batch asks of a table, as text: no SQLAlchemy, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_migrate.database.sqlite.ddl import Column, Constraint, Kind
from flask_migrate.execution.sqlite.readings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """Add a column.

    Attributes:
        column: Its definition.
        before: The column that it goes before, or None.
        after: The column that it goes behind, or None.
        is_primary_key: It is to be part of the primary key.
        unless_exists: Nothing happens if there is such a column.
    """

    column: Column
    before: str | None = None
    after: str | None = None
    is_primary_key: bool = False
    unless_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """Remove a column."""

    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """Give a column another name."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeColumn:
    """Change a column; None leaves as it is what it is about.

    Attributes:
        name: The column.
        declared: The new type, as text.
        reading: How SQLAlchemy will read its values.
        not_null: Whether NULL is forbidden.
        default: A clause DEFAULT or GENERATED, or an empty text to have none.
        collation: The new collation, or an empty text to have none.
        not_null_conflict: What is behind ON CONFLICT of its NOT NULL, or an empty text.
        key_conflict: The same of the primary key that it belongs to.
        before: The column that it goes before.
        after: The column that it goes behind.
    """

    name: str
    declared: str | None = None
    reading: Reading | None = None
    not_null: bool | None = None
    default: str | None = None
    collation: str | None = None
    not_null_conflict: str | None = None
    key_conflict: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint:
    """Add a constraint.

    Attributes:
        constraint: What it says.
        only_if_missing: It tells of one that may be there, and have no name yet.
        is_of_type: A type (Boolean, Enum) brings it along, and calls columns as before.
    """

    constraint: Constraint
    only_if_missing: bool = False
    is_of_type: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint:
    """Remove a constraint.

    Attributes:
        name: Its name, or that which a naming convention gives it; None where nobody knows.
        kind: What it is, or None if nobody said.
        of_type: The CHECK that a type (Boolean, Enum) brings along: it may not be there.
        if_exists: It may not be there.
    """

    name: str | None
    kind: Kind | None = None
    of_type: Constraint | None = None
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex:
    """Create an index."""

    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """Remove an index."""

    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """Give the table another name, after everything else."""

    new_name: str


Change = (
    AddColumn
    | DropColumn
    | RenameColumn
    | ChangeColumn
    | AddConstraint
    | DropConstraint
    | CreateIndex
    | DropIndex
    | RenameTable
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one batch asks of a table.

    Attributes:
        table: Its name.
        schema: Its schema, or None for the main one.
        changes: In the order of the batch.
        order: Columns that are to come one after the other.
        options: What the table is to be or not: "STRICT", "WITHOUT ROWID", "AUTOINCREMENT".
        always: The table is to be rebuilt, needed or not.
    """

    table: str
    schema: str | None = None
    changes: tuple[Change, ...] = ()
    order: tuple[tuple[str, ...], ...] = ()
    options: Mapping[str, bool] = field(default_factory=dict)
    always: bool = False
