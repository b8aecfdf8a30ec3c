"""The page of the docs, from results as a report has them."""

from itertools import groupby

from tests.changes.marks import MARKS
from tests.support.databases import DIALECTS

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
_HEAD = """# Every kind of change

What `flask db migrate` does with each change of the models, tried by the tests on real
servers: tables with rows are taken from the old models to the new ones, and back.
A change is done on a database (✓) if:

{marks}

Whether the database is what the models say is asked of its own tools: `pg_dump`,
`SHOW CREATE`, SQLite's pragmas and `sqlite_master`. `make changes` writes this page.

{summary}
"""


def page(results):
    """Return the page, as Markdown."""
    results = sorted(results, key=lambda one: one["kind"])
    marks = "\n".join(f"- {sentence};" for sentence in MARKS.values())
    parts = [_HEAD.format(marks=f"{marks[:-1]}.", summary=_summary(results))]
    for kind, group in groupby(results, key=lambda one: one["kind"]):
        parts.append(_section(kind, list(group)))
    return "\n".join(parts)


def _summary(results):
    lines = [_header("kind of change")]
    for kind, group in groupby(results, key=lambda one: one["kind"]):
        lines.append(_line(f"[{kind}](#{_anchor(kind)})", _counts(list(group))))
    lines.append(_line("all", _counts(results)))
    return "\n".join(lines)


def _counts(results):
    for dialect in DIALECTS:
        here = [one for one in results if one["dialect"] == dialect and not one["lacks"]]
        done = sum(not one["failed"] for one in here)
        yield f"{done} of {len(here)}" if here else "none"


def _section(kind, results):
    notes, lines = [], [_header("change")]
    by_change = {}
    for one in results:
        by_change.setdefault(one["change"], {})[one["dialect"]] = one
    for change, by_dialect in by_change.items():
        lines.append(_line(change, [_cell(by_dialect.get(one), notes) for one in DIALECTS]))
    explained = [f"{number}. {note}" for number, note in enumerate(notes, start=1)]
    return "\n".join([f"## {kind}", "", *lines, "", *explained, ""])


def _cell(one, notes):
    if one is None:
        return ""
    if one["failed"]:
        return "✗ " + ", ".join(one["failed"])
    reason = one["lacks"] or one["note"]
    if not reason:
        return "✓"
    if reason not in notes:
        notes.append(reason)
    sign = "no such thing" if one["lacks"] else "✓"
    return f"{sign} ({notes.index(reason) + 1})"


def _header(first):
    return f"{_line(first, [_NAMES[one] for one in DIALECTS])}\n{_line('---', ['---'] * 3)}"


def _line(first, cells):
    return "| " + " | ".join([first.replace("|", "\\|"), *cells]) + " |"


def _anchor(kind):
    kept = (character for character in kind.lower() if character.isalnum() or character in " -")
    return "".join(kept).replace(" ", "-")
