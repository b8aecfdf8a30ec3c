"""What ``app.extensions["migrate"]`` holds, and what may stand in `configure_args`."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app

from flask_migrate.errors import MigrateMissing


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


def places_beside_app() -> tuple[Path, ...]:
    """Return where the migrations directory of the current application may be, but for here."""
    package = Path(current_app.root_path)
    return (package.parent, package)
