"""What a key or an index is about: columns and expressions, each with its order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_migrate.database.sqlite.canonical import (
    canonical_collation,
    canonical_name,
    canonical_tokens,
    unwrapped,
)
from flask_migrate.database.sqlite.parse import split
from flask_migrate.database.sqlite.tokens import Token, fold, unquote
from flask_migrate.values.schema import Name

_ENDS = frozenset({"ASC", "DESC", "AUTOINCREMENT"})
_COLLATED = 3
"""The words of `name COLLATE collation`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a table is to its keys and indexes, and to the foreign keys of others.

    Attributes:
        name: Its schema and name.
        columns: The names of its columns, by their folded names.
        collations: The canonical collations of columns that have one, by their folded names.
        key: The columns of its primary key.
    """

    name: Name
    columns: Mapping[str, str]
    collations: Mapping[str, str]
    key: tuple[str, ...]

    def column(self, name: str) -> str:
        """Return the name of a column as the table has it, as far as it has such a column."""
        return self.columns.get(fold(name), name)


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a key or an index.

    Attributes:
        column: The column; None for an expression.
        text: All of it, canonical.
    """

    column: str | None
    text: str


def terms(tokens: Iterable[Token], table: Known) -> Iterator[Term]:
    """Yield the parts of a list.

    Args:
        tokens: What stands in the parentheses, without space and comments.
        table: The table that it belongs to.
    """
    return (_term(part, table) for part in split(tokens))


def listed(columns: Iterable[str]) -> str:
    """Return columns as they stand in a key.

    >>> listed(["a", "order"])
    '(a, "order")'
    """
    return f"({', '.join(map(canonical_name, columns))})"


def _term(part: list[Token], table: Known) -> Term:
    ends = []
    while len(part) > 1 and part[-1].keyword in _ENDS:
        ends.append(part.pop().keyword)
    order = " DESC" if "DESC" in ends else ""
    tokens = unwrapped(part)
    collation = None
    column = _column(tokens, table)
    if column is None and len(tokens) >= _COLLATED and tokens[-2].keyword == "COLLATE":
        column = _column(unwrapped(tokens[:-2]), table)
        collation = canonical_collation(unquote(tokens[-1].text)) or "BINARY"
    if column is None:
        return Term(None, canonical_tokens(tokens, table.columns) + order)
    is_usual = collation in {None, table.collations.get(fold(column), "BINARY")}
    collated = "" if is_usual else f" COLLATE {collation}"
    return Term(column, f"{canonical_name(column)}{collated}{order}")


def _column(tokens: Iterable[Token], table: Known) -> str | None:
    match list(tokens):
        case [token] if token.is_name:
            return table.columns.get(fold(unquote(token.text)))
    return None
