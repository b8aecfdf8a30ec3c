"""SQL as text: out of SQLAlchemy, and into a file that gives it back unchanged."""

import re
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.visitors import replacement_traverse

_BIND = re.compile(r"(?<![:\w\\]):(?=\w+(?![:\w]))")
_ESCAPE = re.compile(r"\\(?=:\w*(?![:\w]))")


def plain(sql: str, dialect: sa.Dialect) -> str:
    """Return SQL as it is outside of a statement with parameters: its percent signs not doubled."""
    doubles = dialect.paramstyle in {"format", "pyformat"}
    return sql.replace("%%", "%") if doubles else sql


def escaped(sql: str) -> str:
    r"""Return SQL so that `sa.text` does not take a colon in it for a parameter.

    A backslash that stands before a colon already would be taken for one of ours.

    >>> print(escaped("SELECT ' :b'::text"))
    SELECT ' \:b'::text
    """
    return _BIND.sub(r"\\:", _ESCAPE.sub(r"\\\\", sql))


def expression(element: Any, context: AutogenContext, *, is_index: bool = False) -> str:
    """Return an expression as SQL.

    Args:
        element: The expression, as SQLAlchemy's object.
        context: Alembic's view of the comparison.
        is_index: It is one of those that an index is about.
    """
    impl = context.migration_context.impl
    return plain(impl.render_ddl_sql_expr(element, is_index=is_index), context.dialect)


def written_truth(element: Any, context: AutogenContext) -> str | None:
    """Return a truth value as it stands in a file, where each server writes it in its own way.

    Args:
        element: An expression; for any other, there is None.
        context: Alembic's view of the comparison.
    """
    name = {sa.sql.elements.True_: "true", sa.sql.elements.False_: "false"}.get(type(element))
    return None if name is None else f"{context.opts['sqlalchemy_module_prefix'] or ''}{name}()"


def without_table(element: Any) -> Any:
    """Return an expression whose columns are names only: no table is asked what it becomes."""
    if not isinstance(element, sa.ClauseElement):
        return element
    return replacement_traverse(element, {}, _only_name)


def _only_name(element: Any, **_: Any) -> Any:
    return sa.column(element.name, element.type) if isinstance(element, sa.Column) else None
