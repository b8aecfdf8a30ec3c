"""Make tables of the rows of PostgreSQL's catalog. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from flask_migrate.database.snapshots.postgresql_rows import Row, Rows, name_of
from flask_migrate.database.snapshots.postgresql_sequences import sequence_options
from flask_migrate.values.schema import (
    Column,
    Computed,
    Constraint,
    Identity,
    Index,
    Kind,
    Name,
    Options,
    Table,
)

_KINDS = {
    "p": Kind.PRIMARY_KEY,
    "u": Kind.UNIQUE,
    "f": Kind.FOREIGN_KEY,
    "c": Kind.CHECK,
    "x": Kind.EXCLUDE,
}
_STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}


class Owned(NamedTuple):
    """A column by the table that has it and its number there."""

    table: int
    number: int


class TableRows(NamedTuple):
    """The rows of which tables are made."""

    tables: Rows
    columns: Rows
    constraints: Rows
    indexes: Rows
    sequences: Rows


def tables_of(rows: TableRows) -> Iterator[Table]:
    """Yield the tables that rows tell of.

    The options of a table are ``inherits``, ``partition_by``, ``partitions``, ``tablespace``,
    ``unlogged``, ``using`` and, each with ``with.`` before it, its storage parameters; those of a
    column ``compression``, ``local`` (one that a parent has too), ``storage`` and
    ``sequence_type``. What makes the partitions is a list of statements in JSON.
    """
    columns = _by_table(rows.columns)
    constraints, indexes = _by_table(rows.constraints), _by_table(rows.indexes)
    owned = {Owned(row["table"], row["number"]): row for row in rows.sequences if row["table"]}
    for row in rows.tables:
        id_ = row["id"]
        yield Table(
            name=name_of(row),
            columns=tuple(
                _column(one, owned.get(Owned(id_, one["number"]))) for one in columns[id_]
            ),
            constraints=tuple(sorted(map(_constraint, constraints[id_]), key=_place)),
            indexes=tuple(sorted(map(_index, indexes[id_]), key=lambda one: one.name)),
            comment=row["comment"],
            options=_table_options(row),
            inherited=tuple(one["name"] for one in columns[id_] if one["is_inherited"]),
            owner=row["owner"],
        )


def _by_table(rows: Rows) -> dict[int, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row["table"]].append(row)
    return found


def _table_options(row: Row) -> Options:
    options = {
        "inherits": row["parents"],
        "partition_by": row["partition_by"],
        "partitions": json.dumps(row["partitions"]) if row["partitions"] else None,
        "tablespace": row["tablespace"],
        "unlogged": "true" if row["is_unlogged"] else None,
        "using": row["method"],
    }
    for prefix, stored in (("with.", row["storage"]), ("with.toast.", row["toast_storage"])):
        for parameter in stored or ():
            name, _, value = parameter.partition("=")
            options[prefix + name] = value
    return tuple(sorted((name, value) for name, value in options.items() if value is not None))


def _column(row: Row, sequence: Row | None) -> Column:
    is_numbered = sequence is not None and row["default"] == _next_value(sequence)
    has_default = not (row["generated"] or is_numbered)
    return Column(
        name=row["name"],
        type=row["type"],
        nullable=row["nullable"],
        default=row["default"] if has_default else None,
        computed=_computed(row),
        identity=_identity(row, sequence),
        is_numbered=is_numbered,
        collation=row["collation"],
        comment=row["comment"],
        options=tuple(_column_options(row, sequence if is_numbered else None)),
    )


def _next_value(sequence: Row) -> str:
    literal = sequence["shown"].replace("'", "''")
    return f"nextval('{literal}'::regclass)"


def _computed(row: Row) -> Computed | None:
    if not row["generated"]:
        return None
    return Computed(expression=row["default"], is_stored=row["generated"] == "s")


def _identity(row: Row, sequence: Row | None) -> Identity | None:
    if not row["identity"]:
        return None
    options = sequence_options(sequence, row["plain_type"]) if sequence else ()
    return Identity(is_always=row["identity"] == "a", options=options)


def _column_options(row: Row, sequence: Row | None) -> Iterator[tuple[str, str]]:
    if row["compression"]:
        yield "compression", _COMPRESSION[row["compression"]]
    if row["is_inherited"] and row["is_local"]:
        yield "local", "true"
    if sequence and sequence["type"] != row["plain_type"]:
        yield "sequence_type", sequence["type"]
    if row["storage"]:
        yield "storage", _STORAGE[row["storage"]]


def _constraint(row: Row) -> Constraint:
    kind = _KINDS[row["kind"]]
    has_target = row["target"] is not None
    return Constraint(
        kind=kind,
        name=row["name"],
        columns=() if kind is Kind.CHECK else tuple(row["columns"]),
        definition=row["definition"],
        target=Name(row["target_schema"], row["target"]) if has_target else None,
        target_columns=tuple(row["target_columns"]),
        comment=row["comment"],
    )


def _place(constraint: Constraint) -> tuple[str, str, str]:
    return constraint.kind, constraint.name or "", constraint.definition


def _index(row: Row) -> Index:
    return Index(
        name=row["name"],
        is_unique=row["is_unique"],
        columns=tuple(row["columns"]),
        definition=_in_tablespace(row, row["statement"].partition(row["subject"])[2]),
        is_valid=row["is_valid"],
        comment=row["comment"],
    )


def _in_tablespace(row: Row, definition: str) -> str:
    """Say where an index is kept, which the server says only if that is asked for."""
    if row["tablespace"] is None:
        return definition
    condition = f" WHERE {row['predicate']}" if row["predicate"] else ""
    head = definition.removesuffix(condition)
    return f"{head} TABLESPACE {row['tablespace']}{definition[len(head) :]}"
