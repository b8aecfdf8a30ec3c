"""Tell which operations every supported database does without copying a table. Pure.

What SQLite cannot do with ALTER TABLE is in https://www.sqlite.org/lang_altertable.html.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, DefaultClause, UniqueConstraint
from sqlalchemy.sql.elements import TextClause

from flask_migrate.autogenerate.operations import RebuiltTable

_LITERAL = re.compile(r"\s*(?:[-+]?\d+(?:\.\d*)?|'(?:[^']|'')*'|NULL|TRUE|FALSE)\s*", re.IGNORECASE)


def lift_native_operations(operations: Iterable[ops.MigrateOperation]) -> Iterator[Any]:
    """Yield operations, those of a table on their own if no table must be copied for them.

    Alembic writes what stands in a group for one table in batch mode, which
    copies the table on SQLite, and what stands alone as a plain operation.
    """
    for operation in operations:
        if isinstance(operation, RebuiltTable):
            yield operation
        elif isinstance(operation, ops.ModifyTableOps) and _are_native(operation.ops):
            yield from operation.ops
        else:
            yield operation


def _are_native(operations: Sequence[ops.MigrateOperation]) -> bool:
    dropped = {
        operation.index_name for operation in operations if isinstance(operation, ops.DropIndexOp)
    }
    return all(_is_native(operation, frozenset(dropped)) for operation in operations)


def _is_native(operation: ops.MigrateOperation, dropped_indexes: frozenset[Any]) -> bool:
    if isinstance(operation, ops.AddColumnOp):
        return _is_added_natively(operation.column)
    if isinstance(operation, ops.DropColumnOp):
        return _is_dropped_natively(operation.to_column(), dropped_indexes)
    return isinstance(operation, (ops.CreateIndexOp, ops.DropIndexOp))


def _is_added_natively(column: Column[Any]) -> bool:
    if column.primary_key or column.computed or column.identity or _has_check(column):
        return False
    if column.server_default is not None:
        return _is_literal(column.server_default)
    return bool(column.nullable)


def _is_dropped_natively(column: Column[Any], dropped_indexes: frozenset[Any]) -> bool:
    if column.primary_key or column.unique or column.foreign_keys or _has_check(column):
        return False
    table = getattr(column, "table", None)
    if table is None:
        return True
    indexes = (index for index in table.indexes if index.name not in dropped_indexes)
    constraints = [*column.constraints, *table.constraints]
    return not any(column.name in index.columns for index in indexes) and not any(
        _mentions(constraint, column.name) for constraint in constraints
    )


def _mentions(constraint: Any, name: str) -> bool:
    if isinstance(constraint, CheckConstraint):
        return name.casefold() in str(constraint.sqltext).casefold()
    return isinstance(constraint, UniqueConstraint) and name in constraint.columns


def _has_check(column: Column[Any]) -> bool:
    return bool(getattr(column.type, "create_constraint", False))


def _is_literal(default: Any) -> bool:
    if not isinstance(default, DefaultClause):
        return False
    if isinstance(default.arg, TextClause):
        return _LITERAL.fullmatch(default.arg.text) is not None
    return isinstance(default.arg, str)
