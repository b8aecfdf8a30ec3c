"""Who holds the write lock of a SQLite file, as the kernel of Linux tells it."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from flask_migrate.values.locks import LockHolder

_PROC = Path("/proc")

# The bytes that SQLite locks to write: the one named RESERVED in the file itself, or in WAL mode
# the first one of the file beside it.
_RESERVED = 0x40000001
_WAL_WRITE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLock:
    """A lock on a range of a file.

    Attributes:
        process: Who has it.
        device: Of the file, as major and minor number.
        inode: Of the file.
        first: The first byte.
        last: The last byte; None for the end of the file, wherever that is.
    """

    process: int
    device: tuple[int, int]
    inode: int
    first: int
    last: int | None

    def covers(self, byte: int) -> bool:
        """Return whether a byte is in the range."""
        return self.first <= byte and (self.last is None or byte <= self.last)


def sqlite_holder(connection: Connection) -> LockHolder | None:
    """Return which process holds the write lock of the database of a connection.

    The file itself is not opened: whoever closes it again loses every lock that his
    process has on it.

    Args:
        connection: To the database; no transaction begins on it.

    Returns:
        None where that cannot be known: not on Linux, in another container, in memory.
    """
    path = file_of(connection.connection.dbapi_connection)
    if path is None:
        return None
    for file, byte in ((path, _RESERVED), (Path(f"{path}-shm"), _WAL_WRITE)):
        for lock in _write_locks(file):
            if lock.covers(byte):
                return _process(lock.process)
    return None


def read_locks(text: str) -> Iterator[FileLock]:
    r"""Yield the write locks that a process holds, of what Linux says in `/proc/locks`.

    >>> [lock.process for lock in read_locks(
    ...     "1: POSIX  ADVISORY  WRITE 4711 fe:01:2623 1073741825 1073741825\n"
    ...     "2: POSIX  ADVISORY  READ  4712 fe:01:2623 1073741826 1073742335\n"
    ... )]
    [4711]
    """
    for line in text.splitlines():
        match line.split():
            case [_, "POSIX", _, "WRITE", process, file, first, last] if int(process) > 0:
                major, minor, inode = file.split(":")
                yield FileLock(
                    process=int(process),
                    device=(int(major, 16), int(minor, 16)),
                    inode=int(inode),
                    first=int(first),
                    last=None if last == "EOF" else int(last),
                )


def file_of(driver: Any) -> Path | None:
    """Return the file that a connection of the driver is to, or None if it is in memory.

    No transaction begins on it.
    """
    with closing(driver.cursor()) as cursor:
        cursor.execute("PRAGMA database_list")
        names = {row[1]: row[2] for row in cursor.fetchall()}
    return Path(names["main"]) if names.get("main") else None


def _write_locks(file: Path) -> Iterator[FileLock]:
    try:
        status = file.stat()
        text = (_PROC / "locks").read_text("ascii")
    except OSError:
        return
    device = (os.major(status.st_dev), os.minor(status.st_dev))
    for lock in read_locks(text):
        # Some file systems tell another device in one place than in the other.
        if lock.inode == status.st_ino and (lock.device == device or _has_open(lock.process, file)):
            yield lock


def _has_open(process: int, file: Path) -> bool:
    with suppress(OSError):
        return any(one.samefile(file) for one in (_PROC / str(process) / "fd").iterdir())
    return False


def _process(number: int) -> LockHolder:
    """Return a process and its command; when it took the lock nobody can tell."""
    command, started = "", None
    with suppress(OSError, ValueError):
        words = (_PROC / str(number) / "cmdline").read_bytes().split(b"\0")
        command = " ".join(word.decode(errors="replace") for word in words if word)
        started = _start_of(number)
    since = f" (started {started:%Y-%m-%d %H:%M:%S} UTC)" if started else ""
    return LockHolder(
        process=str(number),
        host=socket.gethostname() or None,
        doing=f"{_shortened(command)}{since}" if command else None,
        ended_by=None,
    )


def _start_of(number: int) -> datetime:
    """Return when a process began: Linux counts in ticks since the machine did."""
    fields = (_PROC / str(number) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    ticks = int(fields[19])
    seconds = ticks / os.sysconf("SC_CLK_TCK")
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return datetime.fromtimestamp(booted + seconds, UTC)


def _shortened(command: str, *, length: int = 100) -> str:
    return command if len(command) <= length else f"{command[: length - 3]}..."
