"""Views and triggers as values."""

from collections.abc import Iterator, Mapping

from flask_migrate.database.sqlite.catalog import Entry
from flask_migrate.database.sqlite.reads import reads_of
from flask_migrate.database.sqlite.terms import Known
from flask_migrate.database.sqlite.tokens import fold
from flask_migrate.values.schema import Code, Name


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
    """Yield what a view reads, as far as its words tell."""
    others = {name: one.columns for name, one in tables.items() if name != fold(entry.name)}
    for table, column in reads_of(entry.sql or "", others):
        yield tables[table].name, others[table].get(column, "")
