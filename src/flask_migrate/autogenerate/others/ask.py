"""Ask the application and other packages what differs, in the words of Alembic's autogenerate."""

from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.others.opinions import (
    COMMENTS,
    DEFAULT,
    NULLABLE,
    OF_COLUMNS,
    OF_TABLES,
    TYPES,
    Opinions,
    Place,
)
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Column, Name

_GO_ON, _STOP = PriorityDispatchResult.CONTINUE, PriorityDispatchResult.STOP
_CHANGES: dict[str, tuple[str, object]] = {
    TYPES: ("modify_type", None),
    DEFAULT: ("modify_server_default", False),
    NULLABLE: ("modify_nullable", None),
    COMMENTS: ("modify_comment", False),
}


@dataclass(slots=True)
class _Heard:
    tables: dict[Name, frozenset[str]] = field(default_factory=dict)
    columns: dict[tuple[Name, str], frozenset[str]] = field(default_factory=dict)
    changes: list[ops.AlterColumnOp] = field(default_factory=list)
    parts: list[tuple[Place, ops.ModifyTableOps]] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)


class Others:
    """Asks others of each table and column, as Alembic does.

    Args:
        context: Alembic's view of the comparison.
        database: What is there, every table of it.
        models: What is to be there.
        server: What is particular to the server.
    """

    def __init__(
        self, context: AutogenContext, *, database: Side, models: Side, server: Server
    ) -> None:
        self._context = context
        self._database = database
        self._models = models
        self._server = server
        self._heard = _Heard()
        self._comparators = context.comparators.branch()
        self._register()

    def opinions(self) -> Opinions:
        """Return what they say."""
        there, wanted = self._database.snapshot.tables, self._models.snapshot.tables
        for name in sorted(there.keys() | wanted.keys()):
            old = self._database.tables[name] if name in there else None
            new = self._models.tables[name] if name in wanted else None
            self._table(name, old, new)
        return Opinions(
            tables=self._heard.tables,
            columns=self._heard.columns,
            changes=tuple(self._heard.changes),
            parts=tuple(self._heard.parts),
        )

    def _register(self) -> None:
        """Put the application before all others, and after them what tells who was stopped."""
        first = ((TYPES, self._asked_for_type), (DEFAULT, self._asked_for_default))
        for element, ask in first:
            self._comparators.dispatch_for(
                "column", subgroup=element, priority=DispatchPriority.FIRST
            )(ask)
        for target, elements in (("column", OF_COLUMNS), ("table", OF_TABLES)):
            for element in elements:
                self._comparators.dispatch_for(
                    target, subgroup=element, priority=DispatchPriority.LAST
                )(self._note(element))

    def _note(self, element: str) -> Any:
        def reach(*_: Any) -> PriorityDispatchResult:
            self._heard.reached.add(element)
            return _GO_ON

        return reach

    def _ask(self, target: str, *arguments: Any) -> frozenset[str]:
        """Return the elements of which somebody has said the last word."""
        self._heard.reached = set()
        self._comparators.dispatch(target, qualifier=self._context.dialect.name)(
            self._context, *arguments
        )
        elements = OF_COLUMNS if target == "column" else OF_TABLES
        return frozenset(elements) - self._heard.reached

    def _table(self, name: Name, old: sa.Table | None, new: sa.Table | None) -> None:
        is_gone = new is None
        item: Any = old if is_gone else new
        compared = None if is_gone else old
        if not self._context.run_object_filters(item, name.name, "table", is_gone, compared):
            return
        schema = name.schema or None
        if old is not None and new is not None:
            self._columns(name, old, new)
        operations = ops.ModifyTableOps(name.name, [], schema=schema)
        self._heard.tables[name] = self._ask("table", operations, schema, name.name, old, new)
        if not operations.is_empty():
            place = Place.NEW if old is None else Place.GONE if new is None else Place.STAYS
            self._heard.parts.append((place, operations))

    def _columns(self, name: Name, old: sa.Table, new: sa.Table) -> None:
        there = {column.name: column for column in old.columns}
        for column in new.columns:
            if column.system or column.name not in there:
                continue
            known = there[column.name]
            if self._context.run_object_filters(column, column.name, "column", False, known):  # noqa: FBT003
                self._column(name, known, column)

    def _column(self, name: Name, old: sa.Column[Any], new: sa.Column[Any]) -> None:
        before = self._database.snapshot.tables[name].column(old.name)
        after = self._models.snapshot.tables[name].column(new.name)
        if before is None or after is None:
            return
        unchanged = Difference(before=before, after=before)
        operation = self._server.change(name, unchanged, old, new)
        stopped = self._ask("column", operation, name.schema or None, name.name, new.name, old, new)
        changed = {one for one, (key, no) in _CHANGES.items() if getattr(operation, key) is not no}
        self._heard.columns[name, new.name] = stopped - changed
        self._leave_to_the_server(operation, before, after, new)
        if operation.has_changes():
            self._as_the_server_writes(operation, name, before, old, new)
            self._heard.changes.append(operation)

    def _leave_to_the_server(
        self, operation: ops.AlterColumnOp, before: Column, after: Column, new: sa.Column[Any]
    ) -> None:
        """Take back what the server says as well, and says better."""
        if before.type != after.type and operation.modify_type is new.type:
            operation.modify_type = None
        if _default(before) != _default(after):
            given = operation.modify_server_default
            operation.modify_server_default = False if given is new.server_default else given
        if before.nullable != after.nullable and operation.modify_nullable == after.nullable:
            operation.modify_nullable = None
        if before.comment != after.comment and operation.modify_comment == after.comment:
            operation.modify_comment = False

    def _as_the_server_writes(
        self,
        operation: ops.AlterColumnOp,
        name: Name,
        before: Column,
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> None:
        if operation.modify_type is not new.type:
            return
        other = Difference(before=before, after=replace(before, type=f"not {before.type}"))
        operation.modify_type = self._server.change(name, other, old, new).modify_type

    def _asked_for_type(self, *arguments: Any) -> PriorityDispatchResult:
        """Ask the application's `compare_type`, in the place of Alembic's own asking."""
        _, operation, _, _, _, old, new = arguments
        given = self._context.opts.get("compare_type")
        if given is False:
            return _STOP
        if not callable(given) or isinstance(new.type, sa.types.NullType):
            return _GO_ON
        differs = given(self._context.migration_context, old, new, old.type, new.type)
        if differs:
            operation.modify_type = new.type
        return _GO_ON if differs is None else _STOP

    def _asked_for_default(self, *arguments: Any) -> PriorityDispatchResult:
        """Ask the application's `compare_server_default`, in the place of Alembic's own asking."""
        _, operation, _, _, _, old, new = arguments
        given = self._context.opts.get("compare_server_default")
        if given is False:
            return _STOP
        if not callable(given) or not _are_defaults(old.server_default, new.server_default):
            return _GO_ON
        differs = given(
            self._context.migration_context,
            old,
            new,
            self._written(old.server_default),
            new.server_default,
            self._written(new.server_default),
        )
        if differs:
            operation.modify_server_default = new.server_default
        return _GO_ON if differs is None else _STOP

    def _written(self, default: Any) -> str | None:
        if default is None or isinstance(default.arg, str):
            return None if default is None else str(default.arg)
        compiled = default.arg.compile(
            dialect=self._context.dialect, compile_kwargs={"literal_binds": True}
        )
        return str(compiled)


def _are_defaults(*given: Any) -> bool:
    """Return whether one is a default, and none is how a column is computed or numbered."""
    known = [one for one in given if one is not None]
    return bool(known) and all(isinstance(one, sa.DefaultClause) for one in known)


def _default(column: Column) -> tuple[Any, ...]:
    return column.default, column.identity, column.computed, column.is_numbered
