"""Tables that Alembic makes on SQLite, and that are gone when it is done."""

BATCH_COPY = "_alembic_tmp_"
"""What the name of a table begins with while Alembic's batch mode copies to it."""
