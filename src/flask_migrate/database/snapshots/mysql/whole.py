"""All there is in some databases, read at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row

from flask_migrate.database.snapshots.mysql.catalog import (
    TABLES,
    Catalog,
    Rows,
    ask_for_all,
    ask_for_counters,
)
from flask_migrate.database.snapshots.mysql.code import read_code
from flask_migrate.database.snapshots.mysql.flavours import Flavour, flavour_of
from flask_migrate.database.snapshots.mysql.places import Places, places_of
from flask_migrate.database.snapshots.mysql.sequences import read_sequence
from flask_migrate.database.snapshots.mysql.tables import TableRows, Usual, read_table
from flask_migrate.values.schema import Name, Snapshot, Table


def read(connection: Connection, schemas: Collection[str]) -> Snapshot:
    """Return what there is in some databases.

    However many tables there are, it is the same number of queries, about ten.

    Args:
        connection: To the server.
        schemas: The databases; "" is the one that the connection uses. That one is "" in the
            snapshot even if it was asked for by its name.
    """
    return read_places(connection, places_of(connection, schemas))


def read_places(connection: Connection, places: Places) -> Snapshot:
    """Return what there is in some places; see `read`."""
    flavour = flavour_of(connection)
    catalog = ask_for_all(connection, places.databases, flavour)
    things = frozenset((row.table_schema, row.table_name) for row in catalog.tables)
    return _snapshot(catalog, replace(places, things=things), flavour)


def read_counters(connection: Connection, places: Places) -> Mapping[Name, int]:
    """Return the next AUTO_INCREMENT of each table; 1 for one that does not number its rows."""
    rows = ask_for_counters(connection, places.databases)
    return {
        places.name(row.table_schema, row.table_name): int(row.next_number or 1) for row in rows
    }


def _snapshot(catalog: Catalog, places: Places, flavour: Flavour) -> Snapshot:
    usual = {
        row.table_schema: Usual(engine=row.usual_engine, collation=row.default_collation_name)
        for row in catalog.databases
    }
    tables = _tables(catalog, usual, places, flavour)
    sequences = (read_sequence(row, places) for row in catalog.sequences)
    return Snapshot(
        schemas=frozenset(map(places.schema, usual)),
        tables={one.name: one for one in tables},
        sequences={one.name: one for one in sequences},
        code=read_code(catalog, usual=usual, places=places),
    )


def _tables(
    catalog: Catalog, usual: Mapping[str, Usual], places: Places, flavour: Flavour
) -> Iterator[Table]:
    columns, indexes = _by_table(catalog.columns), _by_table(catalog.indexes)
    keys, rules = _by_table(catalog.keys), _by_table(catalog.rules)
    checks, partitions = _by_table(catalog.checks), _by_table(catalog.partitions)
    for row in sorted(catalog.tables, key=lambda row: (row.table_schema, row.table_name)):
        if row.table_type in TABLES:
            key = (row.table_schema, row.table_name)
            rows = TableRows(
                table=row,
                columns=columns.get(key, ()),
                indexes=indexes.get(key, ()),
                keys=keys.get(key, ()),
                rules=rules.get(key, ()),
                checks=checks.get(key, ()),
                partitions=partitions.get(key, ()),
            )
            yield read_table(rows, usual=usual[row.table_schema], places=places, flavour=flavour)


def _by_table(rows: Rows) -> Mapping[tuple[str, str], Sequence[Row[Any]]]:
    found: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in rows:
        found.setdefault((row.table_schema, row.table_name), []).append(row)
    return found
