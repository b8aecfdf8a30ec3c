"""Models without a table never become a script that drops every table."""

import pytest

from flask_migrate.errors import EmptyModels
from tests.behaviour.application import contents

REFUSED = (
    "The metadata has no table, so the migration would drop every table of the database: "
    "orders, users."
)
HINT = (
    "Import the modules that define the models. If every table is to go: flask db migrate "
    "--allow-empty-models"
)


@pytest.fixture
def forgetful(application):
    """An application that had models, and has forgotten to import them."""
    application.users()
    application.users(name="orders")
    application.run("migrate", "--rev-id", "a1")
    application.run("upgrade")
    application.db.metadata.clear()
    return application


def test_a_script_that_drops_every_table_is_refused(forgetful):
    before = contents(forgetful.path)

    for command in (["migrate"], ["revision", "--autogenerate"]):
        done = forgetful.run(*command, exit_code=1)
        assert done.stdout == ""
        assert done.stderr.endswith(f"Error: {REFUSED}\nHint: {HINT}\n")
    with forgetful.context() as api, pytest.raises(EmptyModels) as raised:
        api.migrate()

    assert (raised.value.message, raised.value.hint) == (REFUSED, HINT)
    assert raised.value.code == "empty-models"
    assert contents(forgetful.path) == before
    assert forgetful.tables() == {"alembic_version", "orders", "users"}


def test_the_flag_insists(forgetful):
    forgetful.run("migrate", "--allow-empty-models", "--rev-id", "a2")
    forgetful.run("upgrade")

    assert forgetful.tables() == {"alembic_version"}


def test_check_compares_all_the_same(forgetful):
    done = forgetful.run("check", exit_code=1)

    # Alembic finds removed tables in no order of its own.
    assert sorted(done.problems.splitlines()) == [
        "  drop table orders",
        "  drop table users",
        "Error: New upgrade operations detected:",
        'Hint: Write them as a revision: flask db migrate -m "..."',
    ]


def test_a_bind_without_models_is_refused_by_its_name(make_application, tmp_path):
    binds = {"audit": f"sqlite:///{tmp_path / 'audit.db'}"}
    application = make_application(f"sqlite:///{tmp_path / 'main.db'}", binds=binds)
    application.run("init", "--multidb")
    application.users()
    with application.app.app_context(), application.db.engines["audit"].begin() as connection:
        connection.exec_driver_sql("CREATE TABLE events (id INTEGER PRIMARY KEY)")

    done = application.run("migrate", exit_code=1)

    assert done.stderr.endswith(
        "Error: The metadata of the bind 'audit' has no table, so the migration would drop every "
        f"table of the database: events.\nHint: {HINT}\n"
    )
    assert application.versions == []
