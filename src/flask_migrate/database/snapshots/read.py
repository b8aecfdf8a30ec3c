"""Read what a database says of its schema, whatever server it is."""

from collections.abc import Collection, Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, Table, text

from flask_migrate.database.scratch.judged import Judged, NoScratchPlace
from flask_migrate.database.without_trace import without_trace
from flask_migrate.values.schema import Code, Kind, Name, Snapshot

if TYPE_CHECKING:
    from flask_migrate.declarations.events import Declared

_FILES = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}


def can_be_read(connection: Connection) -> bool:
    """Return whether we know how to read this kind of server."""
    return connection.dialect.name in _FILES


def require_default_schema(connection: Connection) -> None:
    """See that a session makes what names no schema in the schema that SQLAlchemy takes for it.

    Args:
        connection: The database.

    Raises:
        NoScratchPlace: It does not: somebody has set another `search_path`.
    """
    if connection.dialect.name != "postgresql":
        return
    with without_trace(connection):
        current = connection.scalar(text("SELECT current_schema()"))
    if current not in {None, connection.dialect.default_schema_name}:
        raise NoScratchPlace(f"The session's search_path begins with {current!r}.")


def read_snapshot(connection: Connection, schemas: Collection[str]) -> Snapshot:
    """Return what there is in some schemas.

    Args:
        connection: The database.
        schemas: Names; "" for the default schema.
    """
    module = import_module(f"flask_migrate.database.snapshots.{_FILES[connection.dialect.name]}")
    snapshot: Snapshot = module.read(connection, schemas)
    return snapshot


def read_models(
    connection: Connection, tables: Collection[Table], *, code: "Iterable[Declared]" = ()
) -> Judged:
    """Return what a server makes of models, in a place that is gone afterwards.

    Args:
        connection: The database.
        tables: The tables of the models.
        code: Their views, functions and triggers, in the order in which they are made.

    Raises:
        NoScratchPlace: There is no such place.
    """
    from flask_migrate.database.scratch.statements import of_code  # noqa: PLC0415

    module = import_module(f"flask_migrate.database.scratch.{_FILES[connection.dialect.name]}")
    further = [of_code(one, connection.dialect) for one in code]
    judged: Judged = module.read_models(connection, tables, further=further)
    return judged


def read_code(connection: Connection, code: Iterable[Code]) -> tuple[Code, ...]:
    """Return code of a database so that it can be made again.

    Args:
        connection: The database.
        code: What a snapshot tells of it.
    """
    if connection.dialect.name not in {"mysql", "mariadb"}:
        return tuple(code)
    from flask_migrate.database.snapshots.mysql.code import as_written  # noqa: PLC0415

    return tuple(as_written(connection, one) for one in code)


def read_tables(
    connection: Connection, snapshot: Snapshot, names: Collection[Name]
) -> dict[Name, Table]:
    """Return tables of a database as SQLAlchemy's objects.

    Args:
        connection: The database.
        snapshot: What there is in it.
        names: The tables; what is missing in the snapshot is left out.
    """
    wanted = {name for name in names if name in snapshot.tables}
    if connection.dialect.name == "sqlite":
        from flask_migrate.database.models.sqlite import models_of  # noqa: PLC0415

        made = models_of(snapshot, _with_targets(wanted, snapshot), dialect=connection.dialect)
        return {name: made[name].table for name in wanted}
    if connection.dialect.name == "postgresql":
        from flask_migrate.database.models.postgresql import (  # noqa: PLC0415
            models_of as postgresql_models,
        )

        return postgresql_models(connection, snapshot, wanted)
    if connection.dialect.name in {"mysql", "mariadb"}:
        from flask_migrate.database.models import mysql  # noqa: PLC0415

        made_here = mysql.models_of(
            snapshot, _with_targets(wanted, snapshot), dialect=connection.dialect
        )
        return {name: made_here[name] for name in wanted}
    return _reflected(connection, wanted)


def _with_targets(names: Collection[Name], snapshot: Snapshot) -> set[Name]:
    keys = (key for name in names for key in snapshot.tables[name].of_kind(Kind.FOREIGN_KEY))
    return {*names, *(key.target for key in keys if key.target is not None)}


def _reflected(connection: Connection, names: Collection[Name]) -> dict[Name, Table]:
    metadata = MetaData()
    for schema in sorted({name.schema for name in names}):
        only = [name.name for name in names if name.schema == schema]
        metadata.reflect(connection, schema=schema or None, only=only)
    tables = {Name(one.schema or "", str(one.name)): one for one in metadata.tables.values()}
    return {name: tables[name] for name in names}
