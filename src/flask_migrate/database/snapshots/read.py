"""Read what a database says of its schema, whatever server it is."""

from collections.abc import Collection
from importlib import import_module

from sqlalchemy import Connection, Table

from flask_migrate.database.scratch.judged import Judged
from flask_migrate.values.schema import Snapshot

_FILES = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}


def can_be_read(connection: Connection) -> bool:
    """Return whether we know how to read this kind of server."""
    return connection.dialect.name in _FILES


def read_snapshot(connection: Connection, schemas: Collection[str]) -> Snapshot:
    """Return what there is in some schemas.

    Args:
        connection: The database.
        schemas: Names; "" for the default schema.
    """
    module = import_module(f"flask_migrate.database.snapshots.{_FILES[connection.dialect.name]}")
    snapshot: Snapshot = module.read(connection, schemas)
    return snapshot


def read_models(connection: Connection, tables: Collection[Table]) -> Judged:
    """Return what a server makes of models, in a place that is gone afterwards.

    Args:
        connection: The database.
        tables: The tables of the models.

    Raises:
        NoScratchPlace: There is no such place.
    """
    module = import_module(f"flask_migrate.database.scratch.{_FILES[connection.dialect.name]}")
    judged: Judged = module.read_models(connection, tables)
    return judged
