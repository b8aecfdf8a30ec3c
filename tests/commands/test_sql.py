"""The statements instead of running them."""

import pytest

from tests.support.project import APPLICATION, USER

TWO_BINDS = APPLICATION.replace(
    "db = SQLAlchemy(app)",
    'app.config["SQLALCHEMY_BINDS"] = {"archive": "sqlite:///archive.db"}\ndb = SQLAlchemy(app)',
)
OLD_USER = USER.replace("User", "OldUser").replace(
    '__tablename__ = "users"', '__bind_key__ = "archive"\n    __tablename__ = "old_users"'
)


@pytest.fixture
def two_databases(sqlite_project):
    sqlite_project.write("app.py", TWO_BINDS + USER + OLD_USER)
    sqlite_project.db("init", "--multidb")
    sqlite_project.db("migrate", "-m", "users", "--rev-id", "a1")
    return sqlite_project


def test_each_database_stands_under_a_heading(two_databases):
    before = set(two_databases.path.iterdir())
    done = two_databases.db("upgrade", "--sql")

    default, archive = done.stdout.split("-- Database: archive\n")
    assert default.startswith("-- Database: default\n")
    assert "CREATE TABLE users" in default
    assert "old_users" not in default
    assert "CREATE TABLE old_users" in archive
    assert set(two_databases.path.iterdir()) == before
    assert two_databases.tables() == {"alembic_version"}


def test_each_database_gets_a_file_in_a_directory(two_databases):
    done = two_databases.db("upgrade", "--sql", "--output-dir", "sql")

    sql = two_databases.path / "sql"
    assert done.stdout == (
        f"Generating {sql}/default.sql ...  done\nGenerating {sql}/archive.sql ...  done\n"
    )
    assert "CREATE TABLE users" in (sql / "default.sql").read_text()
    assert "CREATE TABLE old_users" in (sql / "archive.sql").read_text()

    again = two_databases.db("upgrade", "--sql", "--output-dir", "sql", exit_code=1)
    assert f"Error: {sql}/default.sql exists already and was not overwritten." in again.stderr


def test_what_reads_the_database_cannot_be_written_and_nothing_ran(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "users", "--rev-id", "a1")
    sqlite_project.db("upgrade")
    sqlite_project.models(USER.replace("String(80), nullable=False", "String(90)"))
    sqlite_project.db("migrate", "-m", "longer names", "--rev-id", "b2")

    done = sqlite_project.db("upgrade", "--sql", "a1:b2", exit_code=1)

    assert done.stdout == ""
    assert "Error: The upgrade stopped in b2 'longer names': CommandError in" in done.stderr
    assert done.problems.endswith(
        "\nHint: Nothing was run. What reads the database, such as a batch on SQLite, cannot be "
        "written as SQL: run the command without --sql.\n"
    )


OPTIONS = APPLICATION.replace(
    "Migrate(app, db)", "Migrate(app, db, version_table='history', literal_binds=True)"
)
PLAIN_OFFLINE = """
from alembic import context
from flask import current_app

state = current_app.extensions["migrate"]
if context.is_offline_mode():
    context.configure(url=str(state.db.engine.url), target_metadata=state.metadata)
    with context.begin_transaction():
        context.run_migrations()
else:
    with state.db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=state.metadata, **state.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
"""


@pytest.mark.parametrize("env", ["ours", "old"])
@pytest.mark.parametrize(
    "command", [("upgrade", "--sql"), ("downgrade", "--sql", "a1:base"), ("stamp", "--sql", "a1")]
)
def test_options_count_as_much_as_when_it_runs(sqlite_project, env, command):
    sqlite_project.write("app.py", OPTIONS + USER)
    sqlite_project.db("init")
    if env == "old":
        sqlite_project.write("migrations/env.py", PLAIN_OFFLINE)
    sqlite_project.db("revision", "-m", "users", "--rev-id", "a1")

    said = sqlite_project.db(*command).stdout

    assert " history" in said
    assert "alembic_version" not in said


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("-1", "The history has no revision 'head' to downgrade from."),
        ("base:base", "The history has no revision 'base' to downgrade from."),
        ("base", "downgrade with --sql requires <fromrev>:<torev>."),
    ],
)
def test_a_downgrade_needs_a_start(sqlite_project, revision, message):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    done = sqlite_project.db("downgrade", "--sql", "--", revision, exit_code=1)

    assert f"Error: {message}\n" in done.stderr


def test_a_range_is_for_sql_only(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    done = sqlite_project.db("upgrade", "a1:b1", exit_code=1)

    assert done.problems == (
        "Error: Range revision not allowed: 'a1:b1'.\n"
        "Hint: A range is for --sql; otherwise the start is where the database is.\n"
    )
