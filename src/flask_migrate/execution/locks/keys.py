"""The name that a lock has on a server, the same for everybody who wants it. Pure."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LockKey:
    """What tells the lock of one version table from every other.

    Attributes:
        name: A name of 46 characters; MariaDB and MySQL allow 64.
        high: The upper half of a number of 64 bits for advisory locks, as PostgreSQL
            shows it: without a sign.
        low: The lower half; the two last bits are 0 and tell three locks apart.
    """

    name: str
    high: int
    low: int

    def number(self, offset: int) -> int:
        """Return the signed number of 64 bits that stands for one of the locks.

        Args:
            offset: Which one, from 0 to 3.
        """
        number = (self.high << 32) | self.low | offset
        return number - (1 << 64) if number >= 1 << 63 else number


def lock_key(database: str | None, schema: str | None, table: str) -> LockKey:
    """Return the key of a version table.

    >>> lock_key("shop", "public", "alembic_version").name
    'flask_migrate:ba6d05d86444d8ee196bb3d45bef3fdb'
    >>> lock_key("shop", "public", "alembic_version").number(0)
    -5013344383240185620

    Args:
        database: The database that has it.
        schema: Its schema, where a database has several.
        table: Its name.
    """
    text = "\0".join((database or "", schema or "", table))
    digest = hashlib.sha256(text.encode()).digest()
    return LockKey(
        name=f"flask_migrate:{digest[:16].hex()}",
        high=int.from_bytes(digest[:4]),
        low=int.from_bytes(digest[4:8]) & ~3,
    )
