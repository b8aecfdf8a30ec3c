"""Commands that write a revision, run at the same time by several processes."""

import os
import subprocess
import sys

import pytest

from tests.support.project import USER, USER_WITH_PHONE


@pytest.fixture
def initialised(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    return sqlite_project


def at_once(project, *arguments, number=3):
    """Run a command by several processes at once, and return exit code and errors of each."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "db", *arguments],
            cwd=project.path,
            env={**os.environ, **project.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    said = [process.communicate(timeout=120)[1] for process in processes]
    return sorted((one.returncode, text) for one, text in zip(processes, said, strict=True))


def heads(project):
    return project.db("heads").stdout.splitlines()


def test_of_several_that_generate_one_writes_and_the_others_find_it(initialised):
    initialised.db("migrate", "-m", "users")
    initialised.db("upgrade")
    initialised.models(USER_WITH_PHONE)

    codes = at_once(initialised, "migrate", "-m", "phone")

    assert [code for code, _ in codes] == [0, 1, 1]
    assert all("Target database is not up to date. 1 pending" in text for _, text in codes[1:])
    assert len(initialised.versions) == 2
    assert len(heads(initialised)) == 1


def test_several_that_write_an_empty_revision_write_one_after_the_other(initialised):
    codes = at_once(initialised, "revision", "-m", "empty")

    assert [code for code, _ in codes] == [0, 0, 0], codes
    assert len(initialised.versions) == 3
    assert len(heads(initialised)) == 1


def test_heads_are_merged_once(initialised):
    initialised.db("revision", "-m", "one", "--rev-id", "one")
    initialised.db("revision", "-m", "two", "--head", "base")

    codes = at_once(initialised, "merge", "-m", "both", "heads")

    assert min(code for code, _ in codes) == 0
    assert len(heads(initialised)) == 1
