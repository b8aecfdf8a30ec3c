"""The changes that fail today, with the marks that they do not get. It can only shrink.

`known.txt` has a change a line. It is written anew by
`python -m tests.changes --known tests/changes/known.txt`.
"""

from pathlib import Path


def read(text):
    """Yield each change and database, with the marks that it does not get there."""
    for line in text.splitlines():
        change, *databases = line.split(" | ")
        for dialect, marks in (one.split(": ") for one in databases):
            yield (change, dialect), marks


KNOWN = dict(read(Path(__file__).with_name("known.txt").read_text("utf-8")))
"""The marks that a change does not get on a database."""


def is_known(change, dialect, marks):
    """Return whether these are the marks that a change is known not to get."""
    return KNOWN.get((change, dialect), "") == marks
