"""Sums up results, which are mappings as a report has them."""

from collections import Counter

from tests.changes.known import KNOWN, NOW_AND_THEN
from tests.support.databases import DIALECTS


def totals(results):
    """Return how many changes of each kind got all their marks on each database, as text."""
    done, every = Counter(), Counter()
    for one in results:
        for kind in (one["kind"], "All"):
            every[kind, one["dialect"]] += 1
            done[kind, one["dialect"]] += not one["failed"]
    kinds = sorted({kind for kind, _ in every}, key=lambda kind: (kind == "All", kind))
    lines = [f"{'':50}" + "".join(f"{dialect:>14}" for dialect in DIALECTS)]
    for kind in kinds:
        cells = (f"{done[kind, one]} of {every[kind, one]}" for one in DIALECTS)
        lines.append(f"{kind:50}" + "".join(f"{cell:>14}" for cell in cells))
    return "\n".join([*lines, _by_mark(results)])


def _by_mark(results):
    marks = Counter(mark for one in results for mark in one["failed"])
    return "Failed: " + ", ".join(f"{mark} {count}" for mark, count in marks.most_common())


def known_as_code(results):
    """Return `known.py`: what fails today."""
    known = {
        key: KNOWN.get(key) if KNOWN.get(key) == NOW_AND_THEN else " ".join(one["failed"])
        for one in results
        if one["failed"] and (key := (one["change"], one["dialect"]))
    }
    lines = [
        f"    ({change!r}, {dialect!r}): {marks!r}," for (change, dialect), marks in known.items()
    ]
    return "\n".join([_KNOWN, *lines, "}", ""])


_KNOWN = '''"""The changes that fail today, with the marks that they do not get. It can only shrink.

Written anew by `python -m tests.changes --known tests/changes/known.py`.
"""

NOW_AND_THEN = "now and then"
"""In place of marks that depend on the order of a set."""

RULES = {"F401", "I001"}
"""The rules of ruff that scripts break today."""

KNOWN = {'''
