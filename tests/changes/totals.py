"""Sums up results, which are mappings as a report has them."""

from collections import Counter

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


def known_as_text(results):
    """Return `known.txt`: what fails today, a change a line."""
    by_change = {}
    for one in results:
        if one["failed"]:
            marks = f"{one['dialect']}: {' '.join(one['failed'])}"
            by_change.setdefault(one["change"], []).append(marks)
    lines = [" | ".join([change, *marks]) for change, marks in sorted(by_change.items())]
    return "\n".join([*lines, ""])
