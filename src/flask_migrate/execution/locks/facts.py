"""What is told about the holder of a lock, and how it is written where others can read it."""

import os
import re
import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask_migrate.values.locks import LockHolder

NAME_LENGTH = 63
"""Bytes of an `application_name` of PostgreSQL."""

_SHOWN = 80  # characters of a statement
_NAME = re.compile(
    r"(?P<process>\d+)@(?P<host>\S+) (?P<since>[0-9a-z]+) (?P<application>\S+)(?: (?P<doing>.*))?"
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def this_process(application: str, doing: str) -> LockHolder:
    """Return what others are told about this process.

    Args:
        application: The name of the application.
        doing: What it does: "upgrade to 1975ea83b712".
    """
    return LockHolder(
        process=str(os.getpid()),
        host=socket.gethostname() or None,
        application=application or None,
        doing=doing or None,
    )


def as_name(holder: LockHolder) -> str:
    """Return facts as an `application_name`: 63 printable ASCII characters at most.

    What is too long is cut: of a host, whose end tells one replica from the next, the
    middle, of anything else the end.

    >>> me = LockHolder(process="4711", host="web-1", application="shop", doing="upgrade to 19")
    >>> as_name(replace(me, since=datetime(2026, 11, 21, tzinfo=UTC)))
    '4711@web-1 tots00 shop upgrade to 19'
    """
    process = holder.process or "0"
    since = _base36(int(holder.since.timestamp()) if holder.since else 0)
    parts = [
        _word(holder.host),
        _word(holder.application),
        _printable(holder.doing or "").strip(),
    ]
    room = NAME_LENGTH - len(f"{process}@ {since}  ")
    host, application, doing = _fitted(parts, room)
    return f"{process}@{host} {since} {application} {doing}".rstrip()


def from_name(name: str | None) -> LockHolder | None:
    """Return the facts in an `application_name`, or None if there are none in it."""
    found = _NAME.fullmatch(name or "")
    if found is None:
        return None
    since = int(found["since"], 36)
    return LockHolder(
        process=found["process"],
        host=_unless_empty(found["host"]),
        application=_unless_empty(found["application"]),
        since=datetime.fromtimestamp(since, UTC) if since else None,
        doing=found["doing"] or None,
    )


def from_row(row: Any) -> LockHolder:
    """Return the facts in a row of the lease table."""
    since = row.taken_at
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return LockHolder(
        process=row.process,
        host=row.host,
        application=row.application,
        since=since,
        doing=row.doing,
    )


def with_statement(holder: LockHolder, statement: str | None) -> LockHolder:
    """Return a holder of which only a session on the server is known.

    Args:
        holder: What is known of it.
        statement: What the server does for it, if it does, and we may know.
    """
    text = " ".join((statement or "").split())
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
    return replace(holder, doing=f"running {shown}" if shown else None)


def _fitted(parts: list[str], room: int) -> list[str]:
    """Shorten the longest part until all of them fit."""
    lengths = [len(part) for part in parts]
    while sum(lengths) > room:
        longest = max(range(len(lengths)), key=lengths.__getitem__)
        lengths[longest] -= 1
    host, *others = zip(parts, lengths, strict=True)
    return [_cut_middle(*host), *(text[:length] for text, length in others)]


def _cut_middle(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    end = length // 2
    return f"{text[: length - end - 1]}~{text[-end:]}"


def _word(text: str | None) -> str:
    return "_".join(_printable(text or "").split()) or "-"


def _printable(text: str) -> str:
    return "".join(one if " " <= one <= "~" else "?" for one in text)


def _unless_empty(word: str) -> str | None:
    return None if word == "-" else word


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
