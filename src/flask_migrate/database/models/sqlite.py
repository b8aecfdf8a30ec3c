"""The tables of a SQLite database as SQLAlchemy's, complete: made anew, they are the same.

SQLAlchemy's own reflection loses much on SQLite: CHECKs and UNIQUEs without a name, COLLATE,
AUTOINCREMENT, ON CONFLICT, STRICT, WITHOUT ROWID, expressions. A snapshot has it all.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect, literal_column
from sqlalchemy.sql.elements import conv

from flask_migrate.database.models.sqlite_types import type_of
from flask_migrate.database.sqlite import conflicts
from flask_migrate.database.sqlite.canonical import canonical_name, closing
from flask_migrate.database.sqlite.constraints import conflict_of, rules_of
from flask_migrate.database.sqlite.ddl import Clause
from flask_migrate.database.sqlite.parse import parse_constraint, split
from flask_migrate.database.sqlite.tables import NOT_NULL_CONFLICT, STRICT, WITHOUT_ROWID
from flask_migrate.database.sqlite.terms import listed
from flask_migrate.database.sqlite.tokens import significant
from flask_migrate.values.schema import Column, Constraint, Index, Kind, Name, Snapshot, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A table of a database, said in the objects of SQLAlchemy.

    Attributes:
        table: The table.
        unsaid: What cannot be said so, canonical SQL: what is made of the table lacks it.
    """

    table: sa.Table
    unsaid: tuple[str, ...]


def models_of(
    snapshot: Snapshot, names: Collection[Name], *, dialect: Dialect
) -> dict[Name, Model]:
    """Return tables of a database as SQLAlchemy's.

    Args:
        snapshot: What there is in the database.
        names: The tables; what is missing in the snapshot is left out.
        dialect: Of SQLite.
    """
    tables = [snapshot.tables[name] for name in names if name in snapshot.tables]
    metadatas = {table.name.schema: sa.MetaData() for table in tables}
    made = {one.name: _table(one, metadatas[one.name.schema], dialect) for one in tables}
    return {
        one.name: Model(
            table=made[one.name],
            unsaid=(*_unsaid(one, dialect), *_add_foreign_keys(one, made)),
        )
        for one in tables
    }


def _table(table: Table, metadata: sa.MetaData, dialect: Dialect) -> sa.Table:
    return sa.Table(
        table.name.name,
        metadata,
        *(_column(one, table, dialect) for one in table.columns),
        *(_constraint(one) for one in table.constraints if one.kind is not Kind.FOREIGN_KEY),
        *(_index(one) for one in table.indexes),
        schema=table.name.schema or None,
        **_options(table, dialect),
    )


def _options(table: Table, dialect: Dialect) -> dict[str, Any]:
    said = dict(table.options)
    options: dict[str, Any] = {}
    if WITHOUT_ROWID in said:
        options["sqlite_with_rowid"] = False
    if STRICT in said and _knows_strict(dialect):
        options["sqlite_strict"] = True
    if any(column.is_numbered for column in table.columns):
        options["sqlite_autoincrement"] = True
    return options


def _knows_strict(dialect: Dialect) -> bool:
    """Return whether SQLAlchemy does, which learned it in 2.0.37."""
    arguments = dialect.construct_arguments or ()
    return any(class_ is sa.Table and "strict" in names for class_, names in arguments)


def _column(column: Column, table: Table, dialect: Dialect) -> sa.Column[Any]:
    computed = column.computed
    arguments = (
        [sa.Computed(literal_column(computed.expression), persisted=computed.is_stored)]
        if computed
        else []
    )
    type_ = type_of(column.type, column.collation, dialect)
    return sa.Column(
        column.name,
        type_,
        *arguments,
        nullable=column.nullable,
        server_default=_default(column.default, type_),
        **_column_options(column, table),
    )


def _default(default: str | None, type_: Any) -> Any:
    """Return a default; a truth value is one that other servers understand as well."""
    if default is None:
        return None
    if isinstance(type_, sa.Boolean) and default in {"0", "1"}:
        return sa.true() if default == "1" else sa.false()
    return literal_column(default)


def _column_options(column: Column, table: Table) -> dict[str, Any]:
    keys = (one for one in table.of_kind(Kind.PRIMARY_KEY) if one.columns == (column.name,))
    said = {
        conflicts.NOT_NULL_CONFLICT: dict(column.options).get(NOT_NULL_CONFLICT),
        conflicts.KEY_CONFLICT: next((_conflict(_clause(key)) for key in keys), None),
    }
    return {name: value for name, value in said.items() if value is not None}


def _constraint(constraint: Constraint) -> sa.Constraint:
    clause = _clause(constraint)
    options: dict[str, Any] = {"name": _name(constraint)}
    conflict = _conflict(clause)
    # Alembic does not write that of a key to a file, but it does that of a column.
    is_of_column = constraint.kind is Kind.PRIMARY_KEY and len(constraint.columns) == 1
    if conflict and not is_of_column:
        options["sqlite_on_conflict"] = conflict
    match constraint.kind:
        case Kind.PRIMARY_KEY:
            return sa.PrimaryKeyConstraint(*constraint.columns, **options)
        case Kind.UNIQUE:
            return sa.UniqueConstraint(*constraint.columns, **options)
        case _:
            return sa.CheckConstraint(literal_column(clause.expression), **options)


def _name(constraint: Constraint) -> conv | None:
    # A naming convention must not be applied to what it has made.
    return conv(constraint.name) if constraint.name is not None else None


def _clause(constraint: Constraint) -> Clause:
    return parse_constraint(constraint.definition).clause


def _conflict(clause: Clause) -> str | None:
    return conflict_of(clause).removeprefix(" ON CONFLICT ") or None


def _index(index: Index) -> sa.Index:
    text = index.definition.removeprefix("UNIQUE ")
    tokens = significant(text)
    last = closing(tokens)
    parts = [text[part[0].start : part[-1].end] for part in split(tokens[1:last])]
    condition = text[tokens[last + 1].end :].strip() if len(tokens) > last + 1 else ""
    expressions: list[Any] = [
        column if column is not None and canonical_name(column) == part else literal_column(part)
        for column, part in zip(index.columns, parts, strict=True)
    ]
    options: dict[str, Any] = {"sqlite_where": literal_column(condition)} if condition else {}
    return sa.Index(index.name, *expressions, unique=index.is_unique, **options)


def _add_foreign_keys(table: Table, made: Mapping[Name, sa.Table]) -> Iterator[str]:
    """Add the foreign keys, and yield those that refer to nothing that is known."""
    model = made[table.name]
    for one in table.of_kind(Kind.FOREIGN_KEY):
        if one.target is None or len(one.target_columns) != len(one.columns):
            yield one.definition
        else:
            parent = _parent(one.target, one.target_columns, made)
            model.append_constraint(_foreign_key(one, model, parent))


def _foreign_key(
    constraint: Constraint, model: sa.Table, parent: sa.Table
) -> sa.ForeignKeyConstraint:
    rules = rules_of(_clause(constraint))
    return sa.ForeignKeyConstraint(
        [model.c[name] for name in constraint.columns],
        [parent.c[name] for name in constraint.target_columns],
        name=_name(constraint),
        ondelete=rules.on_delete or None,
        onupdate=rules.on_update or None,
        match=rules.match or None,
        deferrable=True if rules.deferral else None,
        initially="DEFERRED" if rules.deferral.endswith("DEFERRED") else None,
    )


def _parent(target: Name, columns: Collection[str], made: Mapping[Name, sa.Table]) -> sa.Table:
    """Return the table that a foreign key refers to, or one that is called like it."""
    parent = made.get(target)
    if parent is not None and all(column in parent.c for column in columns):
        return parent
    return sa.Table(
        target.name,
        sa.MetaData(),
        *(sa.Column(name) for name in columns),
        schema=target.schema or None,
    )


def _unsaid(table: Table, dialect: Dialect) -> Iterator[str]:
    if STRICT in dict(table.options) and not _knows_strict(dialect):
        yield STRICT
    referring = {name for one in table.of_kind(Kind.FOREIGN_KEY) for name in one.columns}
    numbered = {column.name for column in table.columns if column.is_numbered}
    if numbered & referring:
        yield "AUTOINCREMENT"
    for one in (*table.of_kind(Kind.PRIMARY_KEY), *table.of_kind(Kind.UNIQUE)):
        if one.name is not None and one.kind is Kind.PRIMARY_KEY and numbered - referring:
            yield f"CONSTRAINT {canonical_name(one.name)} {one.definition}"
        elif listed(one.columns) not in one.definition:
            yield one.definition
