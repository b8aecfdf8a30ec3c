"""Read what SQLite keeps of a schema: its statements, as they were written."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from flask_migrate.database.sqlite.tokens import fold, literal, mentions, quote, same, significant
from flask_migrate.database.sqlite.virtual import shadows_of

Query = Callable[[str], Sequence[Any]]
"""Returns the rows of a SELECT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A table, an index, a trigger or a view.

    Attributes:
        kind: "table", "index", "trigger" or "view".
        name: Its name.
        table: The table or view that it belongs to; its own name for tables and views.
        sql: The statement that makes it; None for an index that SQLite made by itself.
        schema: "main", "temp" or the name of an attached database.
    """

    kind: str
    name: str
    table: str
    sql: str | None
    schema: str

    @property
    def is_internal(self) -> bool:
        """Whether SQLite makes it by itself."""
        return self.sql is None or fold(self.name).startswith("sqlite_")

    @property
    def is_virtual(self) -> bool:
        """Whether it is a table whose rows a module keeps."""
        # SQLite writes the first words itself.
        return (self.sql or "").startswith("CREATE VIRTUAL TABLE ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key of another table, or of the table itself.

    Attributes:
        table: The table that has it.
        columns: The columns that it refers to; empty means the primary key.
    """

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A schema, and what there is about one table of it.

    Attributes:
        schema: "main", "temp" or the name of an attached database.
        entries: What is in the schema, and in the temporary one, which may refer to it: all
            of it, or what can concern the table.
        references: The foreign keys that refer to the table.
        has_rows: Whether the table has any.
        sequence: The last number that AUTOINCREMENT gave, or None.
    """

    schema: str
    entries: tuple[Entry, ...]
    references: tuple[Reference, ...]
    has_rows: bool
    sequence: int | None

    def find(self, kind: str, name: str) -> Entry | None:
        """Return a part of the schema by its name."""
        return next(
            (
                entry
                for entry in self.entries
                if entry.kind == kind and same(entry.name, name) and entry.schema == self.schema
            ),
            None,
        )

    def of_table(self, kind: str, table: str) -> tuple[Entry, ...]:
        """Return the indexes or the triggers of a table, without those that SQLite made."""
        return tuple(
            entry
            for entry in self.entries
            if entry.kind == kind and same(entry.table, table) and not entry.is_internal
        )

    def is_shadow(self, table: str) -> bool:
        """Return whether a table belongs to a virtual one."""
        virtual = [entry.sql or "" for entry in self.entries if entry.is_virtual]
        return fold(table) in shadows_of(virtual)

    @property
    def has_code(self) -> bool:
        """Whether there are views or triggers, which a change of any table may break."""
        return any(entry.kind in {"view", "trigger"} for entry in self.entries)

    def free_name(self, wanted: str) -> str:
        """Return a name that nothing has.

        Args:
            wanted: It, if nothing has it. It begins with an underscore.
        """
        taken = {fold(entry.name) for entry in self.entries}
        name, number = wanted, 1
        while fold(name) in taken:
            number += 1
            name = f"{wanted}_{number}"
        return name


def read_catalog(
    connection: Connection,
    table: str,
    *,
    schema: str | None,
    beside: Collection[str] | None = None,
) -> Catalog:
    """Read a schema, and what there is about one table of it.

    Args:
        connection: Where to read.
        table: The table; it may be missing.
        schema: None for the main one.
        beside: Read only what can concern the table, and the indexes of these names, whatever
            table has them; None to read everything.
    """
    schema = schema or "main"
    query = partial(_rows, connection)
    entries = _read_both(query, schema, "" if beside is None else _concerning(table, beside))
    if beside is not None and any(one.kind in {"view", "trigger"} for one in entries):
        # They may speak of any other table.
        entries = _read_both(query, schema, "")
    is_there = any(one.kind == "table" and same(one.name, table) for one in entries)
    return Catalog(
        schema=schema,
        entries=entries,
        references=_references(connection, table, schema),
        has_rows=is_there and _has_rows(connection, table, schema),
        sequence=_sequence(connection, table, schema, entries),
    )


def _read_both(query: Query, schema: str, condition: str) -> tuple[Entry, ...]:
    return tuple(
        entry
        for one in dict.fromkeys([schema, "temp"])
        for entry in read_entries(query, one, condition=condition)
    )


def _concerning(table: str, indexes: Collection[str]) -> str:
    """Return the condition for what a change of a table has to know of.

    Besides its own parts that is every view and trigger, virtual tables, which have others, and
    every name that is like those of the tables that we make for the while.
    """
    named = ", ".join(map(literal, indexes))
    return (
        f"WHERE type IN ('view', 'trigger') OR tbl_name = {literal(table)} COLLATE NOCASE "
        "OR name = 'sqlite_sequence' OR substr(name, 1, 1) = '_' "
        "OR sql LIKE 'CREATE VIRTUAL TABLE %' "
        f"OR (type = 'index' AND name COLLATE NOCASE IN ({named}))"
    )


def read_entries(query: Query, schema: str, *, condition: str = "") -> tuple[Entry, ...]:
    """Read what there is in a schema.

    Args:
        query: Returns the rows of a SELECT.
        schema: "main", "temp" or the name of an attached database.
        condition: The WHERE clause; "" for everything.
    """
    master = "sqlite_temp_master" if fold(schema) == "temp" else "sqlite_master"
    rows = query(f"SELECT type, name, tbl_name, sql FROM {quote(schema)}.{master} {condition}")
    return tuple(
        Entry(kind=kind, name=name, table=table, sql=sql, schema=schema)
        for kind, name, table, sql in rows
    )


def _references(connection: Connection, table: str, schema: str) -> tuple[Reference, ...]:
    master = "sqlite_temp_master" if fold(schema) == "temp" else "sqlite_master"
    rows = _rows(
        connection,
        f"""SELECT m.name, f.id, f."to"
        FROM {quote(schema)}.{master} AS m
        JOIN pragma_foreign_key_list(m.name, {literal(schema)}) AS f
        WHERE m.type = 'table' AND m.sql LIKE '%REFERENCES%'
          AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND f."table" = {literal(table)} COLLATE NOCASE
        ORDER BY m.name, f.id, f.seq""",
    )
    keys: dict[tuple[str, int], list[str]] = {}
    for name, number, column in rows:
        keys.setdefault((name, number), []).extend([column] if column else [])
    return tuple(
        Reference(table=name, columns=tuple(columns)) for (name, _), columns in keys.items()
    )


def _has_rows(connection: Connection, table: str, schema: str) -> bool:
    return bool(_rows(connection, f"SELECT 1 FROM {quote(schema)}.{quote(table)} LIMIT 1"))


def _sequence(
    connection: Connection, table: str, schema: str, entries: Sequence[Entry]
) -> int | None:
    if not any(entry.name == "sqlite_sequence" and entry.schema == schema for entry in entries):
        return None
    sequence = f"{quote(schema)}.sqlite_sequence"
    rows = _rows(
        connection,
        f"SELECT seq FROM {sequence} WHERE name = {literal(table)} COLLATE NOCASE",
    )
    return rows[0][0] if rows else None


def _rows(connection: Connection, sql: str) -> Sequence[Any]:
    return connection.exec_driver_sql(sql).all()


def uses_column(sql: str, column: str) -> bool:
    """Return whether an index is about a column, by its expressions or its WHERE too."""
    return mentions(sql[sql.find("(") :], column)


def trigger_event(sql: str) -> str:
    """Return what calls a trigger.

    >>> trigger_event('CREATE TRIGGER "delete" AFTER UPDATE ON t BEGIN DELETE FROM u; END')
    'UPDATE'
    """
    events = {"DELETE", "INSERT", "UPDATE"}
    return next((word.keyword for word in significant(sql) if word.keyword in events), "")


def listens_to(sql: str, column: str) -> bool:
    """Return whether a trigger is one for updates of a column: UPDATE OF column.

    >>> listens_to("CREATE TRIGGER t AFTER UPDATE OF a, b ON x BEGIN SELECT c; END", "b")
    True
    """
    words = significant(sql)
    for at, word in enumerate(words[:-1]):
        if word.keyword == "UPDATE" and words[at + 1].keyword == "OF":
            end = next(place for place in range(at, len(words)) if words[place].keyword == "ON")
            return mentions(sql[words[at + 1].end : words[end].start], column)
        if word.keyword == "BEGIN":
            break
    return False
