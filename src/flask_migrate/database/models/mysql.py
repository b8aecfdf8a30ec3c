"""The tables of a MariaDB or MySQL database as SQLAlchemy's: made anew, they are the same.

SQLAlchemy's own reflection loses CHECKs of columns, MariaDB's JSON, defaults that are
expressions, the order of an index, and takes a unique index for two things. A snapshot has it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect, literal_column
from sqlalchemy.sql.elements import conv

from flask_migrate.database.models.mysql_types import type_of
from flask_migrate.database.snapshots.mysql.places import quote, unquote
from flask_migrate.database.snapshots.mysql.unasked import made_by_foreign_keys
from flask_migrate.values.schema import Column, Constraint, Index, Kind, Name, Snapshot, Table

_INDEX = re.compile(
    r"(?P<kind>UNIQUE |FULLTEXT |SPATIAL )?\((?P<parts>.*)\)(?P<more>[ A-Z]*)", re.DOTALL
)
_PART = re.compile(r"(?P<name>`(?:[^`]|``)*`)(?:\((?P<length>\d+)\))?(?P<order> DESC)?(?:, |$)")
_ACTION = re.compile(
    r" ON (DELETE|UPDATE) (RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT)(?=$| ON )"
)
_COLON = re.compile(r"(?<![:\w\\]):(?=\w)")
_NOT_SAID = frozenset({"system_versioning"})
_NAMES_OF_INDEXES = re.compile(r"(.*_)?(idx|ix|index)(_.*)?", re.IGNORECASE)


def models_of(
    snapshot: Snapshot, names: Collection[Name], *, dialect: Dialect
) -> dict[Name, sa.Table]:
    """Return tables of a database as SQLAlchemy's.

    An index that the server makes for a foreign key is left out.

    Args:
        snapshot: What there is in the database.
        names: The tables; what is missing in the snapshot is left out.
        dialect: Of the server.
    """
    tables = [snapshot.tables[name] for name in names if name in snapshot.tables]
    metadata = sa.MetaData()
    made = {one.name: _table(one, metadata, dialect) for one in tables}
    for table in tables:
        for key in table.of_kind(Kind.FOREIGN_KEY):
            made[table.name].append_constraint(_foreign_key(key, made[table.name], made))
    return made


def _table(table: Table, metadata: sa.MetaData, dialect: Dialect) -> sa.Table:
    unasked = made_by_foreign_keys(table)
    options: dict[str, Any] = {
        f"{dialect.name}_{name}": value for name, value in table.options if name not in _NOT_SAID
    }
    return sa.Table(
        table.name.name,
        metadata,
        *(_column(one, table, dialect) for one in table.columns),
        *(_constraint(one) for one in table.constraints if one.kind is not Kind.FOREIGN_KEY),
        *(_index(one, dialect) for one in table.indexes if one.name not in unasked),
        schema=table.name.schema or None,
        comment=table.comment,
        **options,
    )


def _column(column: Column, table: Table, dialect: Dialect) -> sa.Column[Any]:
    arguments: list[Any] = []
    if column.computed is not None:
        expression: Any = literal_column(column.computed.expression)
        arguments = [sa.Computed(expression, persisted=column.computed.is_stored)]
    check = dict(column.options).get("check")
    if check is not None:
        # A column takes no `literal_column` here.
        arguments.append(sa.CheckConstraint(sa.text(_COLON.sub(r"\\:", check))))
    return sa.Column(
        column.name,
        type_of(column.type, column.collation, dialect),
        *arguments,
        nullable=column.nullable,
        autoincrement=_autoincrement(column, table),
        server_default=None if column.default is None else literal_column(column.default),
        comment=column.comment,
    )


def _autoincrement(column: Column, table: Table) -> Any:
    """Return what tells SQLAlchemy of a column what it would not take for granted."""
    is_key = any(one.columns == (column.name,) for one in table.of_kind(Kind.PRIMARY_KEY))
    refers = any(column.name in one.columns for one in table.of_kind(Kind.FOREIGN_KEY))
    if column.is_numbered:
        return "auto" if is_key and not refers else True
    return False if is_key and "int(" in column.type else "auto"


def _constraint(constraint: Constraint) -> sa.Constraint:
    if constraint.kind is Kind.PRIMARY_KEY:
        return sa.PrimaryKeyConstraint(*constraint.columns)
    text = constraint.definition.removeprefix("CHECK (")[:-1]
    return sa.CheckConstraint(literal_column(text), name=conv(str(constraint.name)))


def _index(index: Index, dialect: Dialect) -> sa.Index | sa.UniqueConstraint:
    if index.is_unique and not _NAMES_OF_INDEXES.fullmatch(index.name) and _is_plain(index):
        return sa.UniqueConstraint(*map(str, index.columns), name=conv(index.name))
    found = _INDEX.fullmatch(index.definition)
    assert found is not None  # noqa: S101  (the reader wrote it)
    options = dict(_options(found, dialect))
    return sa.Index(index.name, *_parts(found, options), unique=index.is_unique, **options)


def _is_plain(index: Index) -> bool:
    columns = (quote(str(one)) for one in index.columns)
    return index.definition == f"UNIQUE ({', '.join(columns)})"


def _options(found: re.Match[str], dialect: Dialect) -> Iterator[tuple[str, Any]]:
    kind = (found["kind"] or "").strip()
    if kind not in {"", "UNIQUE"}:
        yield f"{dialect.name}_prefix", kind
    if "USING HASH" in found["more"]:
        yield f"{dialect.name}_using", "hash"  # in capitals it would be quoted
    parts = list(_PART.finditer(found["parts"]))
    lengths = {unquote(one["name"]): int(one["length"]) for one in parts if one["length"]}
    if lengths and not any(one["order"] for one in parts):
        yield f"{dialect.name}_length", lengths


def _parts(found: re.Match[str], options: Mapping[str, Any]) -> Iterator[Any]:
    parts = list(_PART.finditer(found["parts"]))
    if "".join(one.group() for one in parts) != found["parts"]:
        yield sa.text(found["parts"])  # expressions, which only MySQL has
        return
    has_lengths = any(one.endswith("_length") for one in options)
    for one in parts:
        if one["order"] or (one["length"] and not has_lengths):
            yield sa.text(one.group().removesuffix(", "))
        else:
            yield unquote(one["name"])


def _foreign_key(
    key: Constraint, model: sa.Table, made: Mapping[Name, sa.Table]
) -> sa.ForeignKeyConstraint:
    assert key.target is not None  # noqa: S101  (a foreign key has one)
    actions = dict(_ACTION.findall(key.definition))
    parent = made.get(key.target)
    if parent is None or any(one not in parent.c for one in key.target_columns):
        parent = _stand_in(key.target, key.target_columns)
    return sa.ForeignKeyConstraint(
        [model.c[one] for one in key.columns],
        [parent.c[one] for one in key.target_columns],
        name=conv(str(key.name)),
        ondelete=actions.get("DELETE"),
        onupdate=actions.get("UPDATE"),
    )


def _stand_in(target: Name, columns: Collection[str]) -> sa.Table:
    """Return a table for one that a foreign key refers to, which is not among the others."""
    return sa.Table(
        target.name,
        sa.MetaData(),
        *(sa.Column(name) for name in dict.fromkeys(columns)),
        schema=target.schema or None,
    )
