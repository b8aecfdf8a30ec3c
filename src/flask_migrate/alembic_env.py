"""What the env.py of a migrations directory calls."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from alembic import context
from sqlalchemy import Connection

from flask_migrate.database.binds import Bind, all_binds, bind_keys, default_bind, sync_engine
from flask_migrate.execution.steps import function_suffix
from flask_migrate.state import current_state

log = logging.getLogger("flask_migrate")


def run(**options: Any) -> None:
    """Run the migrations of the default database of the current application.

    The engine may be synchronous or async. A connection in
    ``config.attributes["connection"]`` is used instead of one of the engine.

    Args:
        **options: What Alembic's `context.configure` takes; they win over those that
            `Migrate` was given.

    Raises:
        EngineMissing: The application has no default database.
        MetadataMissing: Its database object does not tell its tables.
    """
    bind = default_bind(current_state().db)
    _run_on(bind, {**_options(bind), **options}, {})


def run_each_bind(**options: Any) -> None:
    """Run the migrations of every database of the current application, one after the other.

    The functions of a revision are called with the bind key as `engine_name`, an
    empty one for the default database.

    Args:
        **options: What Alembic's `context.configure` takes; they win over those that
            `Migrate` was given.

    Raises:
        MetadataMissing: The database object does not tell its tables.
    """
    for bind in all_binds(current_state().db):
        key = bind.key or ""
        log.info("Migrating database %s", key or "<default>")
        tokens = {"upgrade_token": f"{key}_upgrades", "downgrade_token": f"{key}_downgrades"}
        _run_on(bind, {**_options(bind), **tokens, **options}, {"engine_name": key})


def bind_functions() -> dict[str, str]:
    """Return what the functions of each bind end in, by bind key; "" is the default database.

    The template of a revision for several databases asks for it.
    """
    return {key or "": function_suffix(key or "") for key in bind_keys(current_state().db)}


def _options(bind: Bind) -> dict[str, Any]:
    return {"target_metadata": bind.metadata, **current_state().configure_args}


def _run_on(bind: Bind, options: dict[str, Any], arguments: dict[str, Any]) -> None:
    def migrate(connection: Connection) -> None:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations(**arguments)

    if context.is_offline_mode():
        options = {"literal_binds": True, **options}
        context.configure(url=sync_engine(bind.engine).url, **options)
        with context.begin_transaction():
            context.run_migrations(**arguments)
        return
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
    elif bind.is_async:
        asyncio.run(_run_async(bind.engine, migrate))
    else:
        with sync_engine(bind.engine).connect() as connection:
            migrate(connection)


async def _run_async(engine: Any, migrate: Callable[[Connection], None]) -> None:
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
