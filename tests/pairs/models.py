"""Models as values that print themselves as Python."""

from dataclasses import dataclass, replace
from typing import Any

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""The naming convention of those that have one."""


class Unknown:
    """In place of a value that only the server knows, the same one in every row."""


class Numbered:
    """One value that only the server knows, and no other row has."""


def is_known(value: Any) -> bool:
    """Return whether a value is one."""
    return value is not Unknown and not isinstance(value, Numbered)


@dataclass(frozen=True, kw_only=True)
class Type:
    """A type.

    Attributes:
        text: How it is written.
        family: The types whose values are kept when one becomes another.
        limit: How long a text may be, how far from 0 a number; which labels an enum has.
        is_plain: It can be in a key, and in an index.
    """

    text: str
    family: str
    limit: Any = None
    is_plain: bool = True


@dataclass(frozen=True, kw_only=True)
class Default:
    """A default.

    Attributes:
        text: How it is written.
        value: What rows get.
    """

    text: str
    value: Any = Unknown


@dataclass(frozen=True, kw_only=True)
class Formula:
    """What a column is computed from.

    Attributes:
        column: The other column.
        name: Which formula it is; see `tests.pairs.rules`.
        options: As they are written.
    """

    column: str
    name: str
    options: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; `numbering` is what else makes its values, as it is written."""

    name: str
    type: Type
    nullable: bool = True
    default: Default | None = None
    in_python: Default | None = None
    formula: Formula | None = None
    numbering: str = ""
    options: str = ""
    comment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Key:
    """A primary key."""

    columns: tuple[str, ...]
    name: str | None = None
    options: str = ""


@dataclass(frozen=True, kw_only=True)
class Unique:
    """A unique constraint, or a unique index."""

    columns: tuple[str, ...]
    name: str | None = None
    is_index: bool = False
    options: str = ""


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index; each part is a format that has `{}` in place of its column."""

    columns: tuple[str, ...]
    name: str
    parts: tuple[str, ...]
    options: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A CHECK of one column; see `tests.pairs.rules`."""

    columns: tuple[str, ...]
    rule: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class ForeignKey:
    """A foreign key."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    name: str | None = None
    options: str = ""


Part = Unique | Index | Check | ForeignKey


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table."""

    name: str
    columns: tuple[Column, ...]
    key: Key | None
    parts: tuple[Part, ...] = ()
    schema: str | None = None
    comment: str | None = None
    options: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """What SQLAlchemy calls it."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def column(self, name: str) -> Column | None:
        """Return a column by its name."""
        return next((one for one in self.columns if one.name == name), None)

    def with_column(self, column: Column) -> "Table":
        """Return the table with a column in the place of that of the same name."""
        columns = (column if one.name == column.name else one for one in self.columns)
        return replace(self, columns=tuple(columns))

    def of(self, kind: type) -> list[Any]:
        """Return the parts of a kind."""
        return [one for one in self.parts if isinstance(one, kind)]


@dataclass(frozen=True, kw_only=True)
class Enum:
    """An enum, which columns share; `options` are as they are written."""

    name: str
    labels: tuple[str, ...]
    options: str = ""


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """A sequence; `options` are as they are written."""

    name: str
    options: str = ""


@dataclass(frozen=True, kw_only=True)
class Models:
    """One version of the models of an application on a kind of database."""

    dialect: str
    tables: tuple[Table, ...] = ()
    enums: tuple[Enum, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    has_convention: bool = False

    def table(self, full_name: str) -> Table | None:
        """Return a table by what SQLAlchemy calls it."""
        return next((one for one in self.tables if one.full_name == full_name), None)

    def with_table(self, table: Table) -> "Models":
        """Return the models with a table in the place of that of the same name."""
        tables = (table if one.full_name == table.full_name else one for one in self.tables)
        return replace(self, tables=tuple(tables))
