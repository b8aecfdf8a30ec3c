"""The group itself. Our errors become sentences and exit codes here, and nowhere else."""

import atexit
import gc
from collections.abc import MutableMapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import click
from flask import g
from flask.cli import AppGroup, with_appcontext

from flask_migrate.cli import options
from flask_migrate.cli.signals import forget_interrupt, stopped_by_signals
from flask_migrate.errors import MigrateError, PackageConflict

_COMMANDS = ("generate", "run", "inspect", "history")


class MigrateGroup(AppGroup):
    """A group whose commands are imported when first needed, and may raise our errors."""

    _loaded: MutableMapping[str, click.Command]

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """The commands by name, after the modules of all were imported.

        Applications look for one here, to change its help.
        """
        _load_commands()
        return self._loaded

    @commands.setter
    def commands(self, commands: MutableMapping[str, click.Command]) -> None:
        self._loaded = commands

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, without the import of the others."""
        self._loaded[str(name or cmd.name)] = cmd

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of ours becomes a sentence and exit code 1."""
        # What shows errors and logs is not needed in a web worker, which has this module too.
        from flask_migrate._mako import mako_without_pygments  # noqa: PLC0415
        from flask_migrate.cli.render import show_error, show_interrupt  # noqa: PLC0415
        from flask_migrate.execution.logs import console_logging  # noqa: PLC0415

        _end_without_collecting()
        with stopped_by_signals() as stop:
            try:
                with console_logging(), mako_without_pygments():
                    _refuse_conflict()
                    return super().invoke(ctx)
            except MigrateError as error:
                show_error(error, as_json=bool(ctx.meta.get(options.AS_JSON)))
                ctx.exit(1)
            except KeyboardInterrupt as error:
                forget_interrupt()
                show_interrupt(error, as_json=bool(ctx.meta.get(options.AS_JSON)))
                ctx.exit(stop.exit_code)


@click.group("db", cls=MigrateGroup)
@options.directory
@options.x_arg
@with_appcontext
def db(directory: str | None, x_arg: tuple[str, ...]) -> None:
    """Migrate the databases of the application."""
    g.directory = directory
    g.x_arg = list(x_arg)


def _load_commands() -> None:
    for name in _COMMANDS:
        import_module(f"flask_migrate.cli.{name}")


def _end_without_collecting() -> None:
    """Let the process end without a last search for garbage.

    It would go through all models several times, which takes as long as a comparison of them,
    and give back memory that goes with the process.
    """
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def _refuse_conflict() -> None:
    try:
        distribution("Flask-Migrate")
    except PackageNotFoundError:
        return
    raise PackageConflict
