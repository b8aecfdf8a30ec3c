"""What a schema is made of, in the words of the server that keeps it. Frozen, comparable.

Whatever is text here is canonical: what two servers of one kind say of the same thing is equal,
and what is equal is the same. A name without a schema is in the default one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

Options = tuple[tuple[str, str], ...]
"""Names and values, sorted by name; what is as the server would have it anyway is left out."""


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """The name of a table, an enum, a sequence or a view.

    Attributes:
        schema: Where it is; "" for the default schema.
        name: The name itself, not quoted.
    """

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """How the server computes a column.

    Attributes:
        expression: The expression, as the server writes it.
        is_stored: It is kept in the table, and not computed when it is read.
    """

    expression: str
    is_stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A column that the standard's GENERATED AS IDENTITY numbers.

    Attributes:
        is_always: ALWAYS, and not BY DEFAULT.
        options: Of its sequence.
    """

    is_always: bool
    options: Options = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name.
        type: The type as the server writes it, with its parameters; without a collation.
        nullable: Whether it may be NULL; what the server says, for the key too.
        default: The DEFAULT as the server writes it; None for none. ON UPDATE belongs to it.
        computed: How it is computed; None for a column with values of its own.
        identity: How it is numbered by the standard; None if it is not.
        is_numbered: The server numbers it in its own way: a sequence that the column owns
            (SERIAL), AUTO_INCREMENT, AUTOINCREMENT. The default is None then.
        collation: Its collation, if that is not the one it would have anyway.
        comment: Its comment; None for none.
        options: What else there is to say of it.
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    computed: Computed | None = None
    identity: Identity | None = None
    is_numbered: bool = False
    collation: str | None = None
    comment: str | None = None
    options: Options = ()


class Kind(StrEnum):
    """The kinds of constraints, in the words of Alembic's `drop_constraint`."""

    PRIMARY_KEY = "primary"
    UNIQUE = "unique"
    FOREIGN_KEY = "foreignkey"
    CHECK = "check"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint of a table, wherever it was written.

    Attributes:
        kind: What it demands.
        name: Its name; None where the server knows none.
        columns: The columns it is about, in its order; none of a CHECK, whose text has them.
        definition: All of it but the name, as the server writes it.
        target: The table that a foreign key refers to.
        target_columns: The columns there.
        comment: Its comment; None for none.
    """

    kind: Kind
    name: str | None
    columns: tuple[str, ...]
    definition: str
    target: Name | None = None
    target_columns: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that somebody made, and not one that belongs to a constraint.

    Attributes:
        name: Its name.
        is_unique: Whether it is UNIQUE.
        columns: The columns, in its order; None in place of an expression.
        definition: All of it but its name and its table, as the server writes it.
        is_valid: Whether the server has built it to the end.
        comment: Its comment; None for none.
    """

    name: str
    is_unique: bool
    columns: tuple[str | None, ...]
    definition: str
    is_valid: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes:
        name: Its schema and name.
        columns: In the order of the table.
        constraints: Sorted by kind, name and definition.
        indexes: Sorted by name.
        comment: Its comment; None for none.
        options: What else there is to say of it: engine, STRICT, partitions, parents.
        inherited: The columns that it has from a parent.
        owner: The extension it belongs to; None for a table of its own.
    """

    name: Name
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    options: Options = ()
    inherited: tuple[str, ...] = ()
    owner: str | None = None

    def column(self, name: str) -> Column | None:
        """Return a column by its name."""
        return next((one for one in self.columns if one.name == name), None)

    def of_kind(self, kind: Kind) -> Iterator[Constraint]:
        """Yield the constraints of a kind."""
        return (one for one in self.constraints if one.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType:
    """A type with a list of values.

    Attributes:
        name: Its schema and name.
        labels: The values, in their order.
        comment: Its comment; None for none.
    """

    name: Name
    labels: tuple[str, ...]
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A type with conditions; every text is as the server writes it.

    Attributes:
        name: Its schema and name.
        type: The type underneath, with its parameters.
        collation: Its collation, if that is not the one it would have anyway.
        default: Its DEFAULT; None for none.
        is_required: It is NOT NULL.
        conditions: Its CHECKs: the name and the definition of each, sorted.
    """

    name: Name
    type: str
    collation: str | None = None
    default: str | None = None
    is_required: bool = False
    conditions: Options = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence that stands by itself: no column owns it.

    Attributes:
        name: Its schema and name.
        options: Start, increment, limits, type, cache.
    """

    name: Name
    options: Options = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A view, a function or a trigger.

    Attributes:
        kind: "view", "materialized view", "function", "procedure", "trigger" or "index".
        name: Its schema and name.
        definition: The statement that makes it, as the server writes it.
        table: The table of a trigger, or the view of an index.
        signature: The arguments of a function, where there may be more than one of a name.
        uses: The tables and columns that a view reads; "" for all of a table.
        further: Statements for what else is said of a view: comments, and who may read it.
        source: The statement that makes it, as the models have it; None for what they lack.
    """

    kind: str
    name: Name
    definition: str
    table: Name | None = None
    signature: str | None = None
    uses: tuple[tuple[Name, str], ...] = ()
    further: tuple[str, ...] = ()
    source: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        arguments = "" if self.signature is None else f"({self.signature})"
        place = f" on {self.table}" if self.table else ""
        return f"{self.kind} {self.name}{arguments}{place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What there is in some schemas of a database.

    Attributes:
        schemas: The schemas that exist, of those that were asked for; "" is the default one.
        tables: By name. Views are none, nor are partitions of a table.
        enums: By name.
        domains: By name.
        sequences: By name.
        code: Views, functions and triggers.
    """

    schemas: frozenset[str]
    tables: dict[Name, Table] = field(default_factory=dict)
    enums: dict[Name, EnumType] = field(default_factory=dict)
    domains: dict[Name, Domain] = field(default_factory=dict)
    sequences: dict[Name, Sequence] = field(default_factory=dict)
    code: tuple[Code, ...] = ()

    def part(self, tables: Collection[Name], types: Collection[Name]) -> "Snapshot":
        """Return what there is of some tables, and of some enums and domains."""
        return Snapshot(
            schemas=frozenset({"", *(name.schema for name in (*tables, *types))}),
            tables={name: self.tables[name] for name in tables},
            enums={name: self.enums[name] for name in types if name in self.enums},
            domains={name: self.domains[name] for name in types if name in self.domains},
        )
