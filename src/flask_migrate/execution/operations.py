"""What a revision calls `op`: Alembic's operations, with a batch mode of ours on SQLite."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic.operations import BatchOperations, Operations
from alembic.runtime.migration import MigrationContext

from flask_migrate._alembic import speaking_through_op

_DEFAULTS: dict[str, Any] = {
    "recreate": "auto",
    "partial_reordering": None,
    "copy_from": None,
    "table_args": (),
    "table_kwargs": {},
    "reflect_args": (),
    "reflect_kwargs": {},
    "naming_convention": None,
}
"""The arguments of `batch_alter_table` behind the table and its schema, in order."""


@contextmanager
def operations(context: MigrationContext) -> Generator[Operations]:
    """Let the module `alembic.op` work on a database.

    Use it in place of Alembic's `Operations.context`.

    Args:
        context: The database, as `env.py` has configured it.
    """
    with speaking_through_op(OurOperations(context)) as ours:
        yield ours


class OurOperations(Operations):
    """Alembic's operations; a table of SQLite is changed without losing anything."""

    @contextmanager
    def batch_alter_table(
        self, table_name: str, schema: str | None = None, *arguments: Any, **options: Any
    ) -> Iterator[BatchOperations]:
        """Collect operations on one table, and carry them out together.

        The arguments are those of Alembic.
        """
        context = self.migration_context
        if context.dialect.name != "sqlite" or context.as_sql:
            if context.dialect.name != "sqlite" and _is_for_sqlite(options):
                options["recreate"] = "auto"
            with super().batch_alter_table(table_name, schema, *arguments, **options) as batch:
                yield batch
            return
        # Only a batch on SQLite pays for what it needs.
        from flask_migrate.execution.sqlite.batch import SqliteBatch  # noqa: PLC0415

        given = dict(zip(_DEFAULTS, arguments, strict=False))
        options = {**_DEFAULTS, **given, **options}
        impl = SqliteBatch(self, table_name, schema, **options)  # type: ignore[no-untyped-call]
        yield BatchOperations(context, impl=impl)
        impl.flush()


def _is_for_sqlite(options: Mapping[str, Any]) -> bool:
    """Return whether a table is rebuilt for nothing but what only SQLite has."""
    given = options.get("table_kwargs") or {}
    return bool(given) and all(name.startswith("sqlite_") for name in given)
