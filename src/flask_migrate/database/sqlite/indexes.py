"""The CREATE INDEX statements that SQLite keeps, as values."""

from flask_migrate.database.sqlite.canonical import canonical_tokens, closing
from flask_migrate.database.sqlite.terms import Known, terms
from flask_migrate.database.sqlite.tokens import significant
from flask_migrate.values.schema import Index


def index_of(name: str, sql: str, table: Known) -> Index:
    """Return an index.

    Args:
        name: Its name.
        sql: The statement that made it, as SQLite keeps it.
        table: The table that it belongs to.
    """
    tokens = significant(sql)
    first = next(at for at, token in enumerate(tokens) if token.text == "(")
    last = first + closing(tokens[first:])
    parts = list(terms(tokens[first + 1 : last], table))
    is_unique = tokens[1].keyword == "UNIQUE"
    condition = tokens[last + 2 :]
    return Index(
        name=name,
        is_unique=is_unique,
        columns=tuple(part.column for part in parts),
        definition=(
            f"{'UNIQUE ' if is_unique else ''}({', '.join(part.text for part in parts)})"
            + (f" WHERE {canonical_tokens(condition, table.columns)}" if condition else "")
        ),
    )
