"""The views, functions and triggers that the models of a comparison declare."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, MetaData

from flask_migrate._sqlalchemy import may_declare
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code

if TYPE_CHECKING:
    from flask_migrate.declarations.events import Declared


def declared_by(
    context: AutogenContext, connection: Connection, *, there: Collection[Code]
) -> tuple["Declared", ...]:
    """Return the code that models declare.

    Args:
        context: Alembic's view of the comparison.
        connection: The database.
        there: What there is, for conditions that forbid to make what is there already.
    """
    metadatas, tables = _metadatas(context.metadata), context.table_key_to_table.values()
    if not any(map(may_declare, metadatas)) and not any(map(may_declare, tables)):
        return ()
    # Few applications have any, and those alone pay for what reads it.
    from flask_migrate.autogenerate.compare.code import is_declared  # noqa: PLC0415
    from flask_migrate.declarations.events import declared_code  # noqa: PLC0415

    every = declared_code(metadatas, context.sorted_tables, connection)
    return tuple(
        one for one in every if one.is_certain or any(is_declared(code, [one]) for code in there)
    )


def not_compared(declared: Iterable["Declared"]) -> Problem:
    """Return what is said of code where the server cannot be asked at all."""
    return Problem(
        code="code-not-compared",
        message=f"Not compared, since the server cannot be asked: {', '.join(map(str, declared))}.",
        hint=None,
    )


def _metadatas(given: Any) -> list[MetaData]:
    return list(given) if isinstance(given, (list, tuple, set)) else [given]
