"""Recognise this very process at the other end of a database server's connections."""

import ipaddress
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")
_TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
_WORD_DIGITS = 8


def is_here(host: str | None, port: int | None) -> bool:
    """Return whether this process has a network connection from an address.

    Only Linux tells. Behind a pooler or an address translation a server sees another
    address, and the answer is no.

    Args:
        host: The address that a server sees, as a number.
        port: Its port.
    """
    if host is None or port is None:
        return False
    with suppress(OSError, ValueError):
        return (ipaddress.ip_address(host), port) in set(_own_ends())
    return False


def _own_ends() -> Iterator[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]]:
    own = set(_own_sockets())
    for table in _TABLES:
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            fields = line.split()
            if fields[9] in own:
                yield _address(fields[1])


def _own_sockets() -> Iterator[str]:
    for name in os.listdir(_DESCRIPTORS):  # noqa: PTH208  (a pathlib object for each is not needed)
        # One may be closed meanwhile.
        with suppress(OSError):
            found = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(_DESCRIPTORS / name))  # noqa: PTH115  (it names no file)
            if found:
                yield found.group(1)


def _address(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """Read an address as the kernel writes it: words of the machine's byte order, then the port.

    >>> import sys
    >>> _address("0100007F:1538") if sys.byteorder == "little" else None
    (IPv4Address('127.0.0.1'), 5432)
    """
    digits, _, port = text.partition(":")
    words = (digits[start : start + _WORD_DIGITS] for start in range(0, len(digits), _WORD_DIGITS))
    address = ipaddress.ip_address(
        b"".join(int(word, 16).to_bytes(4, sys.byteorder) for word in words)
    )
    return getattr(address, "ipv4_mapped", None) or address, int(port, 16)
