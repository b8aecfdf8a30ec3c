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
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Constraint, Index, Kind, Name

_CONCURRENTLY = "postgresql_concurrently"
_SUFFIXES = {
    Kind.PRIMARY_KEY: "pkey",
    Kind.UNIQUE: "key",
    Kind.FOREIGN_KEY: "fkey",
    Kind.CHECK: "check",
    Kind.EXCLUDE: "excl",
}


def name_of(constraint: Constraint, table: Name) -> conv:
    """Return the name of a constraint: a server's own, or the one that PostgreSQL would give."""
    given = [] if constraint.kind is Kind.PRIMARY_KEY else constraint.columns
    return conv(constraint.name or "_".join([table.name, *given, _SUFFIXES[constraint.kind]]))


def add_constraint(
    constraint: Constraint, table: Name, side: Side, *, server: Server
) -> Iterator[Any]:
    """Yield what gives a table a constraint.

    Args:
        constraint: The constraint, in the words of the server.
        table: The table.
        side: Where the table has it.
        server: What is particular to the server.
    """
    as_sql = server.constraint_as_sql(table, constraint, side)
    yield from _add_constraint(constraint, table, side) if as_sql is None else as_sql
    yield from server.about_constraint(table, constraint)


def _add_constraint(constraint: Constraint, table: Name, side: Side) -> Iterator[Any]:
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


def add_index(
    index: Index, table: Name, side: Side, *, is_new: bool = False
) -> Iterator[ops.CreateIndexOp]:
    """Yield what gives a table an index.

    Args:
        index: The index, in the words of the server.
        table: The table.
        side: Where the table has it.
        is_new: The table comes with it: nobody has to wait.
    """
    found = side.index(table, index)
    if found is None:
        return
    created = CreateIndex.from_index(found)
    assert isinstance(created, CreateIndex)  # noqa: S101  (it is a class method)
    if is_new:
        created.kw = {name: one for name, one in created.kw.items() if name != _CONCURRENTLY}
    else:
        created.stands_alone = bool(created.kw.get(_CONCURRENTLY))
    yield created


def drop_index(index: Index, table: Name) -> DropIndex:
    """Return what takes an index away from a table."""
    return DropIndex(index.name, table.name, schema=table.schema or None)
