"""Migrate: wires database migrations to a Flask application."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, g

from flask_migrate.cli.group import db as db_group
from flask_migrate.database.plain import PlainDatabase, WithMetadata
from flask_migrate.errors import DatabaseMissing, UnknownOption
from flask_migrate.settings import take_settings
from flask_migrate.state import MigrateState, current_directory
from flask_migrate.values.options import WHERE_NEEDED

if TYPE_CHECKING:
    from flask_migrate.revisions.config import Config

    Callback = Callable[[Config], Config]


class Migrate:
    """Database migrations for one or several Flask applications.

    Args:
        app: The application; None to call `init_app` later.
        db: What holds engines and metadata: Flask-SQLAlchemy, Flask-SQLAlchemy-Lite,
            Alchemical, or any object with `engine`, `engines` or `get_engine` and
            `metadata` or `metadatas`. None to take the Flask-SQLAlchemy object of the
            application.
        directory: The migrations directory.
        command: The name of the command group.
        compare_type: Whether types are compared; passed on to Alembic.
        render_as_batch: Whether changes of a table are written in batch mode. By default
            only those that SQLite cannot do natively are; True given explicitly means
            all, False none.
        engine: Instead of `db`, an engine of plain SQLAlchemy (an `Engine` or an
            `AsyncEngine`), or a mapping of them by bind key.
        metadata: The metadata of the models, or a mapping by bind key: with `engine`, or
            with a `db` that has none.
        **kwargs: The settings of `flask_migrate.settings.Settings` by name, such as
            `lock_timeout`; the rest is passed on to Alembic's
            `EnvironmentContext.configure`.

    Raises:
        DatabaseMissing: An application is given, and no database can be found.
        UnknownOption: `engine` is given without `metadata`, or with `db`.
    """

    def __init__(
        self,
        app: Flask | None = None,
        db: Any = None,
        directory: str = "migrations",
        command: str = "db",
        compare_type: Any = True,
        render_as_batch: bool = WHERE_NEEDED,  # type: ignore[assignment]
        **kwargs: Any,
    ) -> None:
        self.configure_callbacks: list[Callback] = []
        self.db = db
        self.command = command
        self.directory = str(directory)
        self.alembic_ctx_kwargs = {
            **kwargs,
            "compare_type": compare_type,
            "render_as_batch": render_as_batch,
        }
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask,
        db: Any = None,
        directory: str | None = None,
        command: str | None = None,
        compare_type: Any = None,
        render_as_batch: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Set up migrations for an application.

        May be called for several applications; what is given for one stays with it.
        None means what the constructor was given.

        Args:
            app: The application.
            db: As for the constructor.
            directory: As for the constructor.
            command: As for the constructor.
            compare_type: As for the constructor.
            render_as_batch: As for the constructor.
            **kwargs: As for the constructor.

        Raises:
            DatabaseMissing: No database can be found.
            UnknownOption: `engine` is given without `metadata`, or with `db`.
        """
        options = {**self.alembic_ctx_kwargs, **kwargs}
        if compare_type is not None:
            options["compare_type"] = compare_type
        if render_as_batch is not None:
            options["render_as_batch"] = render_as_batch
        database = _database(
            app,
            db=self.db if db is None else db,
            engine=options.pop("engine", None),
            metadata=options.pop("metadata", None),
        )
        settings = take_settings(options)
        name = command or self.command
        app.extensions["migrate"] = MigrateState(
            self,
            database,
            directory=str(directory or self.directory),
            command=name,
            configure_args=options,
            settings=settings,
        )
        app.cli.add_command(db_group, name=name)

    def configure(self, f: "Callback") -> "Callback":
        """Register a function that may change the Alembic configuration of every command.

        Args:
            f: Takes the configuration and returns it, or another one. Can be used as a
                decorator.

        Returns:
            The function.
        """
        self.configure_callbacks.append(f)
        return f

    def call_configure_callbacks(self, config: "Config") -> "Config":
        """Pass a configuration through each registered function, and return the last result.

        Args:
            config: An Alembic configuration.
        """
        for function in self.configure_callbacks:
            config = function(config)
        return config

    def get_config(
        self,
        directory: str | None = None,
        x_arg: str | Iterable[str] | None = None,
        opts: Iterable[str] | None = None,
    ) -> "Config":
        """Return the Alembic configuration of the current application.

        Args:
            directory: The migrations directory; None for that of the application.
            x_arg: One or more arguments for a custom `env.py`, as of ``-x``.
            opts: Names that become true attributes of `config.cmd_opts`.

        Raises:
            InvalidDirectory: `alembic.ini` is not an ini file.
        """
        # Alembic is loaded when it is needed: not in every web worker.
        from flask_migrate.revisions.config import build_config  # noqa: PLC0415

        arguments = [*g.get("x_arg", ()), *([x_arg] if isinstance(x_arg, str) else x_arg or ())]
        config = build_config(current_directory(directory), x_arg=arguments, opts=opts or ())
        return self.call_configure_callbacks(config)


def _database(app: Flask, *, db: Any, engine: Any, metadata: Any) -> Any:
    if engine is not None:
        if db is not None or metadata is None:
            raise UnknownOption(
                "Migrate(engine=...) needs metadata=... and no db.",
                hint="Migrate(app, engine=engine, metadata=Base.metadata)",
            )
        return PlainDatabase(engine, metadata)
    if db is None:
        db = app.extensions.get("sqlalchemy")
    if db is None:
        raise DatabaseMissing(app.name)
    return db if metadata is None else WithMetadata(db, metadata)
