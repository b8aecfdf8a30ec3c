"""Alembic's operations, written to a file as Alembic's own calls where it cannot write them."""

import re
from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops

from flask_migrate._alembic import is_in_batch, written_by_alembic, written_name

_BIND = re.compile(r"(?<![:\w\\]):(?=\w)")


class Remarked:
    """An operation that has a comment above it.

    Attributes:
        remark: What a person should know of it; None for nothing.
    """

    remark: str | None = None


class DropTable(Remarked, ops.DropTableOp):
    """A table goes, and its rows."""


class DropColumn(Remarked, ops.DropColumnOp):
    """A column goes, and its values."""


class AddColumn(Remarked, ops.AddColumnOp):
    """A column comes.

    Attributes:
        stands_alone: It is no part of a batch: what follows must find it in the table.
    """

    stands_alone = False


class AlterColumn(Remarked, ops.AlterColumnOp):
    """A column changes; what Alembic takes and does not write is written as well.

    Attributes:
        also: More arguments of `alter_column`, by name.
    """

    also: dict[str, object] = {}  # noqa: RUF012  (replaced, never changed)


class CreatePrimaryKey(ops.CreatePrimaryKeyOp):
    """A table gets a primary key."""


class RunSQL(Remarked, ops.ExecuteSQLOp):
    """A statement that no operation of Alembic stands for."""


class FillNulls(Remarked, ops.MigrateOperation):
    """Rows get a value where they have none.

    Args:
        table: The table.
        column: The column.
        value: The value, as SQL.
        schema: Where the table is; None for the default schema.
    """

    def __init__(self, table: str, column: str, value: str, *, schema: str | None) -> None:
        self.table_name = table
        self.column_name = column
        self.value = value
        self.schema = schema

    def reverse(self) -> ops.MigrateOperation:
        """Return an operation that does nothing: nobody knows which rows had no value."""
        return ops.OpContainer([])


def escaped(sql: str) -> str:
    r"""Return a statement so that `op.execute` does not take a colon in it for a parameter.

    >>> print(escaped("SELECT 'a:b'::text"))
    SELECT 'a\:b'::text
    """
    return _BIND.sub(r"\\:", sql)


@renderers.dispatch_for(DropTable)
def _drop_table(context: AutogenContext, operation: DropTable) -> list[str]:
    return _remarked(context, operation, ops.DropTableOp)


@renderers.dispatch_for(DropColumn)
def _drop_column(context: AutogenContext, operation: DropColumn) -> list[str]:
    return _remarked(context, operation, ops.DropColumnOp)


@renderers.dispatch_for(AddColumn)
def _add_column(context: AutogenContext, operation: AddColumn) -> list[str]:
    return _remarked(context, operation, ops.AddColumnOp)


@renderers.dispatch_for(RunSQL)
def _run_sql(context: AutogenContext, operation: RunSQL) -> list[str]:
    return [*_comment(operation), f"{_op(context)}execute({operation.sqltext!r})"]


@renderers.dispatch_for(AlterColumn)
def _alter_column(context: AutogenContext, operation: AlterColumn) -> list[str]:
    *before, text = _remarked(context, operation, ops.AlterColumnOp)
    more = "".join(f",\n           {name}={value!r}" for name, value in operation.also.items())
    return [*before, f"{text.removesuffix(')')}{more})"]


@renderers.dispatch_for(CreatePrimaryKey)
def _create_primary_key(context: AutogenContext, operation: CreatePrimaryKey) -> str:
    name = written_name(context, operation.constraint_name)
    columns = repr([str(column) for column in operation.columns])
    if is_in_batch(context):
        return f"{_op(context)}create_primary_key({name}, {columns})"
    schema = f", schema={str(operation.schema)!r}" if operation.schema else ""
    table = str(operation.table_name)
    return f"{_op(context)}create_primary_key({name}, {table!r}, {columns}{schema})"


@renderers.dispatch_for(FillNulls)
def _fill_nulls(context: AutogenContext, operation: FillNulls) -> list[str]:
    sa = context.opts["sqlalchemy_module_prefix"] or ""
    schema = f", schema={operation.schema!r}" if operation.schema else ""
    column = operation.column_name
    statement = (
        f"{sa}update({sa}table({operation.table_name!r}, {sa}column({column!r}){schema}))\n"
        f"    .where({sa}column({column!r}).is_(None))\n"
        f"    .values({{{column!r}: {sa}text({escaped(operation.value)!r})}})"
    )
    return [*_comment(operation), f"{_op(context)}execute(\n    {statement}\n)"]


def _op(context: AutogenContext) -> str:
    return "batch_op." if is_in_batch(context) else context.opts["alembic_module_prefix"] or ""


def _remarked(context: AutogenContext, operation: Any, base: type) -> list[str]:
    return [*_comment(operation), *written_by_alembic(context, operation, base)]


def _comment(operation: Remarked) -> Sequence[str]:
    return [f"# {operation.remark}"] if operation.remark else []
