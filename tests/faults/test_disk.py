"""A disk that is full, files that are locked or cannot be written: SQLite, with a remedy each."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest

from tests.support.envs import ANOTHERS
from tests.support.long_run import FILL
from tests.support.traffic import long_transaction

MIB = 1024**2
# Runs what follows as root, who for once may write only to what has the permissions for it.
OBEYS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


class CannotBeMade(Exception):
    """This machine cannot make the fault that a test is about."""


def mount(*arguments):
    """Mount something; it is the kernel that makes the fault."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False)
    return done.returncode == 0


@contextmanager
def small_disk(path, *, size):
    """Yield the variables under which a directory is a disk with so many bytes."""
    path.mkdir()
    if mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", path):
        try:
            yield {}
        finally:
            subprocess.run(["umount", path], check=True)
    else:
        # No rights to mount: SQLite itself then says that it is full.
        yield {"PAGES": str(size // 4096)}


def write_chain(deployed):
    """Write a revision that is small, and one that copies a table of some megabytes."""
    deployed.revision(
        "d1",
        f"""
        op.create_table(
            "heap",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(40)),
            sa.Column("size", sa.Integer),
        )
        op.execute({FILL["sqlite"]!r})
        """,
    )
    deployed.revision(
        "d2",
        """
        op.create_table("other", sa.Column("id", sa.Integer))
        op.execute("INSERT INTO heap (name, size) SELECT 'more ' || name, size FROM heap")
        with op.batch_alter_table("heap") as batch:
            batch.alter_column("name", existing_type=sa.String(40), type_=sa.Text())
        """,
    )


def assert_explained(said, *words):
    """Demand a sentence with a remedy, and no traceback."""
    assert "Traceback" not in said.stderr
    assert "Hint: " in said.problems
    assert any(word in said.problems.lower() for word in words), said.problems


class At:
    """A SQLite database elsewhere than where it was made.

    Attributes:
        url: Its address.
        dialect: As of any other database.
    """

    dialect = "sqlite"

    def __init__(self, path):
        self.path = path
        self.url = f"sqlite:///{path}"


@pytest.fixture
def place(tmp_path):
    """A directory for the database alone."""
    return tmp_path / "place"


@pytest.fixture
def make_at(make_deployed):
    """A function that makes an application with its database at a path."""
    return lambda path, env="ours": make_deployed("sqlite", env=env, database=At(path))


PAGES = """

@sa.event.listens_for(sa.Engine, "connect")
def limited(connection, _):
    if "PAGES" in os.environ:
        connection.execute("PRAGMA max_page_count = " + os.environ["PAGES"])
"""


@pytest.mark.parametrize("env", ANOTHERS)
def test_a_full_disk_leaves_the_database_as_it_was(make_at, place, env):
    with small_disk(place, size=3 * MIB) as variables:
        deployed = make_at(place / "app.db", env)
        app = deployed.path / "app.py"
        app.write_text(app.read_text("utf-8") + PAGES, "utf-8")
        write_chain(deployed)
        deployed.db("upgrade", "d1", **variables)
        before = deployed.dump()

        said = deployed.db("upgrade", exit_code=1, **variables)

        assert_explained(said, "full", "space")
        assert "d2" in said.problems
        assert deployed.dump() == before

        if not variables:
            assert mount("-o", f"remount,size={50 * MIB}", place)
        deployed.db("upgrade")
        assert deployed.applied() == ["d2"]
        assert deployed.execute("SELECT count(*) FROM heap") == [(80_000,)]


@pytest.mark.parametrize("env", ANOTHERS)
def test_a_locked_file_is_waited_for_then_left_alone(make_deployed, env):
    deployed = make_deployed("sqlite", env=env)
    write_chain(deployed)
    deployed.db("upgrade", "d1")
    before = deployed.dump()
    deployed.settings(MIGRATE_RUN_LOCK_TIMEOUT=1, MIGRATE_LOCK_RETRY_LIMIT=1)

    with long_transaction(deployed.database, "BEGIN EXCLUSIVE", seconds=60) as number:
        said = deployed.db("upgrade", exit_code=1)
    assert_explained(said, "lock")
    assert str(number) in said.problems
    assert deployed.dump() == before

    deployed.settings()
    with long_transaction(deployed.database, "BEGIN EXCLUSIVE", seconds=3):
        deployed.db("upgrade")
    assert deployed.applied() == ["d2"]


@contextmanager
def not_writable(path):
    """Keep commands from writing to a path; yield what to run them with, so that root obeys."""
    if os.geteuid() == 0 and not shutil.which(OBEYS[0]):
        message = f"{OBEYS[0]} is missing (Debian: util-linux), and root can write to every file."
        raise CannotBeMade(message)
    mode = path.stat().st_mode & 0o7777
    path.chmod(mode & ~0o222)
    try:
        yield OBEYS if os.geteuid() == 0 else ()
    finally:
        path.chmod(mode)


@pytest.mark.parametrize("what", ["file", "directory"])
@pytest.mark.parametrize("env", ANOTHERS)
def test_what_cannot_be_written_is_said_and_left_alone(make_at, place, env, what):
    place.mkdir()
    deployed = make_at(place / "app.db", env)
    write_chain(deployed)
    deployed.db("upgrade", "d1")
    before = deployed.dump()
    with not_writable(place / "app.db" if what == "file" else place) as prefix:
        deployed.prefix = prefix
        said = deployed.db("upgrade", exit_code=1)
        # What changes nothing works all the same.
        deployed.db("upgrade", "d1")
        deployed.prefix = ()

    assert_explained(said, "read-only", "readonly", "cannot be written", "permission")
    assert deployed.dump() == before
    deployed.db("upgrade")
    assert deployed.applied() == ["d2"]


@pytest.mark.parametrize("env", ANOTHERS)
def test_a_file_that_is_opened_for_reading_is_said_and_left_alone(make_at, place, env):
    place.mkdir()
    deployed = make_at(place / "app.db", env)
    write_chain(deployed)
    deployed.db("upgrade", "d1")
    before = deployed.dump()

    url = f"sqlite:///file:{place / 'app.db'}?mode=ro&uri=true"
    said = deployed.db("upgrade", exit_code=1, DATABASE_URL=url)

    assert_explained(said, "read-only", "readonly", "cannot be written")
    assert deployed.dump() == before
    deployed.db("upgrade")


def test_a_directory_that_is_missing_is_named(make_at, place):
    deployed = make_at(place / "app.db")
    write_chain(deployed)
    said = deployed.db("upgrade", exit_code=1)
    assert_explained(said, str(place))
    place.mkdir()
    deployed.db("upgrade")
