"""What MariaDB will say of models, as information_schema tells it. Pure.

MySQL tells types with other words: no table of its has a description that is equal.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    Column,
    Constraint,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
)

from flask_migrate._sqlalchemy import in_order_of_creation
from flask_migrate.database.descriptions.describing import Describing
from flask_migrate.database.descriptions.uncertain import Uncertain, require
from flask_migrate.database.snapshots.mysql.constraints import qualified
from flask_migrate.database.snapshots.mysql.indexes import PRIMARY
from flask_migrate.database.snapshots.mysql.places import quote
from flask_migrate.values import schema
from flask_migrate.values.schema import Kind, Name

_TYPES = {
    "BIGINT": "bigint(20)",
    "BLOB": "blob",
    "BOOL": "tinyint(1)",
    "DATE": "date",
    "DATETIME": "datetime",
    "DOUBLE": "double",
    "FLOAT": "float",
    "INTEGER": "int(11)",
    "JSON": "json",
    "LONGBLOB": "longblob",
    "LONGTEXT": "longtext",
    "MEDIUMTEXT": "mediumtext",
    "NUMERIC": "decimal(10,0)",
    "SMALLINT": "smallint(6)",
    "TEXT": "text",
    "TIME": "time",
    "TINYINT": "tinyint(4)",
    "UUID": "uuid",
}
_WITH_LENGTH = re.compile(r"(VARCHAR|CHAR|DATETIME|NUMERIC)\((\d+)(?:, ?(\d+))?\)")
_ENUM = re.compile(r"ENUM\((?:'\w+'(?:,|\)))+")
_WHOLE_NUMBER = re.compile(r"'?(0|[1-9]\d{0,3})'?")
_WHOLE = frozenset({"int(11)", "bigint(20)", "smallint(6)", "tinyint(4)", "tinyint(1)"})
_NOW = frozenset({"now()", "CURRENT_TIMESTAMP"})
_BOOLEANS = {"true": "1", "false": "0"}


class MariaDB(Describing):
    """Describes tables as MariaDB does."""

    options = ("mysql_", "mariadb_")
    longest_name = 64
    plain_action = "RESTRICT"

    def parts(self, table: Table) -> tuple[list[schema.Constraint], list[schema.Index]]:
        """Return the constraints of a table, and its indexes, in any order.

        A unique constraint is an index, and a foreign key has one.
        """
        constraints, indexes = super().parts(table)
        indexes += (_index_of(one) for one in constraints if one.kind is Kind.UNIQUE)
        kept = [one for one in constraints if one.kind is not Kind.UNIQUE]
        keys = (one.columns for one in kept if one.kind is Kind.PRIMARY_KEY)
        indexes += self._made_by_keys(table, [*keys, *(one.columns for one in indexes)])
        require(len({one.name for one in indexes}) == len(indexes))
        return kept, indexes

    def written_type(self, sent: str) -> str:
        """Return a type as the server writes it.

        >>> from sqlalchemy.dialects.mysql import dialect
        >>> MariaDB(dialect()).written_type("NUMERIC(10, 2)")
        'decimal(10,2)'
        """
        if sent in _TYPES:
            return _TYPES[sent]
        if _ENUM.fullmatch(sent):
            return f"enum{sent[4:]}"
        found = _WITH_LENGTH.fullmatch(sent)
        if found is None:
            raise Uncertain
        name, length, scale = found.groups()
        if name == "NUMERIC":
            return f"decimal({length},{scale or 0})"
        return f"{name.lower()}({length})"

    def written_default(self, sent: str, type_: str) -> str | None:
        """Return a default as the server writes it.

        >>> from sqlalchemy.dialects.mysql import dialect
        >>> server = MariaDB(dialect())
        >>> server.written_default("'1'", "int(11)"), server.written_default("now()", "datetime")
        ('1', 'current_timestamp()')
        """
        # What comes back of others depends on settings of the server.
        require(sent.isascii() and sent.isprintable())
        number = _WHOLE_NUMBER.fullmatch(sent)
        if sent.startswith("'") and type_.startswith(("varchar(", "enum(")):
            return sent
        if type_ == "datetime" and sent in _NOW:
            return "current_timestamp()"
        if type_ == "tinyint(1)" and sent in _BOOLEANS:
            return _BOOLEANS[sent]
        if number and type_ in _WHOLE:
            return number[1]
        raise Uncertain

    def comment(self, comment: str | None) -> str | None:
        """Return what the server tells of a comment: that is in three bytes a character."""
        require(max(comment or " ") <= "\uffff")
        return comment or None

    def is_numbered(self, column: Column[Any]) -> bool:
        """Return whether a column is AUTO_INCREMENT."""
        has_sequence = isinstance(column.default, Sequence) and not column.default.optional
        return (
            column is column.table.autoincrement_column
            and column.server_default is None
            and not has_sequence
        )

    def name_of_constraint(self, constraint: Constraint, columns: tuple[str, ...]) -> str:
        """Return the name of a constraint, as the models or the server give it."""
        if isinstance(constraint, PrimaryKeyConstraint):
            return PRIMARY
        if constraint.name is not None:
            return self.checked(constraint.name)
        if isinstance(constraint, UniqueConstraint):
            return columns[0]
        keys: list[Constraint] = [*constraint.table.foreign_key_constraints]
        unnamed = [one for one in in_order_of_creation(keys) if one.name is None]
        return f"{constraint.table.name}_ibfk_{unnamed.index(constraint) + 1}"

    def listed(self, columns: Iterable[str]) -> str:
        """Return columns as they stand in a definition, in parentheses."""
        return f"({', '.join(map(quote, columns))})"

    def referred(self, target: Name) -> str:
        """Return a table as it stands behind REFERENCES."""
        return f"{qualified(target)} "

    def index_definition(self, columns: tuple[str, ...], *, is_unique: bool) -> str:
        """Return all of an index but its name and its table."""
        return f"{'UNIQUE ' if is_unique else ''}{self.listed(columns)}"

    def _made_by_keys(
        self, table: Table, there: list[tuple[str | None, ...]]
    ) -> Iterator[schema.Index]:
        """Yield the indexes that the server makes for foreign keys that no other one serves."""
        keys = in_order_of_creation(table.foreign_key_constraints)
        require(len({key.columns[0] for key in keys}) == len(keys))
        for key in keys:
            columns = tuple(str(one.name) for one in key.columns)
            if not any(one[: len(columns)] == columns for one in there):
                yield schema.Index(
                    name=str(key.name or columns[0]),
                    is_unique=False,
                    columns=columns,
                    definition=self.index_definition(columns, is_unique=False),
                )


def _index_of(unique: schema.Constraint) -> schema.Index:
    return schema.Index(
        name=str(unique.name),
        is_unique=True,
        columns=unique.columns,
        definition=unique.definition,
    )
