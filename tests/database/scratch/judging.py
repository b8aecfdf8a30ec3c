"""Models, what PostgreSQL says of them, and what it really makes of them."""

import sqlalchemy as sa

from flask_migrate.database.scratch.postgresql import read_models
from flask_migrate.database.snapshots.postgresql import read


def create_all(engine, metadata):
    for table in metadata.tables.values():
        for index in table.indexes:
            # In a transaction, it cannot.
            index.dialect_options["postgresql"]["concurrently"] = False
    with engine.begin() as connection:
        metadata.create_all(connection)


def really(engine, metadata, *schemas):
    """What there is after create_all()."""
    create_all(engine, metadata)
    with engine.connect() as connection:
        return read(connection, ["", *schemas])


def judged(engine, metadata, **options):
    """What the server says of all tables."""
    with engine.connect() as connection:
        return read_models(connection, metadata.tables.values(), **options)


def things(*parts):
    metadata = sa.MetaData()
    sa.Table("things", metadata, sa.Column("id", sa.Integer, primary_key=True), *parts)
    return metadata
