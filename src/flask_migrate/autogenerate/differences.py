"""What two schemas do not have in common, and the same the other way round. Pure."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from flask_migrate.values.schema import (
    Code,
    Column,
    Constraint,
    Domain,
    EnumType,
    Index,
    Name,
    Sequence,
    Table,
)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Generic[Part]):
    """A part that is not on both sides the same.

    Attributes:
        before: The part as it is; None if it is to be made.
        after: The part as it is to be; None if it is to go.
    """

    before: Part | None
    after: Part | None

    def reversed(self) -> "Difference[Part]":
        """Return the way back."""
        return Difference(before=self.after, after=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDifference:
    """A table that is not on both sides the same.

    Attributes:
        before: The table as it is; None if it is to be made.
        after: The table as it is to be; None if it is to go.
        columns: What differs in its columns, if it is on both sides.
        constraints: What differs in its constraints, if it is on both sides.
        indexes: What differs in its indexes, if it is on both sides.
    """

    before: Table | None
    after: Table | None
    columns: tuple[Difference[Column], ...] = ()
    constraints: tuple[Difference[Constraint], ...] = ()
    indexes: tuple[Difference[Index], ...] = ()

    @property
    def name(self) -> Name:
        """The name of the table."""
        table = self.after or self.before
        assert table is not None  # noqa: S101  (it is on one side)
        return table.name

    def reversed(self) -> "TableDifference":
        """Return the way back."""
        return TableDifference(
            before=self.after,
            after=self.before,
            columns=tuple(one.reversed() for one in self.columns),
            constraints=tuple(one.reversed() for one in self.constraints),
            indexes=tuple(one.reversed() for one in self.indexes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What two schemas do not have in common.

    Attributes:
        schemas: Those that only one side has.
        tables: Sorted by name.
        enums: Types with a list of values.
        domains: Types with conditions.
        sequences: Those that no column owns.
        code: Views, functions and triggers.
        lost: What of the code goes without anybody asking for it: it reads what goes.
    """

    schemas: tuple[Difference[str], ...] = ()
    tables: tuple[TableDifference, ...] = ()
    enums: tuple[Difference[EnumType], ...] = ()
    domains: tuple[Difference[Domain], ...] = ()
    sequences: tuple[Difference[Sequence], ...] = ()
    code: tuple[Difference[Code], ...] = ()
    lost: tuple[Code, ...] = ()

    def reversed(self) -> "Differences":
        """Return the way back."""
        return replace(
            self,
            schemas=tuple(one.reversed() for one in self.schemas),
            tables=tuple(one.reversed() for one in self.tables),
            enums=tuple(one.reversed() for one in self.enums),
            domains=tuple(one.reversed() for one in self.domains),
            sequences=tuple(one.reversed() for one in self.sequences),
            code=tuple(one.reversed() for one in self.code),
        )
