"""Types of PostgreSQL that a run has made, and that a later revision of it has dropped."""

from typing import Any

from alembic.runtime.migration import MigrationContext

from flask_migrate._sqlalchemy import named_types_made


def forget_dropped_types(context: MigrationContext) -> None:
    """Let a revision make a type anew that another one has dropped.

    SQLAlchemy makes a type of a name once in a run, so that tables can share it, and does not
    notice a DROP TYPE.

    Args:
        context: The database, and what Alembic knows of it.
    """
    connection = context.connection
    if context.as_sql or connection is None or context.dialect.name != "postgresql":
        return
    dialect: Any = context.dialect
    for made in named_types_made(context.impl.memo):
        for schema, name in tuple(made):
            if not dialect.has_type(connection, name, schema=schema):
                made.discard((schema, name))
