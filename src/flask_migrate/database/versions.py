"""The table in which a database says which revisions it has."""

from typing import cast

from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import NoSuchTableError

from flask_migrate._alembic import version_table


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
