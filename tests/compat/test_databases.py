"""Whatever object holds engines and metadata; asynchronous engines in every command."""

import asyncio

import pytest
import sqlalchemy as sa

import flask_migrate as commands
from tests.compat.directories import NO_INI, write_directory
from tests.compat.env import flask_migrate
from tests.compat.tours import tour

HEAD = """
import os

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import orm

app = Flask(__name__)
"""

DECLARATIVE = """

class Base(orm.DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(80), nullable=False)
"""

PHONE = "    phone = sa.Column(sa.String(20), nullable=True)\n"

LITE = (
    "from flask_sqlalchemy_lite import SQLAlchemy\n"
    + HEAD
    + 'app.config["SQLALCHEMY_{kind}ENGINES"] = {{"default": os.environ["DATABASE_URL"]}}\n'
    + "db = SQLAlchemy(app)\n"
    + DECLARATIVE
    + "{phone}\nMigrate(app, db, metadata=User.metadata)\n"
)
ALCHEMICAL = (
    HEAD
    + "from alchemical{kind} import Alchemical\n"
    # Alchemical keeps the metadata of a process; each command is to have one of its own.
    + "from alchemical.core import BaseModel\n"
    + "BaseModel.__metadatas__ = {{}}\n"
    + DECLARATIVE.replace(
        "class User(Base)",
        'db = Alchemical(os.environ["DATABASE_URL"], model_class=Base)\n\n\nclass User(db.Model)',
    )
    + "{phone}\nMigrate(app, db)\n"
)
PLAIN = (
    HEAD
    + "from sqlalchemy.ext.asyncio import create_async_engine\n"
    + 'engine = {kind}(os.environ["DATABASE_URL"])\n'
    + DECLARATIVE
    + "{phone}\nMigrate(app, engine=engine, metadata=Base.metadata)\n"
)
BY_BIND = PLAIN.replace("engine=engine", 'engine={{"default": engine}}').replace(
    "metadata=Base.metadata", "metadata={{None: Base.metadata}}"
)
OWN = (
    HEAD
    + "from sqlalchemy.ext.asyncio import create_async_engine\n"
    + DECLARATIVE
    + """{phone}

class OwnDatabase:
    metadata = Base.metadata

    def __init__(self):
        self._engine = {kind}(os.environ["DATABASE_URL"])

    def get_engine(self):
        return self._engine


Migrate(app, OwnDatabase())
"""
)

SYNCHRONOUS = {
    "flask-sqlalchemy-lite": LITE.replace("{kind}", ""),
    "alchemical": ALCHEMICAL.replace("{kind}", ""),
    "engine": PLAIN.replace("{kind}", "sa.create_engine"),
    "engines-by-bind": BY_BIND.replace("{kind}", "sa.create_engine"),
    "object-with-get-engine": OWN.replace("{kind}", "sa.create_engine"),
}
ASYNCHRONOUS = {
    "flask-sqlalchemy-lite": LITE.replace("{kind}", "ASYNC_"),
    "alchemical": ALCHEMICAL.replace("{kind}", ".aio"),
    "engine": PLAIN.replace("{kind}", "create_async_engine"),
    "engines-by-bind": BY_BIND.replace("{kind}", "create_async_engine"),
    "object-with-get-engine": OWN.replace("{kind}", "create_async_engine"),
}
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def application(text, *, phone=""):
    """Return the text of an application, without or with a column `phone`."""
    return text.replace("{{", "{").replace("}}", "}").replace("{phone}", phone)


def tour_of(project, text, **options):
    """Do everything with an application that is not one of Flask-SQLAlchemy."""
    project.models = lambda source: project.write("app.py", source)
    before, after = application(text), application(text, phone=PHONE)
    tour(project, before=(before,), after=(after,), **options)


@pytest.mark.parametrize("kind", SYNCHRONOUS)
def test_every_object_with_engines_does_everything(sqlite_here, kind):
    project = sqlite_here
    project.models = lambda source: project.write("app.py", source)
    project.models(application(SYNCHRONOUS[kind]))
    project.db("init")
    tour_of(project, SYNCHRONOUS[kind])


@pytest.mark.parametrize("kind", ["flask-sqlalchemy-lite", "alchemical", "engine"])
def test_an_env_of_flask_migrate_4_finds_the_engine_of_every_object(sqlite_here, kind):
    write_directory(sqlite_here, flask_migrate.V4, ini=NO_INI)
    tour_of(sqlite_here, SYNCHRONOUS[kind])


@pytest.fixture(params=DRIVERS)
def async_here(request, make_here):
    """An application on disk whose address names an asynchronous driver."""
    project = make_here(request.param)
    project.url = f"{DRIVERS[request.param]}:{project.url.partition(':')[2]}"
    project.environment["DATABASE_URL"] = project.url
    return project


@pytest.mark.parametrize("kind", ASYNCHRONOUS)
@pytest.mark.parametrize("template", ["flask", "aioflask"])
def test_an_asynchronous_engine_does_everything(async_here, kind, template):
    project = async_here
    project.write("app.py", application(ASYNCHRONOUS[kind]))
    project.db("init", "-t", template)
    tour_of(project, ASYNCHRONOUS[kind])


AIOFLASK = """
import asyncio
import logging
from flask import current_app
from alembic import context

config = context.config
logger = logging.getLogger("alembic.env")


def get_engine():
    try:
        return current_app.extensions["migrate"].db.get_engine()
    except (TypeError, AttributeError):
        return current_app.extensions["migrate"].db.engine


target_db = current_app.extensions["migrate"].db
config.set_main_option(
    "sqlalchemy.url", get_engine().url.render_as_string(hide_password=False).replace("%", "%%")
)


def get_metadata():
    return target_db.metadatas[None] if hasattr(target_db, "metadatas") else target_db.metadata


def offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"), target_metadata=get_metadata(),
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate(connection):
    arguments = current_app.extensions["migrate"].configure_args
    context.configure(connection=connection, target_metadata=get_metadata(), **arguments)
    with context.begin_transaction():
        context.run_migrations()


async def online():
    async with get_engine().connect() as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    offline()
else:
    asyncio.get_event_loop().run_until_complete(online())
"""


@pytest.mark.parametrize("kind", ["alchemical", "engine"])
def test_an_env_in_the_manner_of_aioflask_does_everything(async_here, kind):
    write_directory(async_here, AIOFLASK, ini=NO_INI)
    tour_of(async_here, ASYNCHRONOUS[kind])


@pytest.mark.parametrize("env", ["ours", "aioflask"])
def test_commands_work_inside_a_running_event_loop(async_here, env):
    project = async_here
    project.write("app.py", application(ASYNCHRONOUS["engine"]))
    if env == "ours":
        project.db("init")
    else:
        write_directory(project, AIOFLASK, ini=NO_INI)

    async def select(engine):
        async with engine.connect() as connection:
            return await connection.scalar(sa.text("SELECT 1"))

    async def everything(engine):
        assert await select(engine) == 1
        commands.migrate(message="create users", rev_id="a1")
        commands.upgrade()
        assert "users" in project.tables()
        commands.check()
        assert commands.current().targets[0].revisions[0].revision == "a1"
        commands.stamp(revision="base")
        commands.stamp()
        assert commands.history(indicate_current=True).revisions[0].is_current
        assert "CREATE TABLE users" in commands.upgrade(sql=True).targets[0].sql
        commands.downgrade()
        assert "users" not in project.tables()
        assert await select(engine) == 1
        await engine.dispose()

    with project.loaded() as module:
        asyncio.run(everything(module.engine))


def test_a_synchronous_engine_works_inside_a_running_event_loop(sqlite_here):
    project = sqlite_here
    project.write("app.py", application(SYNCHRONOUS["engine"]))
    project.db("init")

    async def everything():
        commands.migrate(message="create users")
        commands.upgrade()
        commands.check()

    with project.loaded():
        asyncio.run(everything())
    assert "users" in project.tables()
