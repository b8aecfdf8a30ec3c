"""A directory that one has made is continued by the other, on the same database."""

import shutil

import pytest

from tests.peer.scripts import same_work
from tests.peer.test_files import USER_AND_POSTS
from tests.support.project import APPLICATION, USER

# Each can become the next on every server.
MODELS = (USER, USER_AND_POSTS, USER_AND_POSTS.replace("80", "200"))


def _models(number):
    return {"app.py": APPLICATION + MODELS[number]}


def _succeed(driver, project, *steps):
    """Run the steps, which must succeed, and return what the last command printed."""
    said = driver.run(project, steps)
    assert all(one is None or one["exit_code"] == 0 for one in said), said
    return said[-1]


@pytest.fixture
def one(twins):
    """One application on one database, and the interpreters of both: ours, the peer's."""
    return twins.ours.project, twins.ours.driver, twins.peer.driver


def test_a_directory_of_the_peer_is_continued(one):
    project, ours, peer = one
    _succeed(peer, project, _models(0), ["init"], ["migrate", "--rev-id", "a0"], ["upgrade"])
    project.execute("INSERT INTO users (id, name) VALUES (1, 'Ada')")

    _succeed(ours, project, ["check"], _models(1), ["migrate", "--rev-id", "a1"], ["upgrade"])
    said = _succeed(
        peer, project, ["check"], ["current"], _models(2), ["migrate", "--rev-id", "a2"]
    )
    assert said["databases"][""]["versions"] == ["a1"]
    said = _succeed(ours, project, ["upgrade"], ["check"], ["merge", "--rev-id", "m", "a2"])
    assert said["databases"][""]["versions"] == ["a2"]
    said = _succeed(peer, project, ["upgrade"], ["check"], ["downgrade", "a0"])

    assert said["databases"][""]["versions"] == ["a0"]
    assert project.execute("SELECT id, name FROM users") == [(1, "Ada")]
    assert _succeed(ours, project, ["downgrade"])["databases"][""]["versions"] == []


def test_revisions_of_ours_run_with_the_peer(one):
    project, ours, peer = one
    for number in range(len(MODELS)):
        start = [["init"]] if number == 0 else []
        revision = ["migrate", "--rev-id", f"a{number}"]
        _succeed(ours, project, _models(number), *start, revision, ["upgrade"])
    before = _succeed(ours, project, ["current"])["databases"]

    _succeed(peer, project, ["init", "-d", "theirs"])
    shutil.copy(project.path / "theirs/env.py", project.path / "migrations/env.py")
    shutil.copy(project.path / "theirs/alembic.ini", project.path / "migrations/alembic.ini")

    assert _succeed(peer, project, ["check"], ["current"])["databases"] == before
    _succeed(peer, project, ["downgrade", "base"])
    after = _succeed(peer, project, ["upgrade"], ["check"])["databases"]
    assert after == before


def test_a_template_of_the_peer_is_filled_in_the_same_way(one):
    project, ours, peer = one
    _succeed(peer, project, _models(1), ["init"], ["migrate", "-m", "both", "--rev-id", "a0"])
    theirs = project.newest()
    project.versions[0].unlink()

    _succeed(ours, project, ["migrate", "-m", "both", "--rev-id", "a0"])

    assert same_work(project.newest()) == same_work(theirs)
