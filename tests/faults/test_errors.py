"""An error at each position of a revision, in the middle of a chain: what is kept, what is said."""

import itertools
import json

import pytest

from tests.support.databases import DIALECTS
from tests.support.deployed import ENVS
from tests.support.shelves import FAULTS, SAID, SECOND, UNDO_SECOND, write_chain

KINDS = ("ours", "flask-migrate-4")
POSITIONS = range(5)
EVERY = list(itertools.product(DIALECTS, KINDS, FAULTS, POSITIONS))
# Each kind of fault, each position and each env.py, though not each with each.
CHOSEN = [
    (dialect, KINDS[number % 2], kind, position)
    for dialect in DIALECTS
    for number, (kind, position) in enumerate(
        [("sql", 0), ("python", 1), ("data", 2), ("python", 3), ("sql", 4)]
    )
]
DONE = {0: "loan", 1: "isbn", 2: "isbn", 3: "title"}
"""A word of each operation of the second revision."""


def cases():
    """Return every case; those that are not chosen wait for `make soak`."""
    return [pytest.param(*case, marks=() if case in CHOSEN else pytest.mark.soak) for case in EVERY]


@pytest.fixture(scope="session")
def states():
    """What a database holds at each revision, by kind of database; filled when first needed."""
    return {}


@pytest.fixture
def state_at(states, make_deployed):
    """A function that returns what a database holds at a revision: state_at("sqlite", "r1")."""

    def state(dialect, revision):
        if dialect not in states:
            deployed = make_deployed(dialect)
            write_chain(deployed)
            states[dialect] = {}
            for name in ("base", "r1", "r2", "r3"):
                if name != "base":
                    deployed.db("upgrade", name)
                states[dialect][name] = deployed.dump()
        return states[dialect][revision]

    return state


def assert_explained(said, deployed, *, kind):
    """Demand a sentence that names revision, file and reason, and no traceback."""
    assert "Traceback" not in said.stderr
    assert "r2" in said.problems
    assert deployed.revisions["r2"].name in said.problems
    expected = SAID[kind]
    assert expected in said.problems or (kind == "data" and "code" in said.problems)


def assert_told_what_is_done(said, *, done, position):
    """Demand that each operation is named before or after the word that it is not done."""
    text = said.problems.lower()
    assert "not" in text
    for number in done[:position]:
        assert DONE[number] in text, f"{DONE[number]} is done, and not mentioned in {text}"


@pytest.mark.parametrize(("dialect", "env", "kind", "position"), cases())
def test_a_failed_upgrade_keeps_what_ran_before_it(
    make_deployed, state_at, dialect, env, kind, position
):
    before, after = state_at(dialect, "r1"), state_at(dialect, "r3")
    deployed = make_deployed(dialect, env=env)
    write_chain(deployed, fault=(kind, position))

    said = deployed.db("upgrade", exit_code=1)

    assert deployed.applied() == ["r1"]
    if dialect == "mariadb":
        assert_explained(said, deployed, kind=kind)
        assert_told_what_is_done(said, done=range(len(SECOND)), position=position)
        return
    assert deployed.dump() == before
    assert_explained(said, deployed, kind=kind)
    assert "Nothing of this revision was kept" in said.problems
    write_chain(deployed)
    deployed.db("upgrade")
    assert deployed.dump() == after


@pytest.mark.parametrize(("dialect", "env", "kind", "position"), cases()[1::2])
def test_a_failed_downgrade_keeps_what_ran_before_it(
    make_deployed, state_at, dialect, env, kind, position
):
    before = state_at(dialect, "r2")
    deployed = make_deployed(dialect, env=env)
    write_chain(deployed, back=(kind, position))
    deployed.db("upgrade")

    said = deployed.db("downgrade", "base", exit_code=1)

    assert deployed.applied() == ["r2"]
    if dialect == "mariadb":
        assert_explained(said, deployed, kind=kind)
        done = range(len(UNDO_SECOND))[::-1]
        assert_told_what_is_done(said, done=done, position=position)
        return
    assert deployed.dump() == before
    assert_explained(said, deployed, kind=kind)
    assert "Nothing of this revision was kept" in said.problems
    write_chain(deployed)
    deployed.db("downgrade", "base")
    assert deployed.tables() == {"alembic_version"}
    assert deployed.applied() == []


@pytest.mark.parametrize("env", [name for name in ENVS if name not in KINDS])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_env_keeps_what_ran_before_an_error(make_deployed, state_at, dialect, env):
    # What env.py begins it ends: then all of it goes, where the schema is in transactions.
    # On PostgreSQL that is so with what a query of its own began: it may have taken a lock.
    undoes = dialect != "mariadb" and not (dialect == "postgresql" and "autocommit" in env)
    begins = env == "engine-begin" or (env == "reads" and dialect == "postgresql")
    is_whole = begins and undoes
    before, after = state_at(dialect, "base" if is_whole else "r1"), state_at(dialect, "r3")
    deployed = make_deployed(dialect, env=env)
    write_chain(deployed, fault=("data", 4))

    said = deployed.db("upgrade", exit_code=1)

    assert deployed.applied() == ([] if is_whole else ["r1"])
    if undoes:
        assert deployed.dump() == before
    assert_explained(said, deployed, kind="data")
    if undoes:
        assert "Nothing of this revision was kept" in said.problems
        write_chain(deployed)
        deployed.db("upgrade")
        assert deployed.dump() == after


def test_an_error_carries_what_was_applied_before_it(deployed):
    write_chain(deployed, fault=("python", 2))
    report = deployed.python_code(
        """
        import json
        from app import app
        from flask_migrate import upgrade
        from flask_migrate.errors import RunFailed

        with app.app_context():
            try:
                upgrade()
            except RunFailed as error:
                (target,) = error.report.targets
                steps = [(step.revision, step.direction) for step in target.steps]
                print(json.dumps([target.before, target.after, steps]))
        """
    )
    assert json.loads(report.stdout) == [[], ["r1"], [["r1", "upgrade"]]]


@pytest.mark.parametrize("code", ["0", "3", "'the list is missing'"])
def test_a_revision_that_exits_has_failed(deployed, code):
    deployed.revision("r1", 'op.create_table("one", sa.Column("id", sa.Integer))')
    deployed.revision("r2", f"import sys; sys.exit({code})")

    said = deployed.db("upgrade", exit_code=1)

    assert "SystemExit in" in said.problems
    assert f"{code.strip(chr(39))}." in said.problems
    assert deployed.applied() == ["r1"]


def test_a_program_that_ends_meanwhile_ends(deployed):
    deployed.revision("r1", 'op.create_table("one", sa.Column("id", sa.Integer))')
    deployed.revision(
        "r2", "import os, signal; os.kill(os.getpid(), signal.SIGUSR1); time.sleep(5)"
    )
    deployed.python_code(
        """
        import signal, sys
        from app import app
        from flask_migrate import upgrade

        signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))
        with app.app_context():
            upgrade()
        """,
        exit_code=7,
    )
    assert deployed.applied() == ["r1"]
