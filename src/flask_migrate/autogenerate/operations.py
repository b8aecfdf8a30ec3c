"""Alembic's operations, written to a file as Alembic's own calls where it cannot write them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops

from flask_migrate._alembic import is_in_batch, written_by_alembic, written_name
from flask_migrate.autogenerate.text import escaped, expression, without_table, written_truth
from flask_migrate.revisions.created import declared
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Name


class Remarked:
    """An operation that has a comment above it.

    Attributes:
        remark: What a person should know of it; None for nothing.
    """

    remark: Problem | None = None


class CreateTable(Remarked, ops.CreateTableOp):
    """A table comes of which there is something to say."""


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


class CreateCheck(Remarked, ops.CreateCheckConstraintOp):
    """A table gets a CHECK."""

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> "CreateCheck":
        """Return what makes a constraint; the table that has it stays without a second one."""
        made = cast("CreateCheck", super().from_constraint(constraint))
        made.condition = without_table(made.condition)
        return made


class CreateIndex(ops.CreateIndexOp):
    """A table gets an index.

    Attributes:
        stands_alone: It is no part of a batch, and in no transaction with anything else.
    """

    stands_alone = False


class RebuiltTable(ops.ModifyTableOps):
    """A table of SQLite becomes another kind of table, whatever else happens to it."""


class WrittenBack:
    """An operation that Alembic cannot turn round: its way back is written by itself."""

    def reverse(self) -> ops.MigrateOperation:
        """Return nothing to do."""
        return ops.OpContainer([])


class DropConstraint(WrittenBack, ops.DropConstraintOp):  # type: ignore[misc]  # (no way back)
    """A constraint goes."""


class DropIndex(WrittenBack, ops.DropIndexOp):  # type: ignore[misc]  # (no way back)
    """An index goes.

    Attributes:
        frees_name: Another table gets one of its name: it goes even if its table does later.
    """

    frees_name = False


class RunSQL(WrittenBack, Remarked, ops.ExecuteSQLOp):
    """A statement that no operation of Alembic stands for.

    Attributes:
        is_last: It can wait for everything else that happens to its table.
        is_committed: It is in no transaction with what comes after it.
        modify_nullable: Whether a column may be NULL, if the statement changes that.
    """

    is_last = False
    modify_nullable: bool | None = None
    is_committed = False


class Rename(RunSQL):
    """A constraint or an index gets another name.

    Args:
        sql: The statement.
        table: The table that has it.
        old: Its name.
        new: The name that it gets.
    """

    def __init__(self, sql: str, table: Name, *, old: str, new: str) -> None:
        super().__init__(sql)
        self.table_name = table.name
        self.schema = table.schema or None
        self.old = old
        self.new = new


class CodeSQL(RunSQL):
    """A statement about a view, a function or a trigger.

    Args:
        sql: The statement.
        code: What it is about.

    Attributes:
        verb: "add", "drop" or "change"; None for what only makes room for something else.
        is_declared: It makes what the models declare.
    """

    verb: str | None = None
    is_declared = False

    def __init__(self, sql: str, *, code: Code) -> None:
        super().__init__(sql)
        self.code = code


class Said(WrittenBack, Remarked, ops.MigrateOperation):
    """Nothing is done, and a comment says what and why.

    Args:
        table: The table that it is about.
        remark: What a person should know.
    """

    def __init__(self, table: Name, remark: Problem) -> None:
        self.table_name = table.name
        self.schema = table.schema or None
        self.remark = remark


class FillNulls(WrittenBack, Remarked, ops.MigrateOperation):
    """Rows get a value where they have none.

    Args:
        table: The table.
        column: The column.
        value: The value, as SQLAlchemy's object.
        schema: Where the table is; None for the default schema.
        kept: The columns that the server would change whenever a row does.
    """

    def __init__(
        self,
        table: str,
        column: str,
        value: Any,
        *,
        schema: str | None,
        kept: Sequence[str] = (),
    ) -> None:
        self.table_name = table
        self.column_name = column
        self.value = value
        self.schema = schema
        self.kept = tuple(kept)


class TableOptions(WrittenBack, ops.MigrateOperation):
    """A table gets other options: the batch that it stands in has them.

    Args:
        table: The table.
        options: Arguments of `sa.Table`.
        schema: Where the table is; None for the default schema.
    """

    def __init__(self, table: str, options: Mapping[str, bool], *, schema: str | None) -> None:
        self.table_name = table
        self.options = dict(options)
        self.schema = schema


def remarks_of(operations: Iterable[Any]) -> Iterator[Problem]:
    """Yield what a person should know of operations, of those inside of groups too."""
    for operation in operations:
        if isinstance(operation, ops.OpContainer):
            yield from remarks_of(operation.ops)
        elif isinstance(operation, Remarked) and operation.remark is not None:
            yield operation.remark


def without_remarks(operations: Iterable[Any]) -> tuple[Any, ...]:
    """Return operations without what a person should know of them."""
    every = tuple(operations)
    for operation in every:
        if isinstance(operation, ops.OpContainer):
            without_remarks(operation.ops)
        elif isinstance(operation, Remarked):
            operation.remark = None
    return every


@renderers.dispatch_for(CreateTable)
def _create_table(context: AutogenContext, operation: CreateTable) -> list[str]:
    return _remarked(context, operation, ops.CreateTableOp)


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
    text = f"{_op(context)}execute({operation.sqltext!r})"
    return [*_comment(operation), _committed(context, text) if operation.is_committed else text]


@renderers.dispatch_for(CodeSQL)
def _code_sql(context: AutogenContext, operation: CodeSQL) -> list[str]:
    comment = [f"# {declared(operation.code)}"] if operation.is_declared else []
    lines = str(operation.sqltext).splitlines(keepends=True)
    quoted = (
        repr(lines[0]) if len(lines) == 1 else "".join(f"\n    {one!r}" for one in lines) + "\n"
    )
    return [*_comment(operation), *comment, f"{_op(context)}execute({quoted})"]


@renderers.dispatch_for(Said)
def _said(_: AutogenContext, operation: Said) -> list[str]:
    return [*_comment(operation), "pass"]


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


@renderers.dispatch_for(CreateCheck)
def _create_check(context: AutogenContext, operation: CreateCheck) -> list[str]:
    check = operation.to_constraint()
    table = [] if is_in_batch(context) else [repr(str(operation.table_name))]
    schema = [f"schema={str(operation.schema)!r}"] if operation.schema and table else []
    name = written_name(context, operation.constraint_name)
    condition = _text(context, expression(check.sqltext, context))
    options = [f"{key}={value!r}" for key, value in check.dialect_kwargs.items()]
    arguments = ", ".join([name, *table, condition, *schema, *options])
    return [*_comment(operation), f"{_op(context)}create_check_constraint({arguments})"]


@renderers.dispatch_for(CreateIndex)
def _create_index(context: AutogenContext, operation: CreateIndex) -> str:
    index = operation.to_index()
    table = [] if is_in_batch(context) else [repr(str(operation.table_name))]
    schema = [f"schema={str(operation.schema)!r}"] if operation.schema and table else []
    columns = ", ".join(_index_part(context, one) for one in index.expressions)
    options = [f"{key}={_option(context, one)}" for key, one in index.dialect_kwargs.items()]
    arguments = [written_name(context, operation.index_name), *table, f"[{columns}]"]
    arguments += [f"unique={bool(operation.unique)}", *schema, *options]
    text = f"{_op(context)}create_index({', '.join(arguments)})"
    return _committed(context, text) if operation.stands_alone else text


def _committed(context: AutogenContext, text: str) -> str:
    return f"with {_op(context)}get_context().autocommit_block():\n    {text}"


def _index_part(context: AutogenContext, part: Any) -> str:
    if isinstance(part, sa.Column):
        return repr(str(part.name))
    return _text(context, expression(part, context, is_index=True))


def _option(context: AutogenContext, value: Any) -> str:
    return (
        _text(context, expression(value, context))
        if isinstance(value, sa.ClauseElement)
        else repr(value)
    )


def _text(context: AutogenContext, sql: str) -> str:
    return f"{context.opts['sqlalchemy_module_prefix'] or ''}text({escaped(sql)!r})"


def _value(context: AutogenContext, value: Any) -> str:
    truth = written_truth(value, context)
    return truth if truth is not None else _text(context, expression(value, context))


@renderers.dispatch_for(FillNulls)
def _fill_nulls(context: AutogenContext, operation: FillNulls) -> list[str]:
    prefix = context.opts["sqlalchemy_module_prefix"] or ""
    schema = f", schema={operation.schema!r}" if operation.schema else ""
    column = operation.column_name
    columns = "".join(f", {prefix}column({one!r})" for one in (column, *operation.kept))
    kept = "".join(f", {one!r}: {prefix}column({one!r})" for one in operation.kept)
    statement = (
        f"{prefix}update({prefix}table({operation.table_name!r}{columns}{schema}))\n"
        f"    .where({prefix}column({column!r}).is_(None))\n"
        f"    .values({{{column!r}: {_value(context, operation.value)}{kept}}})"
    )
    return [*_comment(operation), f"{_op(context)}execute(\n    {statement}\n)"]


@renderers.dispatch_for(TableOptions)
def _table_options(context: AutogenContext, operation: TableOptions) -> list[str]:  # noqa: ARG001
    return []


@renderers.dispatch_for(RebuiltTable)
def _rebuilt_table(context: AutogenContext, operation: RebuiltTable) -> list[str]:
    options = next(one.options for one in operation.ops if isinstance(one, TableOptions))
    schema = f"schema={operation.schema!r}, " if operation.schema else ""
    header = (
        f"with {context.opts['alembic_module_prefix'] or ''}batch_alter_table("
        f"{operation.table_name!r}, {schema}recreate='always', "
        f"table_kwargs={options!r})"
    )
    lines = written_by_alembic(context, operation, ops.ModifyTableOps)
    if not context.opts["render_as_batch"]:
        return [f"{header}:", "pass", "", *lines]
    inside = lines[1:-1]
    if not inside:
        return [f"{header}:", "pass", ""]
    return [f"{header} as batch_op:", *inside, ""]


def _op(context: AutogenContext) -> str:
    return "batch_op." if is_in_batch(context) else context.opts["alembic_module_prefix"] or ""


def _remarked(context: AutogenContext, operation: Any, base: type) -> list[str]:
    return [*_comment(operation), *written_by_alembic(context, operation, base)]


def _comment(operation: Remarked) -> Sequence[str]:
    # A name may have more than one line, a comment may not.
    return [f"# {' '.join(operation.remark.message.splitlines())}"] if operation.remark else []
