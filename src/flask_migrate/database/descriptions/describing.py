"""What is described alike on every server. Pure."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    Constraint,
    Dialect,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from flask_migrate._sqlalchemy import options_of, prefixes_of
from flask_migrate.database.descriptions.defaults import Defaults
from flask_migrate.database.descriptions.uncertain import Uncertain, require
from flask_migrate.values import schema
from flask_migrate.values.schema import EnumType, Kind, Name

_ACTIONS = frozenset({"NO ACTION", "CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT"})


class Describing:
    """Describes tables. What is particular to a server, its own class says.

    Args:
        dialect: The server.

    Attributes:
        options: What the names of the options begin with that are for the server.
        longest_name: In bytes; a server cuts, or refuses, what is longer.
        events: The events of a foreign key, in the server's order.
        plain_action: What a foreign key does that was not told; the server does not say so.
        enums: The types with lists of values so far, as they are written.
    """

    options: tuple[str, ...] = ()
    longest_name = 63
    events: tuple[str, ...] = ("ON DELETE", "ON UPDATE")
    plain_action = "NO ACTION"

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.enums: dict[str, EnumType] = {}
        self._types = dialect.type_compiler_instance
        self._defaults = Defaults(dialect)
        self._checked: dict[str, str] = {}
        self._columns: dict[tuple[object, ...], schema.Column] = {}

    def table(self, table: Table) -> schema.Table:
        """Return what the server makes of a table.

        Raises:
            Uncertain: Only the server can say that.
        """
        require(not prefixes_of(table))
        self._require_no_options(table)
        constraints, indexes = self.parts(table)
        return schema.Table(
            name=self.name_of(table),
            columns=tuple(map(self._column, table.columns)),
            constraints=tuple(
                sorted(constraints, key=lambda one: (one.kind, one.name or "", one.definition))
            ),
            indexes=tuple(sorted(indexes, key=lambda one: one.name)),
            comment=self.comment(table.comment),
        )

    def name_of(self, table: Table) -> Name:
        """Return the name of a table."""
        is_default = table.schema in {None, self.dialect.default_schema_name}
        return Name("" if is_default else self.checked(table.schema), self.checked(table.name))

    def checked(self, name: object) -> str:
        """Return a name that the server takes as it is."""
        require(isinstance(name, str))
        written = str(name)
        if written not in self._checked:
            length = len(written if written.isascii() else written.encode())
            require(length <= self.longest_name)
            self._checked[written] = written
        return self._checked[written]

    def parts(self, table: Table) -> tuple[list[schema.Constraint], list[schema.Index]]:
        """Return the constraints of a table, and its indexes, in any order."""
        constraints = [self._constraint(one) for one in table.constraints if not _is_empty(one)]
        return constraints, [self.index(one) for one in table.indexes]

    def foreign_key(self, key: ForeignKeyConstraint) -> schema.Constraint:
        """Return a foreign key."""
        require(not key.match)
        columns = _names(key.columns)
        target = self.name_of(key.referred_table)
        there = tuple(str(one.column.name) for one in key.elements)
        return schema.Constraint(
            kind=Kind.FOREIGN_KEY,
            name=self.name_of_constraint(key, columns),
            columns=columns,
            definition=f"FOREIGN KEY {self.listed(columns)} REFERENCES "
            f"{self.referred(target)}{self.listed(there)}{self._actions(key)}",
            target=target,
            target_columns=there,
            comment=self.comment(key.comment),
        )

    def index(self, index: Index) -> schema.Index:
        """Return an index."""
        self._require_no_options(index)
        require(all(isinstance(part, Column) for part in index.expressions))
        columns = _names(index.columns)
        return schema.Index(
            name=self.checked(index.name),
            is_unique=bool(index.unique),
            columns=columns,
            definition=self.index_definition(columns, is_unique=bool(index.unique)),
        )

    # What a server says in its own way.

    def type(self, column: Column[Any]) -> str:
        """Return the type of a column."""
        return self.written_type(self._types.process(column.type, type_expression=column))

    def written_type(self, sent: str) -> str:
        """Return a type as the server writes it."""
        raise NotImplementedError

    def written_default(self, sent: str, type_: str) -> str | None:
        """Return a default as the server writes it, of a column with some type."""
        raise NotImplementedError

    def is_numbered(self, column: Column[Any]) -> bool:
        """Return whether the server numbers a column in its own way."""
        raise NotImplementedError

    def is_nullable(self, column: Column[Any]) -> bool:
        """Return whether the server says that a column may be NULL."""
        return bool(column.nullable) and not column.primary_key

    def comment(self, comment: str | None) -> str | None:
        """Return what the server keeps of a comment."""
        return comment or None

    def name_of_constraint(self, constraint: Constraint, columns: tuple[str, ...]) -> str | None:
        """Return the name of a constraint, as the models or the server give it."""
        raise NotImplementedError

    def listed(self, columns: Iterable[str]) -> str:
        """Return columns as they stand in a definition, in parentheses."""
        raise NotImplementedError

    def referred(self, target: Name) -> str:
        """Return a table as it stands behind REFERENCES, and what is between it and its columns."""
        raise NotImplementedError

    def index_definition(self, columns: tuple[str, ...], *, is_unique: bool) -> str:
        """Return all of an index but its name and its table."""
        raise NotImplementedError

    def _column(self, column: Column[Any]) -> schema.Column:
        require(column.computed is None and column.identity is None)
        require(not column.system and not column.constraints)
        self._require_no_options(column)
        type_, is_numbered = self.type(column), self.is_numbered(column)
        sent = None if is_numbered else self._defaults.sent(column)
        return self._columns_alike(
            self.checked(column.name),
            type_,
            self.is_nullable(column),
            None if sent is None else self.written_default(sent, type_),
            is_numbered,
            self.comment(column.comment),
        )

    def _columns_alike(self, *said: Any) -> schema.Column:
        """Return a column; those of many tables are one value."""
        if said not in self._columns:
            name, type_, nullable, default, is_numbered, comment = said
            self._columns[said] = schema.Column(
                name=name,
                type=type_,
                nullable=nullable,
                default=default,
                is_numbered=is_numbered,
                comment=comment,
            )
        return self._columns[said]

    def _constraint(self, constraint: Constraint) -> schema.Constraint:
        self._require_no_options(constraint)
        require(constraint.deferrable is None and constraint.initially is None)
        match constraint:
            case PrimaryKeyConstraint():
                first = constraint.table.autoincrement_column
                require(first is None or first is constraint.columns[0])
                return self._key(Kind.PRIMARY_KEY, constraint, "PRIMARY KEY")
            case UniqueConstraint():
                return self._key(Kind.UNIQUE, constraint, "UNIQUE")
            case ForeignKeyConstraint():
                return self.foreign_key(constraint)
        raise Uncertain

    def _key(
        self, kind: Kind, key: PrimaryKeyConstraint | UniqueConstraint, word: str
    ) -> schema.Constraint:
        columns = _names(key.columns)
        return schema.Constraint(
            kind=kind,
            name=self.name_of_constraint(key, columns),
            columns=columns,
            definition=f"{word} {self.listed(columns)}",
            comment=self.comment(key.comment),
        )

    def _actions(self, key: ForeignKeyConstraint) -> str:
        if key.ondelete is None and key.onupdate is None:
            return ""
        told = {"ON DELETE": key.ondelete, "ON UPDATE": key.onupdate}
        actions = {event: (told[event] or self.plain_action).upper() for event in self.events}
        require(_ACTIONS.issuperset(actions.values()))
        return "".join(
            f" {event} {action}" for event, action in actions.items() if action != self.plain_action
        )

    def _require_no_options(self, item: Any) -> None:
        given = options_of(item)
        require(not given or not any(one.startswith(self.options) for one in given))


def _is_empty(constraint: Constraint) -> bool:
    return isinstance(constraint, PrimaryKeyConstraint) and not len(constraint.columns)


def _names(columns: Iterable[Column[Any]]) -> tuple[str, ...]:
    return tuple(str(one.name) for one in columns)
