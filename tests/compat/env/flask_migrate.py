"""In the manner of Flask-Migrate, for one database."""

_ONLINE_OR_OFFLINE = """
if context.is_offline_mode():
    offline()
else:
    online()
"""

_NO_EMPTY_SCRIPT = """
def no_empty_script(context, revision, directives):
    if getattr(config.cmd_opts, "autogenerate", False):
        if directives[0].upgrade_ops.is_empty():
            directives[:] = []
            logger.info("No changes in schema detected.")
"""

# The engine is made from the ini section, to which the application's address was added.
V1 = f"""
from __future__ import with_statement
import logging
from logging.config import fileConfig
from alembic import context
from flask import current_app
from sqlalchemy import engine_from_config, pool

config = context.config
fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")
config.set_main_option("sqlalchemy.url", current_app.config.get("SQLALCHEMY_DATABASE_URI"))
target_metadata = current_app.extensions["migrate"].db.metadata
{_NO_EMPTY_SCRIPT}

def offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"))
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    connection = engine.connect()
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        process_revision_directives=no_empty_script,
        **current_app.extensions["migrate"].configure_args
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.close()

{_ONLINE_OR_OFFLINE}
"""

# The metadata hangs on the extension itself, and nothing is compared offline.
V1_EARLY = f"""
from alembic import context
from sqlalchemy import engine_from_config, pool
from logging.config import fileConfig
from flask import current_app

config = context.config
fileConfig(config.config_file_name)
config.set_main_option("sqlalchemy.url", current_app.config.get("SQLALCHEMY_DATABASE_URI"))
target_metadata = current_app.extensions["migrate"].metadata


def offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"))
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    connection = engine.connect()
    context.configure(connection=connection, target_metadata=target_metadata)
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.close()

{_ONLINE_OR_OFFLINE}
"""


def _with_engine(engine, *, metadata="migrate.db.metadata"):
    """Return an env.py that takes the engine of the database object."""
    return f"""
from __future__ import with_statement
import logging
from logging.config import fileConfig
from flask import current_app
from alembic import context

config = context.config
fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")
migrate = current_app.extensions["migrate"]
config.set_main_option("sqlalchemy.url", str({engine}.url).replace("%", "%%"))
target_metadata = {metadata}
{_NO_EMPTY_SCRIPT}

def offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def online():
    with {engine}.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            process_revision_directives=no_empty_script,
            **migrate.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()

{_ONLINE_OR_OFFLINE}
"""


# SQLAlchemy 2 hides the password in what becomes the address.
V2_EARLY = V1.replace(
    'current_app.config.get("SQLALCHEMY_DATABASE_URI")',
    'str(current_app.extensions["migrate"].db.engine.url).replace("%", "%%")',
)

V2 = _with_engine("migrate.db.engine")

V3 = _with_engine("migrate.db.get_engine()")

# Whatever the version of Flask-SQLAlchemy; the callback becomes an argument if there is none.
V4 = f"""
import logging
from logging.config import fileConfig
from flask import current_app
from alembic import context

config = context.config
fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")


def get_engine():
    try:
        return current_app.extensions["migrate"].db.get_engine()
    except (TypeError, AttributeError):
        return current_app.extensions["migrate"].db.engine


def get_engine_url():
    try:
        return get_engine().url.render_as_string(hide_password=False).replace("%", "%%")
    except AttributeError:
        return str(get_engine().url).replace("%", "%%")


config.set_main_option("sqlalchemy.url", get_engine_url())
target_db = current_app.extensions["migrate"].db


def get_metadata():
    if hasattr(target_db, "metadatas"):
        return target_db.metadatas[None]
    return target_db.metadata


def offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=get_metadata(), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()

{_NO_EMPTY_SCRIPT}

def online():
    arguments = current_app.extensions["migrate"].configure_args
    if arguments.get("process_revision_directives") is None:
        arguments["process_revision_directives"] = no_empty_script
    with get_engine().connect() as connection:
        context.configure(connection=connection, target_metadata=get_metadata(), **arguments)
        with context.begin_transaction():
            context.run_migrations()

{_ONLINE_OR_OFFLINE}
"""

# A callback inside of `online` is in the way of the second command of a process.
V4_ENGINES = V4.replace('migrate"].db.get_engine()', 'migrate"].db.no_such_thing()').replace(
    "db.engine\n", "db.engines[None]\n"
)

ALL = {
    "flask-migrate-1-early": V1_EARLY,
    "flask-migrate-1": V1,
    "flask-migrate-2-early": V2_EARLY,
    "flask-migrate-2": V2,
    "flask-migrate-3": V3,
    "flask-migrate-4": V4,
    "flask-migrate-4-engines": V4_ENGINES,
}
