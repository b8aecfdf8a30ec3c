"""What a revision calls `op`: Alembic's operations, with a batch mode of ours on SQLite."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic.operations import BatchOperations, Operations
from alembic.operations.ops import DropConstraintOp
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Constraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.sql.elements import conv

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
                self._name_as_there(batch)
            return
        # Only a batch on SQLite pays for what it needs.
        from flask_migrate.execution.sqlite.batch import SqliteBatch  # noqa: PLC0415

        given = dict(zip(_DEFAULTS, arguments, strict=False))
        options = {**_DEFAULTS, **given, **options}
        impl = SqliteBatch(self, table_name, schema, **options)  # type: ignore[no-untyped-call]
        yield BatchOperations(context, impl=impl)
        impl.flush()

    def invoke(self, operation: Any) -> Any:
        """Carry out an operation; what goes is called as it is there."""
        if isinstance(operation, DropConstraintOp) and self._has_names_of_its_own:
            operation.constraint_name = self._name_there(
                operation.table_name,
                operation.constraint_name,
                kind=operation.constraint_type,
                schema=operation.schema,
            )
        return super().invoke(operation)

    def _name_as_there(self, batch: BatchOperations) -> None:
        """Let what a batch has collected call what goes as it is there."""
        if not self._has_names_of_its_own:
            return
        come = set()
        for name, given, _ in batch.impl.batch:
            part = given[0]
            if name == "add_constraint":
                come.add(str(part.name))
            elif name == "drop_constraint" and str(part.name) not in come:
                part.name = self._name_there(
                    part.table.name, part.name, kind=_kind(part), schema=part.table.schema
                )

    @property
    def _has_names_of_its_own(self) -> bool:
        """Return whether the server calls what has no name otherwise than a script does."""
        context = self.migration_context
        return context.dialect.name in {"mysql", "mariadb"} and not context.as_sql

    def _name_there(self, table: str, name: Any, *, kind: str | None, schema: str | None) -> Any:
        # Only a server that needs it pays for what it needs.
        from flask_migrate.execution.names_there import name_there  # noqa: PLC0415

        if not isinstance(name, str):
            return name
        found = name_there(self.get_bind(), table, name, kind=kind, schema=schema)
        return name if found == name else conv(found)


def _kind(constraint: Constraint) -> str | None:
    kinds = {
        UniqueConstraint: "unique",
        ForeignKeyConstraint: "foreignkey",
        CheckConstraint: "check",
    }
    return next((kind for class_, kind in kinds.items() if isinstance(constraint, class_)), None)


def _is_for_sqlite(options: Mapping[str, Any]) -> bool:
    """Return whether a table is rebuilt for nothing but what only SQLite has."""
    given = options.get("table_kwargs") or {}
    return bool(given) and all(name.startswith("sqlite_") for name in given)
