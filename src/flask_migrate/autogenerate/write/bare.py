"""Types and columns without their CHECK, which is written as a constraint: Alembic adds it too."""

from typing import Any

import sqlalchemy as sa

from flask_migrate._sqlalchemy import copied


def bare_type(type_: Any, dialect: sa.Dialect) -> Any:
    """Return a type without the CHECK that it brings along.

    Args:
        type_: The type of an Enum, a Boolean or anything else, or None.
        dialect: Of the server.
    """
    if not getattr(type_, "create_constraint", False):
        return type_
    if isinstance(type_, sa.types.TypeDecorator):
        type_ = type_.load_dialect_impl(dialect)
    bare = type_.copy()
    bare.create_constraint = False
    return bare


def bare_column(column: sa.Column[Any], dialect: sa.Dialect) -> sa.Column[Any]:
    """Return a column without the CHECK that its type brings along."""
    type_ = bare_type(column.type, dialect)
    if type_ is column.type:
        return column
    bare = copied(column)
    bare.type = type_
    return bare
