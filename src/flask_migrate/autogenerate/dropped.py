"""Leave out what goes by itself when a table is dropped. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from alembic.operations import ops


def without_indexes_of_dropped_tables(operations: Iterable[Any]) -> Iterator[Any]:
    """Yield operations without the dropping of indexes whose table is dropped as well.

    MariaDB and MySQL refuse to drop an index that a foreign key of the table needs
    (error 1553), and every database drops the indexes with their table.
    """
    operations = list(operations)
    dropped = {_table(one) for one in operations if isinstance(one, ops.DropTableOp)}
    for operation in operations:
        if isinstance(operation, ops.ModifyTableOps) and _table(operation) in dropped:
            rest = [one for one in operation.ops if not _goes_along(one)]
            if rest:
                yield ops.ModifyTableOps(operation.table_name, rest, schema=operation.schema)
        elif not (_goes_along(operation) and _table(operation) in dropped):
            yield operation


def _goes_along(operation: Any) -> bool:
    return isinstance(operation, ops.DropIndexOp) and not getattr(operation, "frees_name", False)


def _table(operation: Any) -> tuple[str | None, str | None]:
    return (operation.schema, operation.table_name)
