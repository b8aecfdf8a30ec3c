"""Bring together what settles the differences and what others want besides. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from alembic.operations import ops

from flask_migrate.autogenerate.others.opinions import Opinions, Place

_SAID = (
    ("modify_type", "existing_type", None),
    ("modify_nullable", "existing_nullable", None),
    ("modify_server_default", "existing_server_default", False),
    ("modify_comment", "existing_comment", False),
)
Operations = tuple[Any, ...]


def joined(
    upgrade: Sequence[Any], downgrade: Sequence[Any], opinions: Opinions
) -> tuple[Operations, Operations]:
    """Return the operations of both ways with those that others want.

    What others add to a table comes after what we add to it, and before its columns go:
    there Alembic asks for it.

    Args:
        upgrade: Our operations.
        downgrade: Our way back.
        opinions: What others have said.
    """
    there, back = list(upgrade), list(downgrade)
    for (schema, table), changes in opinions.changed().items():
        _insert(there, table, schema, [one for one in changes if not _set_on(there, one)])
        ways_back = [one.reverse() for one in changes]
        _insert(back, table, schema, [one for one in ways_back if not _set_on(back, one)])
    for place, part in opinions.parts:
        way_back = [one.reverse() for one in reversed(part.ops)]
        _put(there, place is Place.GONE, place, part.table_name, part.schema, part.ops)
        _put(back, place is Place.NEW, place, part.table_name, part.schema, way_back)
    return tuple(there), tuple(back)


def _put(
    operations: list[Any],
    is_first: bool,  # noqa: FBT001  (said by its two callers above)
    place: Place,
    table: str,
    schema: str | None,
    added: list[Any],
) -> None:
    if place is Place.STAYS:
        _insert(operations, table, schema, added)
    elif is_first:
        operations.insert(0, ops.ModifyTableOps(table, added, schema=schema))
    else:
        operations.append(ops.ModifyTableOps(table, added, schema=schema))


def _insert(operations: list[Any], table: str, schema: str | None, added: list[Any]) -> None:
    """Put operations to those of their table: before its columns go, else after all."""
    if not added:
        return
    groups = [one for one in operations if _is_of(one, table, schema)]
    if not groups:
        operations.append(ops.ModifyTableOps(table, added, schema=schema))
        return
    dropping = (one for one in groups if any(isinstance(op, ops.DropColumnOp) for op in one.ops))
    group = next(dropping, groups[-1])
    place = _before_columns_go(group.ops)
    group.ops[place:place] = added


def _before_columns_go(operations: Sequence[Any]) -> int:
    """Return the place after which only columns go and what follows from that."""
    added = [at for at, one in enumerate(operations) if isinstance(one, ops.AddColumnOp)]
    gone = [at for at, one in enumerate(operations) if isinstance(one, ops.DropColumnOp)]
    return next((at for at in gone if not added or at > added[-1]), len(operations))


def _is_of(operation: Any, table: str, schema: str | None) -> bool:
    place = getattr(operation, "table_name", None), getattr(operation, "schema", None)
    return isinstance(operation, ops.ModifyTableOps) and place == (table, schema)


def _set_on(operations: Iterable[Any], change: ops.AlterColumnOp) -> bool:
    """Set a change on the operation that changes the same column already, if there is one."""
    known = _change_of(operations, change)
    if known is None:
        return False
    for key, existing, nothing in _SAID:
        if getattr(change, key) is not nothing:
            setattr(known, key, getattr(change, key))
            setattr(known, existing, getattr(change, existing))
    known.kw.update(change.kw)
    return True


def _change_of(operations: Iterable[Any], wanted: ops.AlterColumnOp) -> ops.AlterColumnOp | None:
    found = None
    for one in operations:
        if isinstance(one, ops.OpContainer):
            found = _change_of(one.ops, wanted) or found
        elif isinstance(one, ops.AlterColumnOp) and _column(one) == _column(wanted):
            found = one
    return found


def _column(operation: ops.AlterColumnOp) -> tuple[Any, ...]:
    return operation.schema, operation.table_name, operation.column_name
