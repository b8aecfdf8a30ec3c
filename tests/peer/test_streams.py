"""In processes of their own: what goes to which stream, and what an editor is given."""

import pytest

from tests.peer.histories import write_history

COMMANDS = (
    ("upgrade",),
    ("current",),
    ("downgrade", "aaaa1"),
    ("upgrade", "--sql", "aaaa1:bbbb2"),
    ("upgrade", "zzzz"),
    ("check", "too much"),
)


@pytest.fixture
def linear(sqlite_twins):
    """Both sides with a linear history."""
    write_history(sqlite_twins, "linear")
    return sqlite_twins


def _reported(stderr):
    """Return the lines in which Alembic says what it does.

    DDL on SQLite is transactional with us, and Alembic is told so.
    """
    said = stderr.replace("Will assume transactional DDL", "Will assume non-transactional DDL")
    return [line for line in said.splitlines() if line.startswith("INFO  [alembic.runtime")]


def test_results_and_reports_go_to_the_same_streams(linear):
    for command in COMMANDS:
        ours, peer = (side.project.db(*command, exit_code=None) for side in linear.sides)

        assert ours.exit_code == peer.exit_code, command
        assert ours.stdout == peer.stdout, command
        assert _reported(ours.stderr) == _reported(peer.stderr), command
        assert bool(ours.problems) == (ours.exit_code != 0), command


def test_an_editor_is_given_the_same_files(linear):
    for arguments in ((), ("bbbb2",), ("current",)):
        ours, peer = (
            side.project.db("edit", *arguments, exit_code=None, EDITOR="cat")
            for side in linear.sides
        )

        assert ours.stdout == peer.stdout, arguments
        assert ours.exit_code == peer.exit_code, arguments
