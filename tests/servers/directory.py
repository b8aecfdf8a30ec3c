"""Temporary directories that do not outlive the tests, not even a killed one."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PREFIX = "godwit-server-"
LOCK = "in-use"
# A directory younger than this, in seconds, may not have got its lock yet.
NEWBORN = 60
# CREATE DATABASE writes megabytes: in memory it takes 20 ms, on a busy disk 300.
MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp is safe in it
ROOM = 2 * 1024**3


@contextmanager
def private_directory(account):
    """Make a directory that belongs to an account, and remove it.

    A lock file in it tells that its maker lives. Directories of makers that were killed are
    removed by the next one.

    Args:
        account: Who owns the directory, see `accounts`; None for this user.
    """
    parent = place(account)
    remove_abandoned(parent)
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        with (directory / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if account:
                os.chown(directory, account.pw_uid, account.pw_gid)
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def place(account):
    """Return where temporary directories are made: in memory if there is room."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    # Root's own directory for temporary files may be closed to the account.
    return Path("/tmp" if account else tempfile.gettempdir())  # noqa: S108 - as above


def remove_abandoned(parent):
    """Remove the directories that this user made here and nobody uses any more."""
    for directory in parent.glob(f"{PREFIX}*"):
        if _is_abandoned(directory / LOCK):
            shutil.rmtree(directory, ignore_errors=True)


def _is_abandoned(lock):
    try:
        status = lock.lstat()
        if status.st_uid != os.geteuid() or time.time() - status.st_mtime < NEWBORN:
            return False
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
