"""What ``app.extensions["migrate"]`` holds, and what may stand in `configure_args`."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app, g

from flask_migrate.errors import MigrateMissing
from flask_migrate.revisions.locate import locate


class MigrateState:
    """The migrations of one application.

    Attributes:
        migrate: The extension.
        db: The object that holds engines and metadata.
        directory: The migrations directory, as it was given.
        command: The name of the command group.
        configure_args: What every `env.py` passes to `context.configure`: a plain
            dict, whose keys `env.py` files set and delete.
        settings: The settings that `Migrate` was given, by name.
    """

    def __init__(
        self,
        migrate: Any,
        db: Any,
        *,
        directory: str,
        command: str,
        configure_args: dict[str, Any],
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.migrate = migrate
        self.db = db
        self.directory = directory
        self.command = command
        self.configure_args = configure_args
        self.settings = settings or {}

    @property
    def metadata(self) -> Any:
        """The metadata of `db`, where `env.py` files of Flask-Migrate 1 look for it."""
        return self.db.metadata


def current_state() -> MigrateState:
    """Return the migrations of the current application.

    Raises:
        MigrateMissing: It was never given to `Migrate`.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  (documented)
    return state_of(app)


def state_of(app: Flask) -> MigrateState:
    """Return the migrations of an application.

    Raises:
        MigrateMissing: It was never given to `Migrate`.
    """
    state = app.extensions.get("migrate")
    if not isinstance(state, MigrateState):
        raise MigrateMissing(app.name)
    return state


def current_directory(directory: str | None = None) -> Path:
    """Return the migrations directory of the current application, which may not exist yet.

    Args:
        directory: What was asked for; None for what the command line or `Migrate` was given.

    Raises:
        MigrateMissing: The application was never given to `Migrate`.
    """
    named = directory or g.get("directory") or current_state().directory
    return locate(str(named), beside=places_beside_app())


def has_own_configuration(migrate: Any) -> bool:
    """Return whether an application makes, or changes, the Alembic configuration itself.

    Args:
        migrate: The extension, or what is derived from it.
    """
    return bool(migrate.configure_callbacks) or "get_config" not in vars(type(migrate))


def places_beside_app() -> tuple[Path, ...]:
    """Return where the migrations directory of the current application may be, but for here."""
    package = Path(current_app.root_path)
    return (package.parent, package)
