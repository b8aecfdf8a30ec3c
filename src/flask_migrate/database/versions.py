"""The table in which a database says which revisions it has."""

from collections.abc import Iterable
from typing import cast

from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import NoSuchTableError

from flask_migrate._alembic import version_table
from flask_migrate.errors import InvalidRevisionId
from flask_migrate.values.revision import VERSION_COLUMN_LENGTH


def version_length(context: MigrationContext) -> int | None:
    """Return how many characters a revision may have in a database.

    Args:
        context: Alembic's view of the database. Where the version table does not
            exist yet, it says how it would be made.

    Returns:
        None for any number.
    """
    table = version_table(context)
    try:
        columns = inspect(context.connection).get_columns(table.name, schema=table.schema)
    except NoSuchTableError:
        types = [table.c.version_num.type]
    else:
        types = [column["type"] for column in columns if column["name"] == "version_num"]
    lengths = [cast("int | None", getattr(type_, "length", None)) for type_ in types]
    return lengths[0] if lengths else None


def refuse_long_revisions(context: MigrationContext, revisions: Iterable[str]) -> None:
    """Refuse revisions whose names the version table would cut, or not take, in the end.

    Args:
        context: Alembic's view of the database.
        revisions: Their names.

    Raises:
        InvalidRevisionId: There is no room for one of them.
    """
    longest = max(revisions, key=len, default="")
    # The column is that wide unless somebody made another; SQLite takes any length.
    if len(longest) <= VERSION_COLUMN_LENGTH or context.dialect.name == "sqlite":
        return
    room = version_length(context)
    if room is not None and len(longest) > room:
        table = version_table(context).name
        raise InvalidRevisionId(
            f"The revision {longest!r} has {len(longest)} characters, and the table {table} has "
            f"room for {room}; nothing was run.",
            hint=f"Make the column {table}.version_num wider, or give the revision a shorter "
            "name in its file, and in those that revise it.",
        )
