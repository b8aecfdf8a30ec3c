"""Where Godwit answers otherwise than the peer, on purpose. Each is in the docs for switchers."""

import pytest

from tests.peer.histories import write_history


@pytest.fixture
def linear(sqlite_twins):
    """Both sides with a linear history."""
    write_history(sqlite_twins, "linear")
    return sqlite_twins


def _last(twins, *steps):
    """Return what both sides say of the last step: ours, the peer's."""
    return tuple(side.drive(steps)[-1] for side in twins.sides)


def test_looking_at_a_database_does_not_write_to_it(linear):
    ours, peer = _last(linear, ["history", "-i"])

    assert "alembic_version" not in ours["databases"][""]["tables"]
    assert "alembic_version" in peer["databases"][""]["tables"]


def test_up_to_current_is_nothing_where_nothing_is_applied(linear):
    ours, peer = _last(linear, ["history", "-r", ":current"])

    assert ours["stdout"] == ""
    assert "dddd4" in peer["stdout"]


def test_a_stamp_that_fails_purges_nothing(linear):
    ours, peer = _last(linear, ["stamp", "bbbb2"], ["stamp", "--purge", "zzzz"])

    assert (ours["exit_code"], peer["exit_code"]) == (1, 1)
    assert ours["databases"][""]["versions"] == ["bbbb2"]
    assert peer["databases"][""]["versions"] == []


def test_a_merge_of_nothing_is_refused(linear):
    ours, peer = _last(linear, ["merge", "--rev-id", "m"])

    assert (ours["exit_code"], peer["exit_code"]) == (1, 0)
    assert [len(side.project.versions) for side in linear.sides] == [4, 5]


def test_a_second_revision_of_the_same_name_is_refused(linear):
    ours, peer = _last(linear, ["revision", "--rev-id", "bbbb2", "-m", "again"])

    assert (ours["exit_code"], peer["exit_code"]) == (1, 0)
    assert [len(side.project.versions) for side in linear.sides] == [4, 5]


def test_init_does_not_ask_to_edit_what_needs_no_edit(sqlite_twins):
    sqlite_twins.models()
    ours, peer = (said["stdout"] for said in _last(sqlite_twins, ["init"]))

    assert "Please edit" not in ours
    assert "Please edit" in peer
