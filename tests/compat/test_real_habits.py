"""Habits of env.py files and revisions that are found in applications, not in templates."""

import pytest

from tests.compat.directories import write_directory
from tests.compat.tours import tour
from tests.support.project import USER

BEGINNING = """
from alembic import context
from flask import current_app
import sqlalchemy as sa

config = context.config
state = current_app.extensions["migrate"]


def migrate(connection, **options):
    context.configure(
        connection=connection,
        target_metadata=state.db.metadata,
        **{**state.configure_args, **options},
    )
    with context.begin_transaction():
        context.run_migrations()

"""

END = """

if context.is_offline_mode():
    context.configure(
        url=state.db.engine.url, target_metadata=state.db.metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    with state.db.engine.connect() as connection:
        run(connection)
"""


def env(run):
    """Return an env.py that does this with a connection."""
    return f"{BEGINNING}\n{run}\n{END}"


def write_revision(project, name, down, upgrade, downgrade="pass", *, before=""):
    """Write a revision file, as people write them."""
    text = f"""
from alembic import context, op
import sqlalchemy as sa
{before}
revision = {name!r}
down_revision = {down!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""
    project.write(f"migrations/versions/{name}.py", text)


PUSHES = (
    """
from app import app

app.app_context().push()
"""
    + BEGINNING
    + "run = migrate\n"
    + END
)


def test_an_env_may_push_an_application_context_and_forget_it(sqlite_here):
    write_directory(sqlite_here, PUSHES)
    tour(sqlite_here)


ASKS_SESSION = env("""
def run(connection):
    state.db.session.execute(sa.text("SELECT 1 FROM tenants"))
    migrate(connection)
""")


def test_an_env_may_read_a_list_of_tenants_with_the_session(here):
    write_directory(here, ASKS_SESSION)
    here.execute("CREATE TABLE tenants (id INTEGER)")
    here.models(USER, "class Tenant(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n")
    write_revision(here, "a1", None, "op.execute('CREATE TABLE users (id INTEGER)')")
    here.db("upgrade")
    assert "users" in here.tables()


def test_a_revision_may_leave_a_transaction_of_the_session_open_before_the_next_database(here):
    run = """
def run(connection):
    migrate(connection, version_table="first")
    migrate(connection, version_table="second")
"""
    write_directory(here, env(run))
    here.models(USER)
    asks = "db.session.execute(sa.text('SELECT 1 FROM tenants'))"
    here.execute("CREATE TABLE tenants (id INTEGER)")
    write_revision(here, "a1", None, asks, before="from app import db")
    here.db("upgrade")
    assert here.execute("SELECT * FROM first") == here.execute("SELECT * FROM second") == [("a1",)]


ONLY_IF_ASKED = env("""
def run(connection):
    connection.execute(sa.text("SELECT 1"))
    migrate(connection)
    if "keep" in context.get_x_argument(as_dictionary=True):
        connection.commit()
    else:
        connection.rollback()
""")


def test_an_env_that_ends_the_transaction_itself_decides_what_is_kept(postgresql_here):
    project = postgresql_here
    write_directory(project, ONLY_IF_ASKED)
    project.models(USER)
    write_revision(project, "a1", None, "op.execute('CREATE TABLE users (id INTEGER)')")
    project.db("upgrade")
    assert project.tables() == set()
    project.db("-x", "keep=1", "upgrade")
    assert "users" in project.tables()


VERIFIES = env("""
def run(connection):
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        migrate(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise ValueError("Rows point nowhere.")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
""")


def test_an_env_that_verifies_what_ran_can_take_it_back_on_sqlite(sqlite_here):
    write_directory(sqlite_here, VERIFIES)
    sqlite_here.models(USER)
    create = "op.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, boss REFERENCES users (id))')"
    write_revision(sqlite_here, "a1", None, create)
    write_revision(sqlite_here, "b2", "a1", "op.execute('INSERT INTO users VALUES (1, 99)')")
    sqlite_here.db("upgrade", "a1")

    done = sqlite_here.db("upgrade", exit_code=1)

    assert "Rows point nowhere." in done.stderr
    assert sqlite_here.execute("SELECT * FROM users") == []
    assert sqlite_here.execute("SELECT * FROM alembic_version") == [("a1",)]


IN_PUBLIC = env("""
def run(connection):
    migrate(connection, include_schemas=True, version_table_schema="public")
""")

IN_SEARCH_PATH = env("""
def run(connection):
    for schema in ["one", "two"]:
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        connection.execute(sa.text(f"SET search_path TO {schema}"))
        connection.commit()
        migrate(connection, version_table_schema=schema)
""")


@pytest.mark.parametrize("run", [IN_PUBLIC, IN_SEARCH_PATH], ids=["public", "search-path"])
def test_the_version_table_is_never_dropped_whatever_its_schema_is_called(postgresql_here, run):
    write_directory(postgresql_here, run)
    postgresql_here.models(USER)
    postgresql_here.db("migrate", "-m", "create users")
    assert "alembic_version" not in postgresql_here.newest()
    postgresql_here.db("upgrade")
    postgresql_here.db("check")
    postgresql_here.db("downgrade", "base")


def test_a_revision_that_asks_the_database_cannot_be_written_as_sql(sqlite_here):
    write_directory(sqlite_here, env("run = migrate"))
    sqlite_here.models(USER)
    write_revision(sqlite_here, "a1", None, "sa.inspect(op.get_bind()).get_table_names()")

    done = sqlite_here.db("upgrade", "--sql", exit_code=1)

    assert "The upgrade stopped in a1" in done.stderr
    assert "Hint: Nothing was run." in (done.stderr)


def test_a_revision_may_ask_the_database_where_it_is_imported(sqlite_here):
    write_directory(sqlite_here, env("run = migrate"))
    sqlite_here.models(USER)
    write_revision(
        sqlite_here,
        "a1",
        None,
        "op.execute(f'CREATE TABLE {name} (id INTEGER)')",
        before="name = f'of_{op.get_bind().dialect.name}'",
    )
    assert sqlite_here.db("heads").stdout == "a1 (head)\n"
    sqlite_here.db("upgrade")
    assert "of_sqlite" in sqlite_here.tables()


WIDER = f"""
from alembic.ddl.sqlite import SQLiteImpl


class Wider(SQLiteImpl):
    __dialect__ = "sqlite"

    def version_table_impl(self, **arguments):
        table = super().version_table_impl(**arguments)
        table.c.version_num.type.length = 100
        return table

{env("run = migrate")}
"""


@pytest.mark.parametrize("command", [["revision"], ["migrate"]])
def test_an_env_may_make_the_version_column_wider(sqlite_project, command):
    # In a process of its own: Alembic keeps the class for good.
    write_directory(sqlite_project, WIDER)
    sqlite_project.models(USER)
    sqlite_project.db(
        *command, "-m", "first", "--rev-id", "2026_11_21_the_first_revision_of_the_shop"
    )
    sqlite_project.db("upgrade")
    assert "the_first_revision" in sqlite_project.db("current").stdout
    done = sqlite_project.db("revision", "--rev-id", "x" * 101, exit_code=1)
    assert "A revision may have 100 characters" in done.stderr


ACTS = """
try:
    op.execute("CREATE TABLE IF NOT EXISTS early (number INTEGER)")
except NameError:
    pass  # for commands that only look at the file
"""


def test_a_revision_may_act_when_it_is_loaded_whatever_runs(here):
    """FitTrackee 1.0.0 makes a type so, of which another revision later wants to be rid."""
    write_directory(here, env("run = migrate"))
    here.models(USER)
    insert = 'op.execute("INSERT INTO early VALUES (1)")'
    drop = 'op.execute("DROP TABLE early")'
    write_revision(here, "a1", None, insert, "op.execute('SELECT * FROM early')", before=ACTS)
    write_revision(here, "a2", "a1", insert, insert)
    write_revision(here, "a3", "a2", drop, insert)

    here.db("upgrade")
    here.db("downgrade", "base")
    here.db("history")

    assert here.execute("SELECT number FROM early") == [(1,), (1,)]
