"""Indexes of tables that are dropped: they go with their table. Pure."""

from collections.abc import Iterator, Sequence

from alembic.operations import ops


def leave_to_table(operations: Sequence[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    """Yield operations, but for the indexes of a table that is dropped after them.

    MariaDB and MySQL refuse to drop the index of a foreign key while the table is
    there, which is the order that Alembic writes.

    Args:
        operations: What a migration does.
    """
    tables = {
        (table.table_name, table.schema)
        for table in operations
        if isinstance(table, ops.DropTableOp)
    }
    for operation in operations:
        if not (_drops_indexes_only(operation) and _table_of(operation) in tables):
            yield operation


def _drops_indexes_only(operation: ops.MigrateOperation) -> bool:
    if isinstance(operation, ops.ModifyTableOps):
        return all(_drops_indexes_only(inner) for inner in operation.ops)
    return isinstance(operation, ops.DropIndexOp)


def _table_of(operation: ops.MigrateOperation) -> tuple[str | None, str | None]:
    return getattr(operation, "table_name", None), getattr(operation, "schema", None)
