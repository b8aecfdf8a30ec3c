"""Say in the log what was found, in the words and by the loggers of Alembic."""

import logging
from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

from alembic.operations import ops

from flask_migrate.autogenerate.operations import CodeSQL

_DONE = {"add": "added", "drop": "removed", "change": "changed"}
_LOGGERS = "alembic.autogenerate.compare."


def announce(operations: Iterable[Any]) -> None:
    """Log a line for each difference, as Alembic does while it compares."""
    for operation in operations:
        if isinstance(operation, ops.OpContainer):
            announce(operation.ops)
        else:
            for logger, line in _lines(operation):
                logging.getLogger(_LOGGERS + logger).info(line)


Lines = Iterator[tuple[str, str]]


@singledispatch
def _lines(operation: Any) -> Lines:  # noqa: ARG001  (nothing is known of it)
    return iter(())


@_lines.register
def _(operation: ops.CreateTableOp) -> Lines:
    yield "tables", f"Detected added table {_table(operation)!r}"


@_lines.register
def _(operation: ops.DropTableOp) -> Lines:
    yield "tables", f"Detected removed table {_table(operation)!r}"


@_lines.register
def _(operation: ops.AddColumnOp) -> Lines:
    yield "tables", f"Detected added column '{_table(operation)}.{operation.column.name}'"


@_lines.register
def _(operation: ops.DropColumnOp) -> Lines:
    yield "tables", f"Detected removed column '{_table(operation)}.{operation.column_name}'"


@_lines.register
def _(operation: ops.AlterColumnOp) -> Lines:
    place = f"'{_table(operation)}.{operation.column_name}'"
    if operation.modify_type is not None:
        old, new = operation.existing_type, operation.modify_type
        yield "types", f"Detected type change from {old!r} to {new!r} on {place}"
    if operation.modify_nullable is not None:
        found = "NULL" if operation.modify_nullable else "NOT NULL"
        yield "constraints", f"Detected {found} on column {place}"
    if operation.modify_server_default is not False:
        yield "server_defaults", f"Detected server default on column {place}"
    if operation.modify_comment is not False:
        yield "comments", f"Detected column comment {place}"


@_lines.register
def _(operation: ops.CreateIndexOp) -> Lines:
    columns = [getattr(one, "name", str(one)) for one in operation.columns]
    yield "constraints", f"Detected added index {operation.index_name!r} on {columns!r}"


@_lines.register
def _(operation: ops.DropIndexOp) -> Lines:
    yield "constraints", f"Detected removed index {operation.index_name!r} on {_table(operation)!r}"


@_lines.register
def _(operation: ops.AddConstraintOp) -> Lines:
    kind = operation.constraint_type.replace("_", " ")
    table = getattr(operation, "source_table", None) or getattr(operation, "table_name", None)
    name: Any = getattr(operation, "constraint_name", None)
    yield "constraints", f"Detected added {kind} constraint {name!r} on {str(table)!r}"


@_lines.register
def _(operation: ops.DropConstraintOp) -> Lines:
    name, kind = operation.constraint_name, operation.constraint_type or ""
    yield (
        "constraints",
        f"Detected removed {kind} constraint {name!r} on {_table(operation)!r}".replace("  ", " "),
    )


@_lines.register
def _(operation: CodeSQL) -> Lines:
    if operation.verb is not None:
        yield "code", f"Detected {_DONE[operation.verb]} {operation.code}"


def _table(operation: Any) -> str:
    schema = f"{operation.schema}." if operation.schema else ""
    return f"{schema}{operation.table_name}"
