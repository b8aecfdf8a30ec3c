"""One writer of revision files at a time: two that read one history would both revise its head."""

import os
import random
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from flask_migrate.errors import DirectoryInUse

if sys.platform != "win32":
    import fcntl

_PAUSE = 0.05
_LONGEST_PAUSE = 0.5
_SILENCE = 0.3


@contextmanager
def only_writer(directory: Path, *, limit: float, waiting: Callable[[], None]) -> Generator[None]:
    """Keep other processes and threads from writing a revision.

    The lock is one on the directory itself: it leaves no file, and ends with the process.
    Where there is no such lock, on Windows and on some network file systems, everybody
    goes on as if alone.

    Args:
        directory: The migrations directory.
        limit: Seconds to wait for others.
        waiting: Is called once if there is somebody to wait for.

    Raises:
        DirectoryInUse: Others still write after that time.
    """
    descriptor = _opened(directory)
    try:
        if descriptor is not None:
            _lock(descriptor, directory, limit=limit, waiting=waiting)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _opened(directory: Path) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        return os.open(directory, os.O_RDONLY)
    except OSError:
        return None  # whoever needs it says so


def _lock(descriptor: int, directory: Path, *, limit: float, waiting: Callable[[], None]) -> None:
    started = time.monotonic()
    pause, is_told = _PAUSE, False
    while not _locked(descriptor):
        seconds = time.monotonic() - started
        if seconds >= limit:
            raise DirectoryInUse(directory, limit=limit)
        if not is_told and seconds >= _SILENCE:
            waiting()
            is_told = True
        time.sleep(min(pause * random.uniform(0.75, 1.25), limit - seconds))  # noqa: S311  (no secret)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _locked(descriptor: int) -> bool:
    """Return whether nobody else has the lock: we have it, or there is no such lock here."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
