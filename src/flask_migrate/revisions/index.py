"""Remember what revision files say about themselves, so that no command reads all of them again.

There is one index a directory of revision files. It is asked only about files whose size and
times are what they were; what is doubtful is read.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from flask_migrate.caches import cache_of, load, save
from flask_migrate.revisions.files import RevisionFile
from flask_migrate.revisions.read import RevisionSource

_NAME = "index-2"
# A file system may not tell two changes apart that are so close, in nanoseconds.
_DOUBTFUL = 2_000_000_000


class _Remembered(NamedTuple):
    """What the index has about a file.

    Attributes:
        size: Bytes.
        changed: Its times; empty if a change since then might not show in them.
        digest: What its content came to.
        said: What it says about itself.
    """

    size: int
    changed: list[int]
    digest: str
    said: Sequence[Any]


def read_sources(
    files: Sequence[RevisionFile], read: Callable[[Path], RevisionSource]
) -> list[RevisionSource]:
    """Return what files say about themselves, read again only where the index may be wrong.

    Args:
        files: The files.
        read: Reads one. What it returns is remembered if it depends on nothing but the file.
    """
    by_directory: dict[str, list[RevisionFile]] = defaultdict(list)
    for file in files:
        by_directory[file.path.rpartition(os.sep)[0]].append(file)
    found: dict[str, RevisionSource] = {}
    for directory, inside in by_directory.items():
        found |= _read_directory(Path(directory), inside, read)
    return [found[file.path] for file in files]


def _read_directory(
    directory: Path, files: Sequence[RevisionFile], read: Callable[[Path], RevisionSource]
) -> dict[str, RevisionSource]:
    place = index_of(directory)
    known = _load(place)
    now = time.time_ns()
    found: dict[str, RevisionSource] = {}
    remembered: dict[str, _Remembered] = {}
    for file in files:
        name = file.path.rpartition(os.sep)[2]
        about = known.get(name)
        if about is not None and about.size == file.size and about.changed == file.changed:
            source = _source(file.path, about.said)
        else:
            about, source = _look_again(file, about, read, now=now)
        found[file.path] = source
        if about is not None:
            remembered[name] = about
    if remembered != known:
        _save(place, remembered)
    return found


def index_of(directory: Path) -> Path:
    """Return where the index of a directory is, or would be.

    Args:
        directory: A directory of revision files, absolute.
    """
    return cache_of(directory, _NAME)


def _look_again(
    file: RevisionFile,
    before: _Remembered | None,
    read: Callable[[Path], RevisionSource],
    *,
    now: int,
) -> tuple[_Remembered | None, RevisionSource]:
    """Return what to remember of a file, if it can be, and what it says."""
    path = Path(file.path)
    try:
        digest = blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return None, read(path)
    changed = file.changed if max(file.changed, default=now) < now - _DOUBTFUL else []
    if before is not None and before.digest == digest:
        return before._replace(size=file.size, changed=changed), _source(file.path, before.said)
    source = read(path)
    if not source.is_static or source.fault:
        return None, source
    return _Remembered(file.size, changed, digest, _said(source)), source


def _said(source: RevisionSource) -> tuple[Any, ...]:
    return (
        source.revision,
        source.down_revision,
        source.branch_labels,
        source.depends_on,
        source.doc,
        source.acts,
    )


def _source(path: str, said: Sequence[Any]) -> RevisionSource:
    revision, down_revision, branch_labels, depends_on, doc, acts = said
    return RevisionSource(
        path=path,
        revision=revision,
        down_revision=tuple(down_revision) if isinstance(down_revision, list) else down_revision,
        branch_labels=tuple(branch_labels) if isinstance(branch_labels, list) else branch_labels,
        depends_on=tuple(depends_on) if isinstance(depends_on, list) else depends_on,
        doc=doc,
        acts=acts,
    )


def _load(place: Path) -> dict[str, _Remembered]:
    """Return what an index has, by the name of the file; nothing if it is not whole."""
    try:
        return {name: _Remembered(*values) for name, values in json.loads(load(place)).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _save(place: Path, remembered: Mapping[str, _Remembered]) -> None:
    save(place, json.dumps(remembered, separators=(",", ":")).encode())
