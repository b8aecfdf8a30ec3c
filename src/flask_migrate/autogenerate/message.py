"""Say in a few words what a revision does, for those who have not said it. Pure."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from alembic.operations import ops

from flask_migrate.autogenerate.operations import CodeSQL, Rename

_PHRASES = 3
_NAMES = 3


def message_of(operations: Iterable[Any]) -> str:
    """Return what operations do, in a few words: "add phone to users".

    What comes with the new tables and columns is not mentioned.

    Args:
        operations: Those of an upgrade.
    """
    every = [one for one in _flat(operations) if not _makes_room(one)]
    main = [one for one in every if isinstance(one, _MAIN)]
    phrases = list(_phrases(main or every))
    more = len(phrases) - _PHRASES
    return ", ".join([*phrases[:_PHRASES], *([f"and {more} more"] if more > 0 else [])])


_MAIN = (
    ops.CreateTableOp,
    ops.DropTableOp,
    ops.AddColumnOp,
    ops.DropColumnOp,
    ops.AlterColumnOp,
    CodeSQL,
)


def _makes_room(operation: Any) -> bool:
    """Return whether an operation leaves a view as it is, and is only about another one."""
    return isinstance(operation, CodeSQL) and operation.verb is None


def _flat(operations: Iterable[Any]) -> Iterator[Any]:
    for one in operations:
        if isinstance(one, ops.OpContainer):
            yield from _flat(one.ops)
        else:
            yield one


def _phrases(operations: Iterable[Any]) -> Iterator[str]:
    seen = dict.fromkeys(map(_parts, operations))
    for (verb, preposition, table), group in groupby(seen, key=lambda one: one[:3]):
        names = [name for *_, name in group]
        more = [f"{len(names) - _NAMES} more"] if len(names) > _NAMES else []
        listed = _listed([*names[:_NAMES], *more])
        yield f"{verb} {listed} {preposition} {table}" if table else f"{verb} {listed}"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _parts(operation: Any) -> tuple[str, str, str, str]:
    """Return the verb, the preposition, the table and the name of the thing."""
    table = str(getattr(operation, "table_name", None) or getattr(operation, "source_table", ""))
    name = _name(operation)
    match operation:
        case ops.CreateTableOp() | ops.DropTableOp():
            return "create" if isinstance(operation, ops.CreateTableOp) else "drop", "", "", table
        case Rename():
            return "rename", "of", table, operation.old
        case ops.AddColumnOp() | ops.CreateIndexOp() | ops.AddConstraintOp():
            return "add", "to", table, name
        case ops.DropColumnOp() | ops.DropIndexOp() | ops.DropConstraintOp():
            return "drop", "from", table, name
        case CodeSQL():
            return str(operation.verb), "", "", str(operation.code)
        case _:
            return "change", "of" if name else "", table if name else "", name or table or "schema"


def _name(operation: Any) -> str:
    if isinstance(operation, ops.AddColumnOp):
        return str(operation.column.name)
    kinds = ("column_name", "index_name", "constraint_name")
    return next((str(found) for kind in kinds if (found := getattr(operation, kind, None))), "")
