"""An env.py in autocommit, where a transaction of SQLAlchemy's is none of the server's."""

import pytest

from tests.support.deployed import ENVS

LEVEL = {"isolation_level": "AUTOCOMMIT"}
AUTOCOMMIT = [name for name in ENVS if name.startswith("autocommit")]
SERVERS = ("postgresql", "mariadb")

HAS_LOCK = """
count = op.get_bind().exec_driver_sql(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
).scalar()
assert count == 1, count
"""


def table(name):
    return f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))'


def write(deployed, *second):
    deployed.revision("r1", table("one"), 'op.drop_table("one")')
    deployed.revision("r2", "\n".join((table("two"), *second)), 'op.drop_table("two")')
    deployed.revision("r3", table("three"), 'op.drop_table("three")')


@pytest.fixture(params=AUTOCOMMIT)
def in_autocommit(request, make_deployed, database):
    """An application in autocommit, by its env.py, on an empty database of each kind."""
    return make_deployed(database.dialect, env=request.param, database=database)


def test_it_goes_up_and_down(in_autocommit):
    write(in_autocommit)

    assert in_autocommit.db("upgrade").problems == ""
    assert in_autocommit.applied() == ["r3"]
    assert in_autocommit.tables() == {"alembic_version", "one", "two", "three"}

    in_autocommit.db("downgrade", "r1")
    assert in_autocommit.applied() == ["r1"]
    assert in_autocommit.tables() == {"alembic_version", "one"}


def test_revisions_before_one_that_fails_are_kept(in_autocommit):
    write(in_autocommit, "raise ValueError('no list')")

    said = in_autocommit.db("upgrade", exit_code=1)

    undoes = in_autocommit.dialect == "sqlite"
    kept = "Nothing of this revision was kept" if undoes else "Done and kept: 1 statement"
    assert kept in said.problems
    assert in_autocommit.applied() == ["r1"]
    assert in_autocommit.tables() == {"alembic_version", "one"} | (set() if undoes else {"two"})


@pytest.mark.parametrize("env", AUTOCOMMIT)
def test_the_lock_of_the_run_lasts_longer_than_a_statement(make_deployed, env):
    deployed = make_deployed("postgresql", env=env)
    write(deployed, HAS_LOCK)

    deployed.db("upgrade")

    assert deployed.applied() == ["r3"]


@pytest.mark.parametrize("env", AUTOCOMMIT)
def test_one_transaction_for_all_may_be_asked_for(make_deployed, database, env):
    deployed = make_deployed(database.dialect, env=env, database=database)
    deployed.environment["MIGRATE"] = '{"transaction_per_migration": false}'
    write(deployed)

    deployed.db("upgrade")

    assert deployed.applied() == ["r3"]


@pytest.mark.parametrize("dialect", SERVERS)
@pytest.mark.parametrize("env", ["flask-migrate-4", "reads", "engine-begin"])
def test_the_engine_may_be_in_autocommit(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    deployed.settings(SQLALCHEMY_ENGINE_OPTIONS=LEVEL)
    write(deployed, "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)
    assert "Done and kept: 1 statement" in said.problems
    assert deployed.applied() == ["r1"]

    deployed.execute("DROP TABLE two")
    write(deployed)
    deployed.db("upgrade")
    assert deployed.applied() == ["r3"]


def test_a_connection_of_the_caller_may_be_in_autocommit_and_have_read(deployed):
    write(deployed)

    deployed.python_code(f"""
        from app import app, db
        from flask_migrate import upgrade
        with app.app_context():
            with db.engine.connect().execution_options(**{LEVEL}) as connection:
                connection.exec_driver_sql("SELECT 1")
                upgrade(connection=connection)
    """)

    assert deployed.applied() == ["r3"]
    assert deployed.tables() == {"alembic_version", "one", "two", "three"}


@pytest.mark.parametrize("dialect", SERVERS)
def test_a_session_in_autocommit_that_has_read_is_in_nobodys_way(make_deployed, dialect):
    deployed = make_deployed(dialect)
    deployed.settings(SQLALCHEMY_ENGINE_OPTIONS=LEVEL)
    write(deployed)

    deployed.python_code("""
        import sqlalchemy as sa
        from app import app, db
        from flask_migrate import upgrade
        with app.app_context():
            db.session.execute(sa.text("SELECT 1"))
            upgrade()
    """)

    assert deployed.applied() == ["r3"]
