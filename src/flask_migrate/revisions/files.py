"""List the files that may be revisions."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from flask_migrate.revisions.layout import Layout

_SOURCE = re.compile(r"(?!\.#|__init__).*\.py$")
_SOURCE_OR_COMPILED = re.compile(r"(?!\.#|__init__).*\.py[co]?$")
_CACHE = "__pycache__"


class RevisionFile(NamedTuple):
    """A file that may be a revision.

    Attributes:
        path: The file itself, links followed.
        size: Bytes; -1 if that cannot be told.
        changed: Nanoseconds since the epoch: when its content changed, and when anything that the
            file system knows of it did; nothing if that cannot be told.
    """

    path: str
    size: int
    changed: list[int]


def revision_files(layout: Layout) -> list[RevisionFile]:
    """Return the files of a layout that may be revisions, in a stable order, each once."""
    found = (file for place in layout.places for file in _in_directory(place.resolve(), layout))
    return list({file.path: file for file in found}.values())


def _in_directory(directory: Path, layout: Layout) -> Iterator[RevisionFile]:
    entries = _entries(directory)
    pattern = _SOURCE_OR_COMPILED if layout.sourceless else _SOURCE
    yield from (_file(entry) for entry in entries if pattern.match(entry.name))
    if layout.sourceless:
        sources = {entry.name.partition(".")[0] for entry in entries}
        for entry in _entries(directory / _CACHE):
            if pattern.match(entry.name) and entry.name.partition(".")[0] not in sources:
                yield _file(entry)
    if layout.recursive:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(_CACHE):
                yield from _in_directory(directory / entry.name, layout)


def _entries(directory: Path) -> Sequence[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return ()  # it need not exist


def _file(entry: os.DirEntry[str]) -> RevisionFile:
    path = str(Path(entry.path).resolve()) if entry.is_symlink() else entry.path
    try:
        facts = entry.stat()
    except OSError:
        return RevisionFile(path, -1, [])
    return RevisionFile(path, facts.st_size, [facts.st_mtime_ns, facts.st_ctime_ns])
