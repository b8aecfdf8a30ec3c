"""Constraints and indexes of a table: how they come and how they go."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.sql.elements import conv

from flask_migrate.autogenerate.operations import (
    CreateCheck,
    CreateIndex,
    CreatePrimaryKey,
    DropConstraint,
    DropIndex,
)
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.values.schema import Constraint, Index, Kind, Name, Table

_CONCURRENTLY = "postgresql_concurrently"
_SUFFIXES = {
    Kind.PRIMARY_KEY: "pkey",
    Kind.UNIQUE: "key",
    Kind.FOREIGN_KEY: "fkey",
    Kind.CHECK: "check",
    Kind.EXCLUDE: "excl",
}

_OF_EVERY_KEY = "PRIMARY"
"""What MariaDB and MySQL call every primary key, whatever name it is given."""


def name_of(constraint: Constraint, table: Name) -> conv:
    """Return the name of a constraint: a server's own, or the one that PostgreSQL would give."""
    given = [] if constraint.kind is Kind.PRIMARY_KEY else constraint.columns
    name = None if constraint.name == _OF_EVERY_KEY else constraint.name
    return conv(name or "_".join([table.name, *given, _SUFFIXES[constraint.kind]]))


def add_constraint(constraint: Constraint, table: Name, side: Side) -> Iterator[Any]:
    """Yield what gives a table a constraint.

    Args:
        constraint: The constraint, in the words of the server.
        table: The table.
        side: Where the table has it.
    """
    found = side.constraint(table, constraint)
    name = name_of(constraint, table)
    if constraint.kind is Kind.PRIMARY_KEY:
        options = dict(found.dialect_kwargs) if found is not None else {}
        yield CreatePrimaryKey(
            name, table.name, constraint.columns, schema=table.schema or None, **options
        )
    elif found is not None:
        make = CreateCheck if constraint.kind is Kind.CHECK else ops.AddConstraintOp
        operation = make.from_constraint(found)
        operation.constraint_name = name  # type: ignore[attr-defined]
        yield operation
    elif constraint.kind is Kind.CHECK:
        yield CreateCheck(
            name, table.name, sa.text(escaped(condition(constraint))), schema=table.schema or None
        )


def drop_constraint(constraint: Constraint, table: Name) -> DropConstraint:
    """Return what takes a constraint away from a table."""
    return DropConstraint(
        name_of(constraint, table),
        table.name,
        type_=None if constraint.kind is Kind.EXCLUDE else str(constraint.kind),
        schema=table.schema or None,
    )


def condition(check: Constraint) -> str:
    """Return what a CHECK demands, without the word and its parentheses."""
    text = check.definition.strip()
    if text[:5].upper() == "CHECK":
        text = text[5:].strip()
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def add_index(index: Index, table: Name, side: Side, *, is_new: bool = False) -> Iterator[Any]:
    """Yield what gives a table an index, or the unique constraint that made it.

    Args:
        index: The index, in the words of the server.
        table: The table.
        side: Where the table has it.
        is_new: The table comes with it: nobody has to wait.
    """
    found = side.index(table, index)
    if isinstance(found, sa.UniqueConstraint):
        operation = ops.AddConstraintOp.from_constraint(found)
        operation.constraint_name = conv(index.name)  # type: ignore[attr-defined]
        yield operation
    elif found is not None:
        created = CreateIndex.from_index(found)
        if str(found.name) != index.name:
            created.index_name = index.name
        yield _in_its_transaction(created, is_new=is_new)


def _in_its_transaction(created: Any, *, is_new: bool) -> Any:
    """Return an index that is built concurrently so that it can be, if that is of any use."""
    if is_new:
        created.kw = {name: one for name, one in created.kw.items() if name != _CONCURRENTLY}
    created.stands_alone = bool(created.kw.get(_CONCURRENTLY))
    return created


def drop_index(index: Index, table: Name, side: Side) -> DropIndex | DropConstraint:
    """Return what takes an index away from a table, or the unique constraint that made it."""
    schema = table.schema or None
    if isinstance(side.index(table, index), sa.UniqueConstraint):
        return DropConstraint(conv(index.name), table.name, type_="unique", schema=schema)
    return DropIndex(index.name, table.name, schema=schema)


def own_indexes(table: Table, side: Side) -> Iterator[Index]:
    """Yield the indexes of a table that come and go by themselves, and not with the table."""
    return (one for one in table.indexes if isinstance(side.index(table.name, one), sa.Index))
