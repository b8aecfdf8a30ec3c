"""In the manner of Flask-Migrate, for several databases."""

# How each version finds the engines and what the models want.
_ENGINES_FROM_INI = """
config.set_main_option("sqlalchemy.url", current_app.config.get("SQLALCHEMY_DATABASE_URI"))
bind_names = []
for name, url in current_app.config.get("SQLALCHEMY_BINDS").items():
    config.set_section_option(name, "sqlalchemy.url", url)
    bind_names.append(name)


def get_engine(name):
    section = config.get_section(name or config.config_ini_section)
    return engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
"""

_ENGINES_OF_DB = """
def get_engine(name):
    return current_app.extensions["migrate"].db.get_engine(bind=name or None)


config.set_main_option("sqlalchemy.url", str(get_engine("").url).replace("%", "%%"))
bind_names = list(current_app.config["SQLALCHEMY_BINDS"].keys())
for name in bind_names:
    config.set_section_option(
        name, "sqlalchemy.url", str(get_engine(name).url).replace("%", "%%")
    )
"""

_ENGINES_OF_ANY_DB = """
def get_engine(name):
    try:
        return current_app.extensions["migrate"].db.get_engine(bind=name or None)
    except (TypeError, AttributeError):
        return current_app.extensions["migrate"].db.engines.get(name or None)


def get_url(name):
    return get_engine(name).url.render_as_string(hide_password=False).replace("%", "%%")


config.set_main_option("sqlalchemy.url", get_url(""))
bind_names = []
if current_app.config.get("SQLALCHEMY_BINDS") is not None:
    bind_names = list(current_app.config["SQLALCHEMY_BINDS"].keys())
else:
    get_bind_names = getattr(current_app.extensions["migrate"].db, "bind_names", None)
    if get_bind_names:
        bind_names = get_bind_names()
for name in bind_names:
    config.set_section_option(name, "sqlalchemy.url", get_url(name))
"""

_METADATA_BY_INFO = """
def get_metadata(name):
    metadata = MetaData()
    for table in current_app.extensions["migrate"].db.metadata.tables.values():
        if table.info.get("bind_key") == (name or None):
            table.tometadata(metadata)
    return metadata
"""

_METADATAS = """
def get_metadata(name):
    db = current_app.extensions["migrate"].db
    if hasattr(db, "metadatas"):
        return db.metadatas[name or None]
    metadata = MetaData()
    for table in db.metadata.tables.values():
        if table.info.get("bind_key") == (name or None):
            table.tometadata(metadata)
    return metadata
"""

_HOOK_AS_ARGUMENT = """
def arguments():
    return {
        "process_revision_directives": no_empty_script,
        **current_app.extensions["migrate"].configure_args,
    }
"""

_HOOK_IN_CONFIGURE_ARGS = """
def arguments():
    arguments = current_app.extensions["migrate"].configure_args
    if arguments.get("process_revision_directives") is None:
        arguments["process_revision_directives"] = no_empty_script
    return arguments
"""


def multidb(engines, metadata, hook, *, two_phase=False):
    """Return an env.py: every transaction begins before the first migration, and ends after all.

    Args:
        engines: Defines `bind_names` and `get_engine`.
        metadata: Defines `get_metadata`.
        hook: Defines `arguments`.
        two_phase: Whether the transactions are prepared before they are committed.
    """
    return f"""
from __future__ import with_statement
import logging
from logging.config import fileConfig
from alembic import context
from flask import current_app
from sqlalchemy import MetaData, engine_from_config, pool

USE_TWOPHASE = {two_phase}

config = context.config
fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")
{engines}
{metadata}

def no_empty_script(context, revision, directives):
    if getattr(config.cmd_opts, "autogenerate", False):
        script = directives[0]
        if len(script.upgrade_ops_list) >= len(bind_names) + 1:
            if all(ops.is_empty() for ops in script.upgrade_ops_list):
                directives[:] = []
                logger.info("No changes in schema detected.")

{hook}

def offline():
    urls = {{"": config.get_main_option("sqlalchemy.url")}}
    for name in bind_names:
        urls[name] = config.get_section_option(name, "sqlalchemy.url")
    for name, url in urls.items():
        logger.info("Migrating database %s" % (name or "<default>"))
        with open("%s.sql" % name, "w") as buffer:
            context.configure(
                url=url, output_buffer=buffer, target_metadata=get_metadata(name),
                literal_binds=True,
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def online():
    databases = {{name: {{"engine": get_engine(name)}} for name in ["", *bind_names]}}
    for database in databases.values():
        database["connection"] = connection = database["engine"].connect()
        if USE_TWOPHASE:
            database["transaction"] = connection.begin_twophase()
        else:
            database["transaction"] = connection.begin()
    try:
        for name, database in databases.items():
            logger.info("Migrating database %s" % (name or "<default>"))
            context.configure(
                connection=database["connection"],
                upgrade_token="%s_upgrades" % name,
                downgrade_token="%s_downgrades" % name,
                target_metadata=get_metadata(name),
                **arguments()
            )
            context.run_migrations(engine_name=name)
        if USE_TWOPHASE:
            for database in databases.values():
                database["transaction"].prepare()
        for database in databases.values():
            database["transaction"].commit()
    except:
        for database in databases.values():
            database["transaction"].rollback()
        raise
    finally:
        for database in databases.values():
            database["connection"].close()


if context.is_offline_mode():
    offline()
else:
    online()
"""


V1 = multidb(_ENGINES_FROM_INI, _METADATA_BY_INFO, _HOOK_AS_ARGUMENT)
# The application is an argument of Flask-SQLAlchemy 2.
V2 = multidb(
    _ENGINES_OF_DB.replace(
        "get_engine(bind=name or None)", "get_engine(current_app, name or None)"
    ),
    _METADATA_BY_INFO,
    _HOOK_AS_ARGUMENT,
)
V3 = multidb(_ENGINES_OF_DB, _METADATA_BY_INFO, _HOOK_AS_ARGUMENT)
V4 = multidb(_ENGINES_OF_ANY_DB, _METADATAS, _HOOK_IN_CONFIGURE_ARGS)
V4_TWO_PHASE = multidb(_ENGINES_OF_ANY_DB, _METADATAS, _HOOK_IN_CONFIGURE_ARGS, two_phase=True)

ALL = {
    "flask-migrate-1": V1,
    "flask-migrate-2": V2,
    "flask-migrate-3": V3,
    "flask-migrate-4": V4,
}

# Every connection is opened in the event loop, and used as a synchronous one.
AIOFLASK = f"""
import asyncio
from alembic import context
from flask import current_app

config = context.config
{_ENGINES_OF_ANY_DB}
{_METADATAS}

def offline():
    for name in ["", *bind_names]:
        with open("%s.sql" % name, "w") as buffer:
            context.configure(
                url=get_url(name), output_buffer=buffer, target_metadata=get_metadata(name),
                literal_binds=True,
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def migrate(_, databases):
    for database in databases.values():
        database["connection"] = database["asynchronous"]._sync_connection()
        database["transaction"] = database["connection"].begin()
    try:
        for name, database in databases.items():
            context.configure(
                connection=database["connection"],
                upgrade_token="%s_upgrades" % name,
                downgrade_token="%s_downgrades" % name,
                target_metadata=get_metadata(name),
                **current_app.extensions["migrate"].configure_args
            )
            context.run_migrations(engine_name=name)
        for database in databases.values():
            database["transaction"].commit()
    except:
        for database in databases.values():
            database["transaction"].rollback()
        raise
    finally:
        for database in databases.values():
            database["connection"].close()


async def online():
    databases = {{}}
    for name in ["", *bind_names]:
        databases[name] = {{"asynchronous": await get_engine(name).connect().start()}}
    await databases[""]["asynchronous"].run_sync(migrate, databases)
    for database in databases.values():
        await database["asynchronous"].close()


if context.is_offline_mode():
    offline()
else:
    asyncio.get_event_loop().run_until_complete(online())
"""
