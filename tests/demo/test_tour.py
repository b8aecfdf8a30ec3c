"""The tour of `make demo`."""

import re
import subprocess
import sys

import pytest

from tools.demo import ROOT, note_files, set_aside


@pytest.fixture
def playground(tmp_path):
    """A playground as the demo leaves it."""
    directory = tmp_path / "playground"
    directory.mkdir()
    (directory / "models.py").write_text("made by the demo", encoding="utf-8")
    note_files(directory)
    return directory


def test_the_tour_runs_and_leaves_a_playground(tmp_path):
    directory = tmp_path / "shop"

    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "demo.py", directory],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b" not in done.stdout
    assert done.stdout.count("1,000 authors, 9,000 books, worth 413,865.00\n") == 4
    assert done.stdout.count("Nothing is lost.") == 3
    assert " ".join(re.findall(r"^\$ flask db (\w+)", done.stdout, re.MULTILINE)) == (
        "init migrate upgrade migrate upgrade history current check downgrade upgrade"
    )
    assert (directory / "instance" / "bookshop.db").is_file()
    assert set_aside(directory) is None


def test_what_the_demo_made_is_replaced(playground):
    assert set_aside(playground) is None
    assert not playground.exists()


def test_what_a_person_changed_is_kept(playground):
    (playground / "models.py").write_text("mine", encoding="utf-8")

    kept = set_aside(playground)

    assert not playground.exists()
    assert (kept / "models.py").read_text(encoding="utf-8") == "mine"


def test_what_a_person_added_is_kept_beside_what_was_kept_before(playground):
    playground.with_name("playground-1").mkdir()
    (playground / "notes.txt").write_text("mine", encoding="utf-8")

    assert set_aside(playground) == playground.with_name("playground-2")


def test_a_directory_that_the_demo_did_not_make_is_kept(tmp_path):
    directory = tmp_path / "playground"
    directory.mkdir()
    (directory / "notes.txt").write_text("mine", encoding="utf-8")

    assert (set_aside(directory) / "notes.txt").is_file()
