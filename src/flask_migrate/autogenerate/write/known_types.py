"""Types of PostgreSQL that a new table uses and does not make."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM
from sqlalchemy.types import TypeDecorator, TypeEngine

from flask_migrate._sqlalchemy import copied, item_type
from flask_migrate.values.schema import Name


def with_known_types(
    column: sa.Column[Any], *, new: Collection[Name], dialect: sa.Dialect
) -> sa.Column[Any]:
    """Return a column whose type says that it is there already, if that is so.

    Args:
        column: Of a new table.
        new: The types that come with their first table.
        dialect: The server.
    """
    made = _made_by_table(column.type, dialect)
    if made is None or Name(made.schema or "", str(made.name)) in new:
        return column
    known = copied(column)
    known.type = _known(column.type, dialect)
    return known


def _made_by_table(type_: TypeEngine[Any], dialect: sa.Dialect) -> Any:
    inner = item_type(type_.dialect_impl(dialect), dialect)
    return inner if isinstance(inner, ENUM | DOMAIN) else None


def _known(type_: TypeEngine[Any], dialect: sa.Dialect) -> TypeEngine[Any]:
    if isinstance(type_, TypeDecorator):
        return _known(type_.load_dialect_impl(dialect), dialect)
    variant = getattr(type_, "_variant_mapping", {}).get(dialect.name)
    if variant is not None:
        return _known(variant, dialect)
    if isinstance(type_, sa.ARRAY):
        return sa.ARRAY(_known(type_.item_type, dialect), dimensions=type_.dimensions)
    if isinstance(type_, sa.Enum):
        return ENUM(*type_.enums, name=type_.name, schema=type_.schema, create_type=False)
    if isinstance(type_, DOMAIN):
        return DOMAIN(str(type_.name), type_.data_type, schema=type_.schema, create_type=False)
    return type_
