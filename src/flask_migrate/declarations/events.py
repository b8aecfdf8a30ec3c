"""Find the statements that models give to SQLAlchemy's events."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Dialect, MetaData, Table
from sqlalchemy.exc import CompileError
from sqlalchemy.schema import DDLElement

from flask_migrate._sqlalchemy import creation_of_view, is_for_dialect, is_to_run, listeners
from flask_migrate.declarations.objects import Making
from flask_migrate.declarations.statement import Creation, Part, creation_of, fold_of, split
from flask_migrate.values.schema import Name

_MAIN = "main"
"""What SQLite calls the default schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A view, a function or a trigger that models declare.

    Attributes:
        kind: As of `values.schema.Code`.
        name: Its schema and name.
        table: The table of a trigger, or the view of an index.
        text: The statement that makes it.
        is_certain: Whether the models want it here; if not, `execute_if` has a function
            that says no, perhaps only because it is there already.
        is_first: Whether it is made before the tables.
    """

    kind: str
    name: Name
    table: Name | None
    text: str
    is_certain: bool = True
    is_first: bool = False

    @property
    def key(self) -> tuple[str, Name, Name | None]:
        """What tells it from others, whichever letters are large."""
        return self.kind, _folded(self.name), self.table and _folded(self.table)

    @property
    def owner(self) -> Name:
        """A name that no table has: that of a trigger may be the same."""
        return Name(self.name.schema, f"{self.kind} {self.name.name}{self._place}")

    @property
    def _place(self) -> str:
        return f" on {self.table}" if self.table else ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}{self._place}"


def _folded(name: Name) -> Name:
    return Name(name.schema.casefold(), name.name.casefold())


def declared_code(
    metadatas: Iterable[MetaData], tables: Iterable[Table], connection: Connection
) -> tuple[Declared, ...]:
    """Return what models declare, in the order in which `create_all()` makes it.

    Python functions that listen are not run. Of the statements, only those count that make
    views, functions, procedures, triggers, and indexes of materialized views: nothing else is
    known to have no effect outside of the place that it is tried in.

    Args:
        metadatas: The metadata of the models.
        tables: Their tables, sorted.
        connection: The database. Functions that `execute_if` has been given may ask it.
    """
    every, own = list(tables), list(metadatas)
    items: list[MetaData | Table] = [*own, *every]
    first = [
        replace(one, is_first=True)
        for item in items
        for one in _listening(item, "before_create", connection)
    ]
    after = [
        *(one for table in every for one in _of_table(table, connection)),
        *(one for item in own for one in _listening(item, "after_create", connection)),
    ]
    return tuple(_without_doubles([*first, *after]))


def _without_doubles(found: Collection[Declared]) -> Iterator[Declared]:
    """Yield what is declared once, though a factory that runs again declares it again.

    What is not certain does not count if another statement makes the same.
    """
    certain = {one.key for one in found if one.is_certain}
    kept = {one.name for one in found if one.kind == "materialized view"}
    for one in dict.fromkeys(found):
        is_of_table = one.kind == "index" and one.table not in kept
        if not is_of_table and (one.is_certain or one.key not in certain):
            yield one


def _of_table(table: Table, connection: Connection) -> Iterator[Declared]:
    element = creation_of_view(table)
    if element is not None:
        yield from _statements(element, connection.dialect)
    yield from _listening(table, "after_create", connection)


def _listening(item: MetaData | Table, event: str, connection: Connection) -> Iterator[Declared]:
    for one in listeners(item, event):
        if isinstance(one, DDLElement) and is_for_dialect(one, item, connection):
            is_certain = isinstance(one, Making) or is_to_run(one, item, connection)
            for found in _statements(one.against(item), connection.dialect):
                yield replace(found, is_certain=is_certain)


def _statements(element: DDLElement, dialect: Dialect) -> Iterator[Declared]:
    try:
        text = _plain(str(element.compile(dialect=dialect)), dialect)
    except (CompileError, KeyError, TypeError, ValueError):
        return  # What is for another server may be no statement of this one.
    for one in split(text) if dialect.name == "postgresql" else [text.strip()]:
        made = creation_of(one, fold=fold_of(dialect.name))
        if made is not None:
            yield _declared(made, one, dialect)


def _plain(sql: str, dialect: Dialect) -> str:
    """Return SQL as it is outside of a statement with parameters."""
    return sql.replace("%%", "%") if dialect.paramstyle in {"format", "pyformat"} else sql


def _declared(made: Creation, text: str, dialect: Dialect) -> Declared:
    return Declared(
        kind=made.kind,
        name=_name(made.target, dialect),
        table=_name(made.table, dialect) if made.table else None,
        text=text,
    )


def _name(part: Part, dialect: Dialect) -> Name:
    is_default = part.schema in {None, dialect.default_schema_name} or (
        dialect.name == "sqlite" and (part.schema or "").lower() == _MAIN
    )
    return Name("" if is_default else str(part.schema), part.name)
