"""What there is in a SQLite database, read with one query a schema.

SQLite keeps the statements that made a schema as they were written; nearly everything is said
there. Where we do not understand one, SQLite is asked what it has understood.
"""

from collections.abc import Collection, Mapping
from operator import attrgetter

from sqlalchemy import Connection

from flask_migrate.database.sqlite import ddl
from flask_migrate.database.sqlite.catalog import Entry, Query, read_entries
from flask_migrate.database.sqlite.copies import BATCH_COPY
from flask_migrate.database.sqlite.indexes import index_of
from flask_migrate.database.sqlite.parse import parse_table
from flask_migrate.database.sqlite.pragmas import Understood, read_understood
from flask_migrate.database.sqlite.reader import UnreadableDDL
from flask_migrate.database.sqlite.tables import known_of, table_of
from flask_migrate.database.sqlite.terms import Known
from flask_migrate.database.sqlite.tokens import fold
from flask_migrate.database.sqlite.views import code_of
from flask_migrate.database.sqlite.virtual import shadows_of
from flask_migrate.values.schema import Code, Index, Name, Snapshot, Table

_Read = ddl.Table | Understood
"""A table, from its statement or from what SQLite says of it."""


def read(connection: Connection, schemas: Collection[str]) -> Snapshot:
    """Return what there is in some schemas of a database.

    Args:
        connection: Where to read.
        schemas: "" for the main one, or the names of attached databases.
    """
    return read_through(lambda sql: connection.exec_driver_sql(sql).all(), schemas)


def read_through(query: Query, schemas: Collection[str]) -> Snapshot:
    """Return what there is in some schemas of a database.

    Args:
        query: Returns the rows of a SELECT.
        schemas: "" for the main one, or the names of attached databases.
    """
    there = {"temp", *(fold(row[1]) for row in query("PRAGMA database_list"))}
    parts = [_read_schema(query, one) for one in schemas if fold(one or "main") in there]
    return Snapshot(
        schemas=frozenset(schema for part in parts for schema in part.schemas),
        tables={name: table for part in parts for name, table in part.tables.items()},
        code=tuple(code for part in parts for code in part.code),
    )


def _read_schema(query: Query, schema: str) -> Snapshot:
    entries = [one for one in read_entries(query, schema or "main") if not one.is_internal]
    written = _read_tables(query, entries, schema)
    known = {fold(name): _known(one, Name(schema, name)) for name, one in written.items()}
    indexes = _indexes(entries, known)
    tables = [
        _table(one, known[fold(name)], known, tuple(indexes.get(fold(name), ())))
        for name, one in written.items()
    ]
    return Snapshot(
        schemas=frozenset({schema}),
        tables={table.name: table for table in tables},
        code=_code(entries, schema, known),
    )


def _read_tables(query: Query, entries: Collection[Entry], schema: str) -> dict[str, _Read]:
    virtual = [one for one in entries if one.is_virtual]
    shadows = shadows_of(one.sql or "" for one in virtual)
    parsed = {
        one.name: _parsed(one.sql or "")
        for one in entries
        if one.kind == "table"
        and one not in virtual
        and fold(one.name) not in shadows
        and not one.name.startswith(BATCH_COPY)
    }
    unread = {name: Name(schema, name) for name, table in parsed.items() if table is None}
    understood = read_understood(query, schema or "main", unread) if unread else {}
    return {name: table or understood[name] for name, table in parsed.items()}


def _parsed(sql: str) -> ddl.Table | None:
    try:
        return parse_table(sql)
    except UnreadableDDL:
        return None


def _known(table: _Read, name: Name) -> Known:
    return table.known if isinstance(table, Understood) else known_of(table, name)


def _table(
    table: _Read, known: Known, parents: Mapping[str, Known], indexes: tuple[Index, ...]
) -> Table:
    if isinstance(table, Understood):
        return table.table(parents, indexes)
    return table_of(table, known, parents, indexes)


def _indexes(entries: Collection[Entry], known: Mapping[str, Known]) -> dict[str, list[Index]]:
    """Return the indexes of each table, by their folded names, sorted."""
    found: dict[str, list[Index]] = {}
    for one in sorted(entries, key=attrgetter("name")):
        table = known.get(fold(one.table))
        if one.kind == "index" and table is not None:
            found.setdefault(fold(one.table), []).append(index_of(one.name, one.sql or "", table))
    return found


def _code(entries: Collection[Entry], schema: str, known: Mapping[str, Known]) -> tuple[Code, ...]:
    views = {
        fold(one.name): Known(name=Name(schema, one.name), columns={}, collations={}, key=())
        for one in entries
        if one.kind == "view"
    }
    found = [one for one in entries if one.kind in {"view", "trigger"}]
    return tuple(
        code_of(one, schema, {**known, **views})
        for one in sorted(found, key=attrgetter("kind", "name"))
    )
