"""A table, and what there is to say of it beside its columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from flask_migrate.database.snapshots.mysql.catalog import is_partitioned
from flask_migrate.database.snapshots.mysql.columns import read_column
from flask_migrate.database.snapshots.mysql.constraints import (
    checks,
    checks_of_columns,
    foreign_keys,
)
from flask_migrate.database.snapshots.mysql.flavours import Flavour
from flask_migrate.database.snapshots.mysql.indexes import indexes, primary_key
from flask_migrate.database.snapshots.mysql.places import Places, literal, quote
from flask_migrate.values.schema import Options, Table

_OF_ARIA = frozenset({("page_checksum", "1"), ("transactional", "1")})
_OPTION = re.compile(r"(?P<name>`[^`]+`|\w+)=(?P<value>'(?:[^'\\]|''|\\.)*'|\S*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a table has that nobody says anything about.

    Attributes:
        engine: Its engine.
        collation: That of its database.
    """

    engine: str
    collation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """What information_schema says of one table; see `Catalog`."""

    table: Row[Any]
    columns: Sequence[Row[Any]]
    indexes: Sequence[Row[Any]]
    keys: Sequence[Row[Any]]
    rules: Sequence[Row[Any]]
    checks: Sequence[Row[Any]]
    partitions: Sequence[Row[Any]]


def read_table(rows: TableRows, *, usual: Usual, places: Places, flavour: Flavour) -> Table:
    """Return a table.

    Args:
        rows: What information_schema says of it.
        usual: What it has that nobody says anything about.
        places: The databases.
        flavour: How the server says it.
    """
    table = rows.table
    own_checks = checks_of_columns(rows.checks)
    constraints = (
        *primary_key(rows.indexes, flavour),
        *foreign_keys(rows.keys, rows.rules, places=places, flavour=flavour),
        *checks(rows.checks, places=places, flavour=flavour),
    )
    return Table(
        name=places.name(table.table_schema, table.table_name),
        columns=tuple(
            read_column(
                column,
                collation=table.table_collation,
                checks=own_checks,
                places=places,
                flavour=flavour,
            )
            for column in sorted(rows.columns, key=lambda row: row.ordinal_position)
        ),
        constraints=tuple(
            sorted(constraints, key=lambda one: (one.kind, one.name, one.definition))
        ),
        indexes=tuple(indexes(rows.indexes, flavour)),
        comment=table.table_comment or None,
        options=_options(rows, usual),
    )


def _options(rows: TableRows, usual: Usual) -> Options:
    table = rows.table
    found = dict(_create_options(table.create_options or ""))
    if table.engine == "Aria":
        # Told or not, after whatever has happened to the table.
        found = {name: value for name, value in found.items() if (name, value) not in _OF_ARIA}
    if table.engine != usual.engine:
        found["engine"] = table.engine or ""
    if table.table_collation != usual.collation:
        found["collate"] = table.table_collation or ""
    if table.table_type == "SYSTEM VERSIONED":
        found["system_versioning"] = "yes"
    if is_partitioned(table):
        found["partition_by"] = _partition_by(rows.partitions)
    return tuple(sorted(found.items()))


def _create_options(told: str) -> Iterator[tuple[str, str]]:
    """Yield the options of a table.

    >>> list(_create_options("row_format=DYNAMIC `page_compressed`='1'"))
    [('row_format', 'DYNAMIC'), ('page_compressed', '1')]
    """
    for found in _OPTION.finditer(told):
        yield found["name"].strip("`").lower(), found["value"].strip("'")


def _partition_by(rows: Sequence[Row[Any]]) -> str:
    first = rows[0]
    names = {row.partition_name: row for row in rows}
    by = f"{first.partition_method} ({first.partition_expression or ''})"
    if first.subpartition_method:
        by += f" SUBPARTITION BY {first.subpartition_method} ({first.subpartition_expression})"
    if list(names) == [f"p{number}" for number in range(len(names))] and not any(
        row.partition_description for row in rows
    ):
        return f"{by} PARTITIONS {len(names)}"
    groups = groupby(rows, key=lambda row: row.partition_name)
    return f"{by} ({', '.join(_partition(list(group)) for _, group in groups)})"


def _partition(rows: Sequence[Row[Any]]) -> str:
    first = rows[0]
    comment = f" COMMENT = {literal(first.partition_comment)}" if first.partition_comment else ""
    inner = [
        f"SUBPARTITION {quote(row.subpartition_name)}" for row in rows if row.subpartition_name
    ]
    within = f" ({', '.join(inner)})" if inner else ""
    return f"PARTITION {quote(first.partition_name)}{_values(first)}{comment}{within}"


def _values(row: Row[Any]) -> str:
    values = row.partition_description
    if values is None:
        return ""
    if row.partition_method.startswith("LIST"):
        return " DEFAULT" if values == "MAXVALUE" else f" VALUES IN ({values})"
    if not row.partition_method.startswith("RANGE"):
        return f" {values}"
    return f" VALUES LESS THAN {values if values == 'MAXVALUE' else f'({values})'}"
