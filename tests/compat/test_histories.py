"""Histories that began with one database and have several, or the other way round."""

import pytest

from tests.compat.binds import APPLICATION, EVENT, EVENT_WITH_TEXT, USER, HereWithLogs
from tests.compat.directories import SCRIPT_FOR_BINDS, write_directory
from tests.compat.env import flask_migrate, flask_migrate_multidb

WITHOUT_BINDS = APPLICATION.replace('{"logs": os.environ["LOGS_URL"]}', "{}")

ENV_FILES = {
    "flask-migrate-4": (flask_migrate.V4, flask_migrate_multidb.V4),
    "ours": (
        "from flask_migrate.alembic_env import run\nrun()\n",
        "from flask_migrate.alembic_env import run_each_bind\nrun_each_bind()\n",
    ),
}


@pytest.fixture(params=ENV_FILES)
def env_files(request):
    """The env.py for one database, and the one for several."""
    return ENV_FILES[request.param]


def test_a_history_of_one_database_becomes_one_of_several(here_with_logs, env_files):
    project = here_with_logs
    write_directory(project, env_files[0])
    project.models(USER, application=WITHOUT_BINDS)
    project.db("migrate", "-m", "create users", "--rev-id", "a1")
    project.db("upgrade")

    project.write("migrations/env.py", env_files[1])
    project.write("migrations/script.py.mako", SCRIPT_FOR_BINDS.lstrip())
    project.models(USER, EVENT)
    project.db("upgrade")
    assert project.columns_of_events() == []
    project.db("migrate", "-m", "create events", "--rev-id", "b2")
    assert "op.create_table('events'" in project.newest()
    assert "users" not in project.newest()

    sql = project.db("upgrade", "--sql").stdout
    assert "CREATE TABLE users" not in sql.split("-- Database: logs")[1]
    project.db("upgrade")
    assert project.columns_of_events() == ["id"]
    project.db("check")
    project.db("downgrade", "base")
    assert project.columns_of_events() == []
    assert "users" not in project.tables()
    project.db("upgrade")
    assert "users" in project.tables()


def test_a_history_of_several_databases_becomes_one_of_one(sqlite_here_with_logs, env_files):
    project = sqlite_here_with_logs
    write_directory(project, env_files[1], script=SCRIPT_FOR_BINDS)
    project.models(USER, EVENT)
    project.db("migrate", "-m", "create", "--rev-id", "a1")

    project.write("migrations/env.py", env_files[0])
    project.models(USER, application=WITHOUT_BINDS)
    project.db("upgrade")
    assert "users" in project.tables()
    assert project.columns_of_events() == []
    project.db("check")
    project.db("downgrade", "base")
    assert "users" not in project.tables()


def test_a_bind_that_is_added_later_takes_part_from_then_on(
    sqlite_here_with_logs, env_files, make_database
):
    project = sqlite_here_with_logs
    write_directory(project, env_files[1], script=SCRIPT_FOR_BINDS)
    project.models(USER, EVENT)
    project.db("migrate", "-m", "create", "--rev-id", "a1")
    project.db("upgrade")

    project.environment["MORE_URL"] = make_database("sqlite").url
    more = APPLICATION.replace('["LOGS_URL"]}', '["LOGS_URL"], "more": os.environ["MORE_URL"]}')
    third = EVENT.replace("Event(", "Third(").replace('"logs"', '"more"')
    project.models(USER, EVENT, third, application=more)
    project.db("upgrade")
    project.db("migrate", "-m", "third", "--rev-id", "b2")
    assert "op.create_table('events'" in project.newest().split("def upgrade_more():")[1]
    project.db("upgrade")
    project.db("check")
    assert "Current revision(s) for more:" in project.db("current").stdout
    project.db("downgrade", "base")


def test_a_bind_key_may_have_any_characters(here_with_logs):
    project = here_with_logs
    application = APPLICATION.replace('"logs"', '"my-bind"')
    project.models(USER, EVENT.replace('"logs"', '"my-bind"'), application=application)
    project.db("init", "--multidb")
    project.db("migrate", "-m", "create", "--rev-id", "a1")
    project.db("upgrade")
    assert project.columns_of_events() == ["id"]
    project.models(USER, EVENT_WITH_TEXT.replace('"logs"', '"my-bind"'), application=application)
    project.db("migrate", "-m", "text")
    assert "-- Database: my-bind" in project.db("upgrade", "--sql").stdout
    project.db("upgrade")
    assert project.columns_of_events() == ["id", "text"]
    project.db("downgrade", "base")
    assert project.columns_of_events() == []


def test_a_script_that_calls_the_function_of_a_bind_by_its_key_still_finds_it(
    sqlite_here_with_logs,
):
    """What the predecessor wrote for such a bind was no Python; people mended it like this."""
    project = sqlite_here_with_logs
    project.write("migrations/env.py", flask_migrate_multidb.V4)
    project.write("migrations/script.py.mako", SCRIPT_FOR_BINDS.lstrip())
    project.write(
        "migrations/versions/a1_mended.py",
        '''
        """mended"""
        from alembic import op
        import sqlalchemy as sa

        revision = "a1"
        down_revision = None


        def upgrade(engine_name):
            globals()["upgrade_%s" % engine_name.replace("-", "_")]()


        def downgrade(engine_name):
            globals()["downgrade_%s" % engine_name.replace("-", "_")]()


        def upgrade_():
            pass


        def downgrade_():
            pass


        def upgrade_my_bind():
            op.create_table("events", sa.Column("id", sa.Integer(), primary_key=True))


        def downgrade_my_bind():
            op.drop_table("events")
        ''',
    )
    project.models(USER, application=APPLICATION.replace('"logs"', '"my-bind"'))
    project.db("upgrade")
    assert project.columns_of_events() == ["id"]
    project.db("downgrade")
    assert project.columns_of_events() == []


def test_two_phase_commit_is_left_to_the_server(make_database, tmp_path):
    default, logs = make_database("postgresql"), make_database("postgresql")
    project = HereWithLogs(tmp_path / "project", default.url, logs.url)
    write_directory(project, flask_migrate_multidb.V4_TWO_PHASE, script=SCRIPT_FOR_BINDS)
    project.models(USER, EVENT)
    project.db("migrate", "-m", "create", "--rev-id", "a1")
    project.db("upgrade")
    assert project.columns_of_events() == ["id"]
    assert "users" in project.tables()
    project.db("check")
    project.db("downgrade", "base")
    assert project.columns_of_events() == []
