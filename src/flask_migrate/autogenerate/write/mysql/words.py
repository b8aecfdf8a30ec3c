"""Columns, indexes and tables as they stand in a statement of MariaDB and MySQL. Pure."""

from collections.abc import Iterator, Sequence

from flask_migrate.autogenerate.operations import RunSQL
from flask_migrate.autogenerate.text import escaped
from flask_migrate.database.snapshots.mysql.constraints import qualified
from flask_migrate.database.snapshots.mysql.places import literal, quote
from flask_migrate.values.schema import Column, Index, Name, Table

_TEXTS = ("char", "varchar", "text", "tinytext", "mediumtext", "longtext", "enum", "set")

_BYTES = ("binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob")
_ONLY_FROM_TEXT = {"uuid", "inet4", "inet6"}


def alter(table: Name, clauses: Sequence[str]) -> RunSQL:
    """Return the statement that does all of it to a table at once."""
    return RunSQL(escaped(f"ALTER TABLE {qualified(table)} {', '.join(clauses)}"))


def definition(column: Column) -> str:
    """Return all of a column, as it stands after ADD COLUMN or MODIFY COLUMN."""
    return " ".join([quote(column.name), column.type, *_attributes(column)])


def _attributes(column: Column) -> Iterator[str]:
    options = dict(column.options)
    if "storage" in options:
        yield options["storage"]
    if column.collation is not None:
        yield f"COLLATE {column.collation}"
    yield from _values(column)
    if "srid" in options:
        yield f"SRID {options['srid']}"
    if "invisible" in options:
        yield "INVISIBLE"
    if "without_system_versioning" in options:
        yield "WITHOUT SYSTEM VERSIONING"
    if column.comment is not None:
        yield f"COMMENT {literal(column.comment)}"
    if "check" in options:
        yield f"CHECK ({options['check']})"


def _values(column: Column) -> Iterator[str]:
    if column.computed is not None:
        kept = "STORED" if column.computed.is_stored else "VIRTUAL"
        yield f"AS ({column.computed.expression}) {kept}"
    else:
        yield "NULL" if column.nullable else "NOT NULL"
    if column.default is not None:
        yield f"DEFAULT {column.default}"
    if column.is_numbered:
        yield "AUTO_INCREMENT"


def index_definition(index: Index) -> str:
    """Return an index, as it stands after ADD."""
    kind, _, rest = index.definition.partition("(")
    return f"{kind}INDEX {quote(index.name)} ({rest}{_comment(index)}"


def _comment(index: Index) -> str:
    return "" if index.comment is None else f" COMMENT {literal(index.comment)}"


def has_text(column: Column) -> bool:
    """Return whether the values of a column have a character set."""
    return column.type.partition("(")[0].split(" ")[0] in _TEXTS


def needs_text_between(before: str, after: str) -> bool:
    """Return whether MariaDB makes one type of another only by way of a text.

    >>> needs_text_between("float", "uuid"), needs_text_between("uuid", "varchar(36)")
    (True, False)
    """
    ends = {before.partition("(")[0].split(" ")[0], after.partition("(")[0].split(" ")[0]}
    return len(ends) > 1 and bool(ends & _ONLY_FROM_TEXT) and not ends & {*_TEXTS, *_BYTES}


def changed_options(before: Table, after: Table) -> Iterator[tuple[str, str | None]]:
    """Yield the options of a table that are not what they were, None for one that goes."""
    old, new = dict(before.options), dict(after.options)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, new.get(name)
