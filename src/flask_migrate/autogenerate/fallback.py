"""Compare as Alembic does, from text: for what the server cannot be asked."""

import re
from collections.abc import Callable
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import Plugin
from sqlalchemy.exc import DBAPIError

from flask_migrate._alembic import comparators_but, comparing_defaults
from flask_migrate._sqlalchemy import creation_of_view
from flask_migrate.database.without_trace import without_trace
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Name

_PLUGINS = [
    "alembic.autogenerate.*",
    # On in some versions of Alembic, and wrong about the CHECKs of types.
    "~alembic.autogenerate.checkconstraint_byname",
]

_CAST = re.compile(r'::(?:"[^"]+"|\w+(?: varying| precision| with(?:out)? time zone)?)(?:\(\d+\))?')


def compare_by_text(
    context: AutogenContext,
    upgrade: ops.UpgradeOps,
    schemas: set[str | None],
    *,
    concerns: Callable[[str | None, str], bool] = lambda _, __: True,
) -> None:
    """Add what Alembic finds to the operations.

    Args:
        context: Alembic's view of the comparison.
        upgrade: The operations so far.
        schemas: The schemas to look at; None for the default one.
        concerns: Whether to compare a table, by its schema and its name.
    """
    given = context.opts.get("include_object")

    def include(item: Any, name: str, type_: str, reflected: Any, compare_to: Any) -> bool:
        is_left_out = type_ == "table" and not concerns(item.schema, name)
        if is_left_out or (type_ == "table" and creation_of_view(item) is not None):
            return False
        return given is None or given(item, name, type_, reflected, compare_to)

    opts = {**context.opts, "include_object": include}
    by_text = AutogenContext(context.migration_context, opts=opts, autogenerate=False)
    # Those for schemas are asked already.
    by_text.comparators = comparators_but(context, "schema")
    Plugin.populate_autogenerate_priority_dispatch(by_text.comparators, include_plugins=_PLUGINS)
    with comparing_defaults(context.migration_context, _defaults_differ):
        by_text.comparators.dispatch("schema", qualifier=context.dialect.name)(
            by_text, upgrade, schemas
        )


def _defaults_differ(
    context: MigrationContext,
    inspected_column: Any,
    column: Any,
    there: str | None,
    _: Any,
    wanted: str | None,
) -> bool | None:
    """Return whether two defaults differ; None if Alembic is to say so.

    Alembic has PostgreSQL compare their values, which it cannot do with JSON, and which are never
    the same if a function makes them.
    """
    if context.dialect.name != "postgresql" or there is None or wanted is None:
        return None
    if _only_words(there) == _only_words(wanted):
        return False
    assert context.connection is not None  # noqa: S101  (nothing is compared without one)
    try:
        with without_trace(context.connection):
            differ: bool = context.impl.compare_server_default(  # type: ignore[no-untyped-call]
                inspected_column, column, wanted, there
            )
            return differ
    except DBAPIError:
        return True


def _only_words(default: str) -> str:
    """Return a default without spaces, casts, and the quotes that Alembic leaves out, too.

    >>> _only_words("'[]'::json")
    '[]'
    >>> _only_words("gen_random_uuid ()")
    'gen_random_uuid()'
    """
    return re.sub(r"\s+", "", _CAST.sub("", default)).strip("'")


def no_scratch_place(reason: str) -> Problem:
    """Return what is said where the server cannot be asked at all."""
    return Problem(
        code="no-scratch-place",
        message=f"Models and database were compared by their text, as Alembic does: {reason}",
        hint="Let the user make schemas on PostgreSQL, databases named godwit_scratch_... on "
        "MariaDB and MySQL, and the server says itself what differs.",
    )


def not_judged(table: Name, reason: str) -> Problem:
    """Return what is said of a table that the server could not be asked about."""
    return Problem(
        code="table-not-judged",
        message=f"The table {table} was compared by its text, as Alembic does, since the server "
        f"cannot make it: {reason}",
        hint=None,
    )
