"""Views and triggers as values."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from flask_migrate.database.sqlite.catalog import Entry
from flask_migrate.database.sqlite.terms import Known
from flask_migrate.database.sqlite.tokens import fold, names_in, significant
from flask_migrate.values.schema import Code, Name

_BEFORE_STAR = frozenset({"SELECT", "DISTINCT", "ALL", ",", "."})


def code_of(entry: Entry, schema: str, tables: Mapping[str, Known]) -> Code:
    """Return a view or a trigger, whose text stays as it was written.

    The text of an expression in a view is the name of a column where the view gives none, so
    that any change of it would be one of the view.

    Args:
        entry: The view or the trigger.
        schema: Where it is; "" for the default schema.
        tables: What a view can read, by their folded names; other views too.
    """
    is_view = entry.kind == "view"
    known = tables.get(fold(entry.table))
    table = known.name if known else Name(schema, entry.table)
    return Code(
        kind=entry.kind,
        name=Name(schema, entry.name),
        definition=entry.sql or "",
        table=None if is_view else table,
        uses=tuple(sorted(_uses(entry, tables))) if is_view else (),
    )


def _uses(entry: Entry, tables: Mapping[str, Known]) -> Iterator[tuple[Name, str]]:
    """Yield what a view may read: every table that it speaks of, and every column of these."""
    sql = entry.sql or ""
    spoken_of = names_in(sql)
    reads_all = "natural" in spoken_of or _has_star(sql)
    for table in sorted((spoken_of & tables.keys()) - {fold(entry.name)}):
        columns = tables[table].columns
        read = [columns[name] for name in spoken_of & columns.keys()]
        for column in [""] if reads_all or not read else read:
            yield tables[table].name, column


def _has_star(sql: str) -> bool:
    return any(
        star.text == "*" and before.keyword in _BEFORE_STAR
        for before, star in pairwise(significant(sql))
    )
