"""Files that spare work the next time, in the cache of bytecode of a directory.

There they are where Python would put its own: safe to delete at any time, and nobody else's. They
are written whatever `PYTHONDONTWRITEBYTECODE` says, since they are no bytecode.
"""

import secrets
import zlib
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path


def cache_of(directory: Path, name: str) -> Path:
    """Return where a cache of a directory is, or would be.

    Args:
        directory: A directory with files of Python, absolute.
        name: What it holds, and the number of its format.
    """
    return Path(cache_from_source(str(directory / "any.py"))).with_name(f"flask_migrate.{name}")


def load(place: Path) -> bytes:
    """Return what was kept in a place; nothing if it is not there, or not whole."""
    try:
        head, _, body = place.read_bytes().partition(b"\n")
        return body if int(head) == zlib.crc32(body) else b""
    except (OSError, ValueError):
        return b""


def save(place: Path, body: bytes) -> None:
    """Write a file whole, or not at all: who has no right to, or no room, goes without."""
    temporary = place.with_name(f"{place.name}.{secrets.token_hex(8)}")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(b"%d\n%b" % (zlib.crc32(body), body))
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
