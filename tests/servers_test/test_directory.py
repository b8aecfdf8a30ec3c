"""Directories of killed runs are removed, and no others."""

import fcntl
import os
import time

import pytest

from tests.servers.directory import LOCK, PREFIX, private_directory, remove_abandoned


@pytest.fixture
def directory(tmp_path):
    """A directory that was made an hour ago."""
    directory = tmp_path / f"{PREFIX}x"
    directory.mkdir()
    (directory / LOCK).touch()
    hour_ago = time.time() - 3600
    os.utime(directory / LOCK, (hour_ago, hour_ago))
    return directory


def test_an_abandoned_directory_is_removed(directory, tmp_path):
    remove_abandoned(tmp_path)
    assert not directory.exists()


def test_a_directory_in_use_stays(directory, tmp_path):
    with (directory / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        remove_abandoned(tmp_path)
    assert directory.exists()


def test_a_directory_whose_lock_is_about_to_be_taken_stays(directory, tmp_path):
    os.utime(directory / LOCK)
    remove_abandoned(tmp_path)
    assert directory.exists()


def test_a_directory_without_our_lock_stays(directory, tmp_path):
    (directory / LOCK).unlink()
    remove_abandoned(tmp_path)
    assert directory.exists()


def test_a_directory_goes_with_its_block():
    with private_directory(None) as directory:
        assert (directory / LOCK).exists()
    assert not directory.exists()
