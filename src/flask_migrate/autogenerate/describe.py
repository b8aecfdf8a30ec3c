"""Say in words what an operation does. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

from alembic.operations import ops

from flask_migrate.autogenerate.operations import AlterColumn, CodeSQL, Rename, TableOptions
from flask_migrate.values.results import Change

_VERBS = {"add": "create", "drop": "drop", "change": "alter"}


def describe_all(operations: Iterable[Any], *, target: str) -> Iterator[Change]:
    """Yield what each operation does, those inside of groups too.

    Nothing is said of a view that only makes room for a change: it is the same afterwards.
    """
    for operation in operations:
        if isinstance(operation, ops.OpContainer):
            yield from describe_all(operation.ops, target=target)
        elif not isinstance(operation, CodeSQL) or operation.verb is not None:
            place = "" if target == "default" else f" on {target}"
            yield Change(
                target=target, kind=_kind(operation), description=f"{describe(operation)}{place}"
            )


@singledispatch
def describe(operation: Any) -> str:
    """Return what one operation does."""
    return _kind(operation).replace("_", " ")


@describe.register
def _(operation: ops.CreateTableOp) -> str:
    return f"add table {_table(operation)}"


@describe.register
def _(operation: ops.DropTableOp) -> str:
    return f"drop table {_table(operation)}"


@describe.register
def _(operation: ops.AddColumnOp) -> str:
    column = operation.column
    required = "" if column.nullable else " NOT NULL"
    return f"add column {_table(operation)}.{column.name} {column.type!r}{required}"


@describe.register
def _(operation: ops.DropColumnOp) -> str:
    return f"drop column {_table(operation)}.{operation.column_name}"


@describe.register
def _(operation: ops.AlterColumnOp) -> str:
    changes = ", ".join(_alterations(operation))
    return f"alter column {_table(operation)}.{operation.column_name}: {changes}"


@describe.register
def _(operation: ops.CreateIndexOp) -> str:
    unique = "unique " if operation.unique else ""
    columns = ", ".join(str(column) for column in operation.columns)
    return f"add {unique}index {operation.index_name} on {_table(operation)} ({columns})"


@describe.register
def _(operation: ops.DropIndexOp) -> str:
    return f"drop index {operation.index_name} on {_table(operation)}"


@describe.register
def _(operation: ops.AddConstraintOp) -> str:
    constraint = operation.to_constraint()
    kind = _kind(operation).removeprefix("create_").replace("_", " ")
    return f"add {kind} {_name(constraint)} on {constraint.table.fullname}"


@describe.register
def _(operation: ops.DropConstraintOp) -> str:
    kind = f"{operation.constraint_type} " if operation.constraint_type else ""
    return f"drop {kind}constraint {operation.constraint_name} on {_table(operation)}"


@describe.register
def _(operation: ops.ExecuteSQLOp) -> str:
    return f"run {operation.sqltext}"


@describe.register
def _(operation: Rename) -> str:
    return f"rename {operation.old} on {_table(operation)} to {operation.new}"


@describe.register
def _(operation: CodeSQL) -> str:
    return f"{operation.verb} {operation.code}"


@describe.register
def _(operation: TableOptions) -> str:
    said = ", ".join(f"{name} = {value}" for name, value in operation.options.items())
    return f"alter table {_table(operation)}: {said}"


def _alterations(operation: ops.AlterColumnOp) -> Iterator[str]:
    if operation.modify_type is not None:
        yield f"type {operation.existing_type!r} -> {operation.modify_type!r}"
    if operation.modify_nullable is not None:
        yield "NULL" if operation.modify_nullable else "NOT NULL"
    if operation.modify_server_default is not False:
        yield f"default {_default(operation.modify_server_default)}"
    if operation.modify_comment is not False:
        yield f"comment {operation.modify_comment!r}"
    if operation.modify_name is not None:
        yield f"name {operation.modify_name}"
    if isinstance(operation, AlterColumn):
        also = operation.also.items()
        yield from (f"{name} {value}" for name, value in also if name.startswith("sqlite_"))


def _default(default: Any) -> str:
    argument = getattr(default, "arg", default)
    return "none" if argument is None else str(argument)


def _table(operation: Any) -> str:
    schema = getattr(operation, "schema", None)
    return f"{schema}.{operation.table_name}" if schema else str(operation.table_name)


def _name(constraint: Any) -> str:
    return str(constraint.name) if constraint.name else "without a name"


def _kind(operation: Any) -> str:
    if isinstance(operation, CodeSQL):
        return f"{_VERBS[str(operation.verb)]}_{operation.code.kind}".replace(" ", "_")
    name = type(operation).__name__.removesuffix("Op")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
