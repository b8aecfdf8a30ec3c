"""Revisions that end the transaction themselves, as many do: what is recorded, what is said."""

import json

import pytest

from tests.support.deployed import ENVS
from tests.support.envs import ANOTHERS, BOTH

ENDS = {
    "commit of the connection": "op.get_bind().commit()",
    "COMMIT as a statement": 'op.execute("COMMIT")',
}
TRANSACTIONAL = ("sqlite", "postgresql")


def table(name):
    return f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))'


def write(deployed, *second):
    deployed.revision("r1", table("one"))
    deployed.revision("r2", "\n".join(second))
    deployed.revision("r3", table("three"))


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_runs_after_a_commit_is_kept_and_recorded(make_deployed, database, env, end):
    deployed = make_deployed(database.dialect, env=env, database=database)
    write(deployed, table("kept"), end, table("later"), end)

    deployed.db("upgrade")

    assert deployed.applied() == ["r3"]
    assert deployed.tables() == {"alembic_version", "one", "kept", "later", "three"}
    assert deployed.db("upgrade").problems == ""


@pytest.mark.parametrize("env", ANOTHERS)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_a_commit_has_kept_is_said(make_deployed, database, env, end):
    deployed = make_deployed(database.dialect, env=env, database=database)
    write(deployed, table("kept"), end, "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)

    assert "Done and kept: 1 statement" in said.problems
    assert "CREATE TABLE kept" in said.problems
    assert deployed.applied() == ["r1"]
    assert deployed.tables() == {"alembic_version", "one", "kept"}


@pytest.mark.parametrize("dialect", TRANSACTIONAL)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_follows_a_commit_is_undone(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    write(deployed, table("kept"), end, table("later"), "raise ValueError('no list')")

    deployed.db("upgrade", exit_code=1)

    assert deployed.applied() == ["r1"]
    assert deployed.tables() == {"alembic_version", "one", "kept"}


@pytest.mark.parametrize("dialect", TRANSACTIONAL)
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_where_all_share_a_transaction_a_commit_divides_it(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    deployed.environment["MIGRATE"] = '{"transaction_per_migration": false}'
    write(deployed, table("kept"), end, table("later"))
    deployed.revision("r3", "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)

    assert deployed.applied()[0] in said.problems


ROLLBACKS = ("op.get_bind().rollback()", 'op.execute("ROLLBACK")')


@pytest.mark.parametrize("end", ROLLBACKS)
@pytest.mark.parametrize("position", [1, 2])
@pytest.mark.parametrize("dialect", TRANSACTIONAL)
def test_a_rollback_undoes_what_the_revision_did_and_no_more(make_deployed, dialect, position, end):
    deployed = make_deployed(dialect)
    write(deployed, table("two"))
    deployed.revision(f"r{position}", "\n".join((table("undone"), end, table("later"))))

    deployed.db("upgrade")

    assert deployed.applied() == ["r3"]
    names = {"one", "two", "three"} - {{1: "one", 2: "two"}[position]}
    assert deployed.tables() == {"alembic_version", "later", *names}


@pytest.mark.parametrize("end", ROLLBACKS)
@pytest.mark.parametrize("dialect", TRANSACTIONAL)
def test_an_error_after_a_rollback_keeps_the_revisions_before_it(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    write(deployed, table("undone"), end, "raise ValueError('no list')")

    said = deployed.db("upgrade", exit_code=1)

    assert "Nothing of this revision was kept; the database is at r1." in said.problems
    assert deployed.applied() == ["r1"]
    assert deployed.tables() == {"alembic_version", "one"}


# As people write it where rows may be there already, or a table may not.
SESSION = """
from sqlalchemy.orm import Session
session = Session(bind=op.get_bind())
try:
    session.execute(sa.text("INSERT INTO nothere VALUES (1)"))
    session.commit()
except Exception:
    session.rollback()
"""


def nested(code):
    lines = "".join(f"    {line}\n" for line in code.strip().splitlines())
    return f"with op.get_bind().begin_nested():\n{lines}"


@pytest.mark.parametrize("env", BOTH)
@pytest.mark.parametrize("dialect", TRANSACTIONAL)
def test_what_a_session_of_the_revision_rolled_back_is_said(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    write(deployed, table("undone"), SESSION)

    said = deployed.db("upgrade")

    assert deployed.applied() == ["r3"]
    assert deployed.tables() == {"alembic_version", "one", "three"}
    assert "The revision r2 'r2, as a person wrote it.' counts as applied" in said.problems
    assert "Undone: 1 statement:" in said.problems
    assert "CREATE TABLE undone" in said.problems
    assert said.problems.count("begin_nested()") == 1


@pytest.mark.parametrize("end", ROLLBACKS)
@pytest.mark.parametrize("dialect", TRANSACTIONAL)
def test_what_a_rollback_undid_after_a_commit_is_said_and_no_more(make_deployed, dialect, end):
    deployed = make_deployed(dialect)
    write(deployed, table("kept"), "op.get_bind().commit()", table("undone"), end, table("later"))

    said = deployed.db("upgrade", "--json")

    (problem,) = json.loads(said.stdout)["problems"]
    assert problem["code"] == "revision-rolled-back"
    assert "CREATE TABLE undone" in problem["message"]
    assert deployed.tables() == {"alembic_version", "one", "kept", "later", "three"}


def test_a_rollback_that_undid_nothing_is_not_worth_a_word(deployed):
    write(deployed, "op.get_bind().rollback()", table("two"))

    assert "counts as applied" not in deployed.db("upgrade").problems
    assert deployed.applied() == ["r3"]
    assert deployed.tables() == {"alembic_version", "one", "two", "three"}


# Without a transaction a server has no savepoint.
NESTED = [*((dialect, "ours") for dialect in (*TRANSACTIONAL, "mariadb")), ("sqlite", "autocommit")]


@pytest.mark.parametrize(("dialect", "env"), NESTED)
def test_what_is_nested_undoes_nothing_else(make_deployed, dialect, env):
    deployed = make_deployed(dialect, env=env)
    write(deployed, table("two"), nested(SESSION))

    assert deployed.db("upgrade").problems == ""
    assert deployed.tables() == {"alembic_version", "one", "two", "three"}


AUTOCOMMIT = [name for name in ENVS if name.startswith("autocommit") and "begin" not in name]


@pytest.mark.parametrize("env", AUTOCOMMIT)
def test_in_autocommit_a_session_may_roll_back(make_deployed, database, env):
    deployed = make_deployed(database.dialect, env=env, database=database)
    write(deployed, table("two"), SESSION)

    said = deployed.db("upgrade")

    undoes = database.dialect == "sqlite"
    assert deployed.applied() == ["r3"]
    assert deployed.tables() == {"alembic_version", "one", "three"} | (set() if undoes else {"two"})
    assert ("CREATE TABLE two" in said.problems) == undoes


IN_CODE = """
import sqlalchemy as sa
from app import app, db
from flask_migrate import upgrade
with app.app_context():
    with db.engine.connect(){options} as connection:
        connection.execute(sa.text("SELECT 1"))
        upgrade(connection=connection)
        connection.commit()
"""


@pytest.mark.parametrize(
    "options", ["", '.execution_options(isolation_level="AUTOCOMMIT")'], ids=["plain", "autocommit"]
)
def test_a_session_may_roll_back_on_a_connection_of_the_caller(make_deployed, database, options):
    deployed = make_deployed(database.dialect, database=database)
    deployed.revision("r1", table("one") + "\n" + SESSION)
    deployed.revision("r2", table("two"))

    deployed.python_code(IN_CODE.format(options=options))

    # On PostgreSQL each revision is in a savepoint there, and so is what a session of it does.
    undoes = database.dialect == "sqlite"
    assert deployed.applied() == ["r2"]
    assert deployed.tables() == {"alembic_version", "two"} | (set() if undoes else {"one"})


def test_a_session_that_rolled_back_others_on_a_connection_of_the_caller_is_refused(make_deployed):
    deployed = make_deployed("sqlite")
    write(deployed, table("two"), SESSION)

    said = deployed.python_code(IN_CODE.format(options=""), exit_code=1)

    assert "The upgrade stopped in r2" in said.stderr
    assert "The revision rolled back those before it too" in said.stderr
    assert "the database is at no revision" in said.stderr
    assert deployed.applied() == []
    assert deployed.tables() <= {"alembic_version"}
