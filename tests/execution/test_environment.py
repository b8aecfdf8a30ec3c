"""Several databases in one env.py that does not name them, and errors that come out of it."""

import pytest
import sqlalchemy as sa

from tests.support.project import USER

TWO_DATABASES = """
import sqlalchemy as sa
from alembic import context
from flask import current_app

state = current_app.extensions["migrate"]
for url in ("sqlite:///one.db", "sqlite:///two.db"):
    with sa.create_engine(url).connect() as connection:
        context.configure(
            connection=connection, target_metadata=state.metadata, **state.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
"""

IN_CODE = """
from app import app, db
from flask_migrate import current, upgrade
with app.app_context():
    {}
"""


@pytest.fixture
def initialised(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "users")
    return sqlite_project


def test_databases_that_env_py_does_not_name_are_told_apart(initialised):
    initialised.write("migrations/env.py", TWO_DATABASES)
    done = initialised.python_code(
        IN_CODE.format("print([(one.target, one.url) for one in upgrade().targets])")
    )

    assert done.stdout == ("[('default', 'sqlite:///one.db'), ('default-2', 'sqlite:///two.db')]\n")
    for name in ("one", "two"):
        engine = sa.create_engine(f"sqlite:///{initialised.path / name}.db", poolclass=sa.NullPool)
        assert "users" in sa.inspect(engine).get_table_names()


def test_an_error_of_click_is_shown_as_env_py_wrote_it(initialised):
    initialised.write(
        "migrations/env.py", "import click\nraise click.UsageError('Use the other one.')\n"
    )
    done = initialised.db("upgrade", exit_code=2)

    assert "Error: Use the other one." in done.stderr


def test_who_waits_for_the_database_still_catches_the_error_of_sqlalchemy(initialised):
    code = """
    import sqlalchemy
    from flask_migrate import MigrateError
    try:
        upgrade()
    except sqlalchemy.exc.OperationalError as error:
        print(isinstance(error, MigrateError), error.code, type(error.orig).__name__)
    """
    done = initialised.python_code(
        IN_CODE.format(code.strip()), DATABASE_URL="sqlite:////nowhere/at/all.db"
    )

    assert done.stdout == "True database-unreachable OperationalError\n"


def test_an_env_py_that_runs_nothing_is_mentioned(initialised):
    initialised.write("migrations/env.py", "")
    done = initialised.db("upgrade")

    assert done.problems == (
        "Warning: env.py did not run any migrations.\n"
        "Hint: It must call context.configure() and context.run_migrations() for each database.\n"
    )
