"""``flask db`` for every application, also one that has no migrations or cannot be loaded."""

from typing import Any

import click
from flask import Flask, current_app
from flask.cli import NoAppException, ScriptInfo

from flask_migrate.cli.signals import INTERRUPTED, forget_interrupt
from flask_migrate.database.hide import hide_passwords
from flask_migrate.errors import (
    AddressMissing,
    ApplicationFailed,
    CommandRenamed,
    MigrateError,
    MigrateMissing,
)
from flask_migrate.state import MigrateState

NAME = "db"


class ApplicationGroup(click.Group):
    """Stands for the group ``db`` of whatever application there is.

    Flask asks commands that a package brings along before those of the
    application. This one hands over to the command of the same name that the
    application registered, ours or another's, and explains if there is none.
    """

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Return the context of the application's own command."""
        if parent is None:
            return super().make_context(info_name, args, parent=parent, **extra)
        command = _application_command(parent)
        return command.make_context(info_name, args, parent=parent, **extra)


db = ApplicationGroup(NAME, help="Migrate the databases of the application.")


def _application_command(ctx: click.Context) -> click.Command:
    # What explains an error is not needed where there is none.
    from flask_migrate.cli.render import show_error, show_interrupt  # noqa: PLC0415

    try:
        app = _load(ctx)
        command = app.cli.get_command(ctx, NAME)
        if command is None:
            raise _missing(app)
    except MigrateError as error:
        show_error(error, as_json=False)
        ctx.exit(1)
    except KeyboardInterrupt as error:
        forget_interrupt()
        show_interrupt(error, as_json=False)
        ctx.exit(INTERRUPTED)
    return command


def _missing(app: Flask) -> MigrateError:
    state = app.extensions.get("migrate")
    if isinstance(state, MigrateState) and state.command != NAME:
        return CommandRenamed(app.name, command=NAME, name=state.command)
    return MigrateMissing(app.name, command=NAME)


def _load(ctx: click.Context) -> Flask:
    """Load the application, as Flask does for the commands that an application has.

    Raises:
        NoAppException: There is none; Flask's own words say where it was looked for.
        MigrateError: Loading it failed.
    """
    try:
        app = ctx.ensure_object(ScriptInfo).load_app()
    except NoAppException as error:
        # Flask turns an import error into text; what it was is still known.
        if explained := _explain(error.__context__):
            raise explained from error
        raise
    except Exception as error:
        raise _explain(error) or _failed(error) from error
    if not current_app or current_app._get_current_object() is not app:  # type: ignore[attr-defined,truthy-bool]  # noqa: SLF001
        ctx.with_resource(app.app_context())
    return app


def _explain(error: BaseException | None) -> MigrateError | None:
    from flask_migrate.execution.faults import explain_database_error  # noqa: PLC0415

    if error is None or isinstance(error, MigrateError):
        return error
    if isinstance(error, RuntimeError) and "SQLALCHEMY_DATABASE_URI" in str(error):
        return AddressMissing()
    return explain_database_error(error)


def _failed(error: Exception) -> ApplicationFailed:
    return ApplicationFailed(
        hide_passwords(f"The application could not be loaded, {type(error).__name__}: {error}"),
        hint="The traceback below is that of the application.",
    )
