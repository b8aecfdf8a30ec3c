"""The table that says who changes a database, where the server has no better place for it."""

from sqlalchemy import Column, DateTime, MetaData, String, Table

LEASE_TABLE = "flask_migrate_lease"
"""Its name, in whatever schema."""

TEXT_LENGTH = 255


def lease_table(schema: str | None) -> Table:
    """Return the table; there is one row for each version table.

    Args:
        schema: Where it is; None for wherever the connection looks first.
    """
    return Table(
        LEASE_TABLE,
        MetaData(),
        Column("lock_name", String(64), primary_key=True),
        Column("token", String(64), nullable=False),
        Column("process", String(20)),
        Column("host", String(TEXT_LENGTH)),
        Column("application", String(TEXT_LENGTH)),
        Column("doing", String(TEXT_LENGTH)),
        Column("taken_at", DateTime(timezone=True)),
        Column("expires_at", DateTime(timezone=True)),
        schema=schema,
    )
