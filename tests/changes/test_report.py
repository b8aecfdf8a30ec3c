"""What becomes of results: the page of the docs, the totals, the list of what fails."""

import re
from dataclasses import asdict
from pathlib import Path

from tests.changes.catalogue import load
from tests.changes.known import read
from tests.changes.marks import Result
from tests.changes.page import page
from tests.changes.totals import known_as_text, totals

GOOD = Result(change="a column is added", kind="Columns", dialect="sqlite")
BAD = Result(
    change="a column is added",
    kind="Columns",
    dialect="mariadb",
    failed={"exact": "is nothing, should be 'a'", "back": "it is not"},
)
LACKING = Result(
    change="a column | gets a comment",
    kind="Comments",
    dialect="sqlite",
    lacks="There are no comments.",
)
NOTED = Result(
    change="NULLs refuse it", kind="Columns", dialect="postgresql", note="Nothing fills them."
)
RESULTS = [asdict(one) for one in (GOOD, BAD, LACKING, NOTED)]


def test_the_page_has_a_line_a_change_and_a_column_a_database():
    lines = page(RESULTS).splitlines()

    assert "| a column is added | ✓ |  | ✗ exact, back |" in lines
    assert "| a column \\| gets a comment | no such thing (1) |  |  |" in lines
    assert "1. There are no comments." in lines
    assert "| NULLs refuse it |  | ✓ (1) |  |" in lines
    assert "1. Nothing fills them." in lines


def test_the_page_counts_what_a_database_has():
    lines = page(RESULTS).splitlines()

    assert "| [Columns](#columns) | 1 of 1 | 1 of 1 | 0 of 1 |" in lines
    assert "| [Comments](#comments) | none | none | none |" in lines
    assert "| all | 1 of 1 | 1 of 1 | 0 of 1 |" in lines


def test_the_totals_say_how_many_got_all_marks():
    text = totals(RESULTS)

    assert text.splitlines()[-2].split() == ["All", "2", "of", "2", "1", "of", "1", "0", "of", "1"]
    assert text.endswith("Failed: exact 1, back 1")


def test_what_fails_is_read_as_it_is_written():
    assert dict(read(known_as_text(RESULTS))) == {("a column is added", "mariadb"): "exact back"}


def test_the_page_of_the_docs_has_every_change():
    written = (Path(__file__).parents[2] / "docs/changes.md").read_text("utf-8")
    of_catalogue = {one.name.replace("|", "\\|") for some in load().values() for one in some}
    of_page = set(re.findall(r"^\| (.+?) \| [^|]* \| [^|]* \| [^|]* \|$", written, re.MULTILINE))

    missing = of_catalogue - of_page
    assert not missing, f"`make changes` writes the page anew: {sorted(missing)}"
