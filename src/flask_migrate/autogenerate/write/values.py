"""What rows get in a column that must not be NULL."""

import json
import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from flask_migrate.autogenerate.text import plain

# MariaDB and MySQL say in the default what a column gets when its row changes.
_ON_UPDATE = re.compile(r"\s+ON\s+UPDATE\s+\w+(?:\(\d*\))?\s*$", re.IGNORECASE)


def default_sql(column: sa.Column[Any], dialect: sa.Dialect) -> str | None:
    """Return the value that the server gives a column of a new row as SQL, or None."""
    default = column.server_default
    if not isinstance(default, sa.DefaultClause):
        return None
    compiler = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # (of nothing yet)
    text = compiler.get_column_default_string(column)
    if text is None:
        return None
    value = _ON_UPDATE.sub("", plain(text, dialect))
    return None if value.upper() == "NULL" else value


def scalar_sql(column: sa.Column[Any], dialect: sa.Dialect) -> str | None:
    """Return the Python default of a column as SQL, if it is one value for all rows, or None."""
    default = column.default
    if default is None or not default.is_scalar:
        return None
    given = default.arg  # type: ignore[attr-defined]
    is_json = isinstance(column.type, sa.JSON)
    value = sa.literal(json.dumps(given)) if is_json else sa.literal(given, column.type)
    try:
        text = value.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    except (SQLAlchemyError, NotImplementedError, TypeError, ValueError):
        return None
    return plain(str(text), dialect)


def truth(sql: str | None, type_: Any) -> Any:
    """Return a truth value as what every server writes in its own way; None for anything else.

    Args:
        sql: The value, as this server writes it.
        type_: The type that it is of.
    """
    if not isinstance(type_, sa.Boolean) or sql is None:
        return None
    return {"1": sa.true(), "true": sa.true(), "0": sa.false(), "false": sa.false()}.get(
        sql.lower().strip("'()")
    )
