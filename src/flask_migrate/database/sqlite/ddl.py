"""A CREATE TABLE statement as a value: what it says, and how it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from flask_migrate.database.sqlite.tokens import significant, unquote


class Kind(Enum):
    """What a clause of a column or of a table says."""

    PRIMARY_KEY = "primary key"
    UNIQUE = "unique"
    CHECK = "check"
    FOREIGN_KEY = "foreign key"
    NOT_NULL = "not null"
    NULL = "null"
    DEFAULT = "default"
    COLLATE = "collate"
    GENERATED = "generated"
    DEFERRABLE = "deferrable"
    NOTHING = "nothing"
    """A CONSTRAINT with a name and nothing behind it, which SQLite allows."""


CONSTRAINTS = frozenset({Kind.PRIMARY_KEY, Kind.UNIQUE, Kind.CHECK, Kind.FOREIGN_KEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause behind the type of a column, or a constraint of the table.

    Attributes:
        kind: What it says.
        text: As it is written, with its name and the space before it.
        name: What stands behind CONSTRAINT, or None.
        body: What it says without space and name.
        columns: Those in its parentheses; empty for a clause of a column.
        lists: Where its columns stand in `body`, first character and one behind the last.
        refers_to: The table that a foreign key refers to.
        refers_columns: Its columns; empty means its primary key.
        expression: What stands in the parentheses of a CHECK or a generated column, or
            behind DEFAULT and COLLATE.
        is_autoincrement: Of a primary key.
    """

    kind: Kind
    text: str
    name: str | None = None
    body: str = ""
    columns: tuple[str, ...] = ()
    lists: tuple[int, int] | None = None
    refers_to: str | None = None
    refers_columns: tuple[str, ...] = ()
    expression: str = ""
    is_autoincrement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        lead: The space before the name.
        written: The name as it is written.
        type: As it is written, with the space before it; empty where there is none.
        clauses: What stands behind the type.
        trail: The space behind, up to the comma.
        remark: A comment behind the comma on the same line, with the end of the line.
    """

    lead: str
    written: str
    type: str = ""
    clauses: tuple[Clause, ...] = ()
    trail: str = ""
    remark: str = ""
    comma: str = ","

    def __hash__(self) -> int:
        # What is read of a column is kept by column: the name and the type tell most apart.
        return hash((self.written, self.type))

    @property
    def name(self) -> str:
        """The name that is meant."""
        return unquote(self.written)

    @property
    def text(self) -> str:
        """The column as it is written, up to the comma."""
        clauses = "".join(clause.text for clause in self.clauses)
        return f"{self.lead}{self.written}{self.type}{clauses}{self.trail}"

    @property
    def definition(self) -> str:
        """The column as ALTER TABLE ADD COLUMN takes it."""
        return f"{self.written}{self.type}" + "".join(clause.text for clause in self.clauses)

    @property
    def declared_type(self) -> str:
        """The type without the space and the comments before it."""
        if "--" not in self.type and "/*" not in self.type:
            return self.type.strip()
        words = significant(self.type)
        return self.type[words[0].start :] if words else ""

    def clause(self, kind: Kind) -> Clause | None:
        """Return the clause of a kind that counts, which is the last one."""
        return next((one for one in reversed(self.clauses) if one.kind is kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint of the table.

    Attributes:
        clause: What it says.
        trail: The space behind, up to the comma.
        comma: Empty where there is none: SQLite does not ask for it.
        remark: A comment behind the comma on the same line, with the end of the line.
    """

    clause: Clause
    trail: str = ""
    comma: str = ","
    remark: str = ""

    @property
    def text(self) -> str:
        """The constraint as it is written, up to the comma."""
        return self.clause.text + self.trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A constraint and where it stands.

    Attributes:
        clause: What it says.
        column: The column that it is a clause of, or None.
        position: Its place among the clauses of the column or the constraints of the table.
    """

    clause: Clause
    column: str | None
    position: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is about, as far as it lists them."""
        return self.clause.columns if self.column is None else (self.column,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A CREATE TABLE statement.

    Attributes:
        start: Everything before the name.
        written: The name as it is written.
        opening: From behind the name to the parenthesis.
        columns: The columns, in order.
        constraints: The constraints of the table, in order.
        tail: From the closing parenthesis on.
    """

    start: str
    written: str
    opening: str
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    tail: str

    @property
    def name(self) -> str:
        """The name that is meant."""
        return unquote(self.written)

    @property
    def text(self) -> str:
        """The statement."""
        last = len(self.items) - 1
        inner = (
            f"{item.text}{item.comma if position < last else ''}{item.remark}"
            for position, item in enumerate(self.items)
        )
        return f"{self.start}{self.written}{self.opening}{''.join(inner)}{self.tail}"

    @property
    def items(self) -> tuple[Column | Constraint, ...]:
        """What stands in the parentheses."""
        return (*self.columns, *self.constraints)

    @property
    def options(self) -> frozenset[str]:
        """What stands behind the parenthesis: "STRICT", "WITHOUT ROWID"."""
        if self.tail == ")":
            return frozenset()
        words = " ".join(token.text.upper() for token in significant(self.tail.lstrip(")")))
        return frozenset(word.strip() for word in words.split(",") if word.strip())

    @property
    def has_rowid(self) -> bool:
        """Whether its rows have a number of their own."""
        return "WITHOUT ROWID" not in self.options

    @property
    def is_strict(self) -> bool:
        """Whether it holds values to the types of its columns."""
        return "STRICT" in self.options

    def found(self, *kinds: Kind) -> Iterator[Found]:
        """Yield the constraints of some kinds, those of columns first."""
        for column in self.columns:
            if column.clauses:
                for position, clause in enumerate(column.clauses):
                    if clause.kind in kinds:
                        yield Found(clause=clause, column=column.name, position=position)
        for position, constraint in enumerate(self.constraints):
            if constraint.clause.kind in kinds:
                yield Found(clause=constraint.clause, column=None, position=position)
