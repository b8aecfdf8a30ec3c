"""Alembic's batch mode on SQLite, as we carry it out."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from alembic.operations.batch import BatchOperationsImpl
from sqlalchemy import Column, Constraint, MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.types import NullType

from flask_migrate.database.sqlite.catalog import Catalog, read_catalog
from flask_migrate.database.sqlite.driver import driver_of
from flask_migrate.database.sqlite.parse import parse_table
from flask_migrate.database.sqlite.reader import UnreadableDDL
from flask_migrate.execution.sqlite.changes import (
    AddColumn,
    AddConstraint,
    Change,
    CreateIndex,
    DropIndex,
    RenameColumn,
    Wanted,
)
from flask_migrate.execution.sqlite.conventions import Convention
from flask_migrate.execution.sqlite.plan import make_plan
from flask_migrate.execution.sqlite.run import run_plan
from flask_migrate.execution.sqlite.translate import constraints_for, options_of, translate


class SqliteBatch(BatchOperationsImpl):
    """Collects operations as Alembic does, and carries them out in our way."""

    def flush(self) -> None:
        """Carry out what was collected."""
        connection = self.impl.connection
        if self.recreate == "never" or connection is None:
            super().flush()
            return
        with nullcontext() if connection.in_transaction() else connection.begin():
            changes = translate(self.batch, self.dialect)
            dropped = [one.name for one in changes if isinstance(one, DropIndex)]
            catalog = read_catalog(connection, self.table_name, schema=self.schema, beside=dropped)
            if self._is_for_alembic(changes, catalog):
                super().flush()
                return
            wanted = self._wanted(changes, catalog)
            plan = make_plan(
                wanted, catalog, conventions=self._conventions(), module=driver_of(connection)
            )
            run_plan(connection, plan, catalog)

    def add_column(self, *arg: Any, **kw: Any) -> None:
        """Collect a new column, wherever it is to stand among the others."""
        if self.recreate == "never":
            super().add_column(*arg, **kw)
        else:
            self.batch.append(("add_column", arg, kw))

    def drop_constraint(self, const: Any, **kw: Any) -> None:
        """Collect a constraint to remove, which may be missing with `if_exists`."""
        self.batch.append(("drop_constraint", (const,), kw))

    def _is_for_alembic(self, changes: tuple[Change, ...], catalog: Catalog) -> bool:
        """Return whether Alembic does the same: it creates indexes, and finds no table."""
        if catalog.find("table", self.table_name) is None:
            return True
        are_indexes = all(isinstance(one, CreateIndex | DropIndex) for one in changes)
        return bool(changes) and are_indexes and self.recreate != "always"

    def _wanted(self, changes: tuple[Change, ...], catalog: Catalog) -> Wanted:
        # Where it does not copy, Alembic leaves the arguments for the copy alone, too.
        is_copied = self.recreate == "always" or self.impl.requires_recreate_in_batch(self)
        if not is_copied:
            return Wanted(table=self.table_name, schema=self.schema, changes=changes)
        columns = _columns(catalog, self.table_name, changes)
        known = self.copy_from.kwargs if self.copy_from is not None else {}
        return Wanted(
            table=self.table_name,
            schema=self.schema,
            changes=(
                *self._from_model(),
                *self._from_arguments(self.reflect_args, columns),
                *changes,
                *self._from_arguments(self.table_args, columns),
            ),
            order=tuple(tuple(chain) for chain in self.partial_reordering or ()),
            options=options_of(self.table_kwargs, self.reflect_kwargs, known),
            always=self.recreate == "always",
        )

    def _from_model(self) -> Iterator[AddConstraint]:
        """Yield the constraints of `copy_from`: they tell the names of those without one."""
        if self.copy_from is None:
            return
        model: Table = self.copy_from.to_metadata(MetaData())
        given = [one for one in model.constraints if not isinstance(one, PrimaryKeyConstraint)]
        yield from constraints_for(model, given, self.dialect)

    def _from_arguments(self, arguments: Any, columns: list[str]) -> Iterator[AddConstraint]:
        """Yield constraints that reflection would not see: the table may have them already."""
        model = Table(self.table_name, MetaData(), *(Column(name, NullType()) for name in columns))
        given = [one for one in arguments if isinstance(one, Constraint)]
        for constraint in given:
            model.append_constraint(constraint)
        yield from constraints_for(model, given, self.dialect)

    def _conventions(self) -> tuple[Convention, ...]:
        if self.naming_convention:
            return (self.naming_convention,)
        metadata = self.operations.migration_context.opts.get("target_metadata")
        every = metadata if isinstance(metadata, list | tuple) else [metadata]
        return tuple(one.naming_convention for one in every if isinstance(one, MetaData))


def _columns(catalog: Catalog, table: str, changes: tuple[Change, ...]) -> list[str]:
    """Return every name that a column has or gets."""
    entry = catalog.find("table", table)
    try:
        parsed = parse_table(entry.sql or "" if entry else "")
    except UnreadableDDL:
        return []  # the plan says so
    names = [column.name for column in parsed.columns]
    names += [one.column.name for one in changes if isinstance(one, AddColumn)]
    names += [one.new_name for one in changes if isinstance(one, RenameColumn)]
    return list(dict.fromkeys(names))
