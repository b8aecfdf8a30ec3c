"""What PostgreSQL will say of models, as its format_type and pg_get_expr write it. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    Constraint,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Sequence,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ENUM

from flask_migrate._sqlalchemy import is_plain
from flask_migrate.database.descriptions.describing import Describing
from flask_migrate.database.descriptions.uncertain import Uncertain, require
from flask_migrate.values.schema import EnumType, Name

_TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "BYTEA": "bytea",
    "CIDR": "cidr",
    "DATE": "date",
    "DOUBLE PRECISION": "double precision",
    "FLOAT": "double precision",
    "INET": "inet",
    "INTEGER": "integer",
    "INTERVAL": "interval",
    "JSON": "json",
    "JSONB": "jsonb",
    "MACADDR": "macaddr",
    "NUMERIC": "numeric",
    "REAL": "real",
    "SMALLINT": "smallint",
    "TEXT": "text",
    "TIME WITHOUT TIME ZONE": "time without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "TIMESTAMP WITHOUT TIME ZONE": "timestamp without time zone",
    "TSVECTOR": "tsvector",
    "UUID": "uuid",
    "VARCHAR": "character varying",
}
_LENGTHS = re.compile(r"(VARCHAR|CHAR|NUMERIC)\((\d+)(?:, ?(\d+))?\)")
_WITH_LENGTH = {"VARCHAR": "character varying", "CHAR": "character", "NUMERIC": "numeric"}
_TEXTS = frozenset({"text", "character varying"})
_BOOLEANS = {"'true'": "true", "'false'": "false", "'1'": "true", "'0'": "false"}
_WHOLE_NUMBER = re.compile(r"'?(0|[1-9]\d{0,3})'?")
_MOMENTS = frozenset({"timestamp with time zone", "timestamp without time zone"})
_AS_SENT = {
    "now()": _MOMENTS,
    "CURRENT_TIMESTAMP": _MOMENTS,
    "CURRENT_DATE": frozenset({"date"}),
    "gen_random_uuid()": frozenset({"uuid"}),
    "true": frozenset({"boolean"}),
    "false": frozenset({"boolean"}),
    "'{}'": frozenset({"json", "jsonb"}),
    "'[]'": frozenset({"json", "jsonb"}),
}
_SUFFIXES = {PrimaryKeyConstraint: "pkey", UniqueConstraint: "key", ForeignKeyConstraint: "fkey"}


class PostgreSQL(Describing):
    """Describes tables as PostgreSQL does."""

    options = ("postgresql_",)
    events = ("ON UPDATE", "ON DELETE")

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self._known_quoted: dict[str, str] = {}

    def type(self, column: Column[Any]) -> str:
        """Return the type of a column; note the enum that it is."""
        if is_plain(column.type) and not isinstance(column.type, Enum):
            return super().type(column)
        type_ = column.type.dialect_impl(self.dialect)
        return self._enum(type_) if isinstance(type_, ENUM) else super().type(column)

    def written_type(self, sent: str) -> str:
        """Return a type as the server writes it.

        >>> from sqlalchemy.dialects.postgresql import dialect
        >>> PostgreSQL(dialect()).written_type("NUMERIC(10, 2)")
        'numeric(10,2)'
        """
        if sent in _TYPES:
            return _TYPES[sent]
        found = _LENGTHS.fullmatch(sent)
        if found is None:
            raise Uncertain
        name, length, scale = found.groups()
        if name == "NUMERIC":
            return f"numeric({length},{scale or 0})"
        return f"{_WITH_LENGTH[name]}({length})"

    def written_default(self, sent: str, type_: str) -> str | None:
        """Return a default as the server writes it.

        >>> from sqlalchemy.dialects.postgresql import dialect
        >>> server = PostgreSQL(dialect())
        >>> server.written_default("'new'", "character varying(20)")
        "'new'::character varying"
        >>> server.written_default("'1'", "boolean"), server.written_default("'1'", "bigint")
        ('true', "'1'::bigint")
        """
        plain_type = type_.partition("(")[0]
        number = _WHOLE_NUMBER.fullmatch(sent)
        if type_ in _AS_SENT.get(sent, ()):
            return f"{sent}::{type_}" if sent.startswith("'") else sent
        if sent.startswith("'") and (plain_type in _TEXTS or type_ in self.enums):
            return f"{sent}::{plain_type}"
        if type_ == "boolean" and sent in _BOOLEANS:
            return _BOOLEANS[sent]
        if number and type_ == "integer":
            return number[1]
        if number and type_ in {"bigint", "smallint"}:
            return f"{sent}::{type_}" if sent.startswith("'") else sent
        if number and number[0] == number[1] and plain_type in {"numeric", "double precision"}:
            return sent
        raise Uncertain

    def is_numbered(self, column: Column[Any]) -> bool:
        """Return whether a column is a SERIAL."""
        is_free = column.default is None or (
            isinstance(column.default, Sequence) and column.default.optional
        )
        return is_free and column.primary_key and column is column.table.autoincrement_column

    def name_of_constraint(self, constraint: Constraint, columns: tuple[str, ...]) -> str:
        """Return the name of a constraint, as the models or the server give it."""
        if constraint.name is not None:
            return self.checked(constraint.name)
        of_columns = () if isinstance(constraint, PrimaryKeyConstraint) else columns
        suffix = _SUFFIXES[type(constraint)]
        return self.checked("_".join((str(constraint.table.name), *of_columns, suffix)))

    def listed(self, columns: Iterable[str]) -> str:
        """Return columns as they stand in a definition, in parentheses."""
        return f"({', '.join(map(self._quoted, columns))})"

    def referred(self, target: Name) -> str:
        """Return a table as it stands behind REFERENCES."""
        return ".".join(self._quoted(one) for one in (target.schema, target.name) if one)

    def index_definition(self, columns: tuple[str, ...], *, is_unique: bool) -> str:  # noqa: ARG002
        """Return all of an index but its name and its table."""
        return f"USING btree {self.listed(columns)}"

    def _enum(self, type_: ENUM) -> str:
        require(type_.create_type)
        is_default = type_.schema in {None, self.dialect.default_schema_name}
        name = Name("" if is_default else self.checked(type_.schema), self.checked(type_.name))
        enum = EnumType(name=name, labels=tuple(type_.enums))
        written = self.referred(name)
        require(self.enums.setdefault(written, enum) == enum)
        return written

    def _quoted(self, name: str) -> str:
        if name not in self._known_quoted:
            # Some drivers want a percent sign twice; the server has it once.
            written = self.dialect.identifier_preparer.quote(name).replace("%%", "%")
            self._known_quoted[name] = written
        return self._known_quoted[name]
