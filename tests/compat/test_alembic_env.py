"""A migrations directory of plain Alembic that an application took over."""

import pytest

from tests.compat.binds import APPLICATION, EVENT, EVENT_WITH_TEXT, USER
from tests.compat.directories import INI_OF_OLD, LOGGING_OF_OLD, SCRIPT, write_directory
from tests.compat.env import alembic
from tests.compat.here import Here
from tests.compat.tours import tour
from tests.support.project import USER as USERS

SCRIPT_FOR_DATABASES = (
    """
<%
import re
names = re.split(r",\\s*", config.get_main_option("databases"))
%>"""
    + SCRIPT.strip().partition("def upgrade")[0]
    + """
def upgrade(engine_name: str) -> None:
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name: str) -> None:
    globals()["downgrade_%s" % engine_name]()

% for name in names:

def upgrade_${name}() -> None:
    ${context.get("%s_upgrades" % name, "pass")}


def downgrade_${name}() -> None:
    ${context.get("%s_downgrades" % name, "pass")}

% endfor
"""
)


def with_address(url):
    return f"""
[alembic]
script_location = %(here)s
sqlalchemy.url = {url.replace("%", "%%")}
{LOGGING_OF_OLD}
"""


def test_the_generic_env_does_everything(here):
    write_directory(here, alembic.GENERIC, ini=with_address(here.url))
    tour(here)


ASYNCHRONOUS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


@pytest.mark.parametrize("dialect", ASYNCHRONOUS)
def test_the_async_env_does_everything(make_here, dialect):
    project = make_here(dialect)
    url = f"{ASYNCHRONOUS[dialect]}:{project.url.partition(':')[2]}"
    write_directory(project, alembic.ASYNC, ini=with_address(url))
    tour(project)


def test_the_address_may_come_from_a_configure_callback_and_settings_from_nowhere(sqlite_here):
    """As with Alembic's pyproject template, whose ini file stays behind in the root."""
    write_directory(sqlite_here, alembic.GENERIC, ini=None)
    sqlite_here.write("pyproject.toml", '[tool.alembic]\nscript_location = "%(here)s/migrations"\n')
    address = """
@migrate.configure
def add_address(config):
    config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"])
    return config
"""
    later = USERS + "    phone = db.Column(db.String(20), nullable=True)\n"
    tour(sqlite_here, before=(address, USERS), after=(address, later))


def test_the_multidb_env_with_names_of_its_own_for_the_databases(sqlite_here_with_logs):
    project = sqlite_here_with_logs
    ini = f"""
[alembic]
databases = users_db, logs_db
[users_db]
sqlalchemy.url = {project.url}
[logs_db]
sqlalchemy.url = {project.logs_url}
{LOGGING_OF_OLD}
"""
    write_directory(project, alembic.MULTIDB, ini=ini, script=SCRIPT_FOR_DATABASES)
    project.models(USER, EVENT)
    project.db("migrate", "-m", "create", "--rev-id", "a1")
    sql = project.db("upgrade", "--sql").stdout
    assert "CREATE TABLE events" in sql.split("-- Database: logs_db")[1]
    assert project.entries() == {"app.py", "migrations"}
    project.db("upgrade")
    assert project.columns_of_events() == ["id"]
    project.db("check")
    assert "Current revision(s) for logs_db:" in project.db("current").stdout
    project.models(USER, EVENT_WITH_TEXT)
    project.db("check", exit_code=1)
    project.db("migrate", "-m", "text")
    project.db("upgrade")
    assert project.columns_of_events() == ["id", "text"]
    project.db("downgrade", "base")
    assert project.columns_of_events() == []


@pytest.mark.parametrize("doubled", [True, False], ids=["doubled", "as-it-is"])
@pytest.mark.parametrize("given", ["set_main_option", "set_section_option"])
def test_an_address_with_a_percent_sign_is_understood_doubled_or_not(tmp_path, given, doubled):
    directory = tmp_path / "50% off"
    directory.mkdir()
    project = Here(tmp_path / "project", f"sqlite:///{directory}/some%20name.db")
    section = '"alembic", ' if given == "set_section_option" else ""
    value = 'url.replace("%", "%%")' if doubled else "url"
    put = f"url = str(db.engine.url)\nconfig.{given}({section}'sqlalchemy.url', {value})\n"
    env = alembic.GENERIC.replace(
        "target_metadata = db.metadata\n", f"target_metadata = db.metadata\n{put}"
    )
    write_directory(project, env, ini=INI_OF_OLD)
    tour(project)


def test_the_application_of_another_bind_may_be_imported(sqlite_here_with_logs):
    """`sys.path` gets the root of the project, as old tutorials say."""
    project = sqlite_here_with_logs
    env = "import os, sys\nsys.path.insert(0, os.getcwd())\nfrom app import app, migrate\n"
    write_directory(project, env + alembic.GENERIC, ini=with_address(project.url))
    project.models(USER, application=APPLICATION)
    project.db("migrate", "-m", "create")
    project.db("upgrade")
    assert "users" in project.tables()
