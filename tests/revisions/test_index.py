"""What the index remembers is what the files say, whatever happened to them, and to it."""

import os
import sys
import threading
from pathlib import Path

import pytest

from flask_migrate.revisions.files import revision_files
from flask_migrate.revisions.index import index_of, read_sources
from flask_migrate.revisions.layout import Layout
from flask_migrate.revisions.read import read_source

TEXT = '"""{0}"""\nrevision = "{0}"\ndown_revision = {1!r}\nbranch_labels = ("x", "{0}x")\n'


class Versions:
    """A directory of revision files, and which of them were read."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        self.read = []
        self.layout = Layout(directory=path.parent, places=(path,))

    def write(self, name, down_revision=None):
        path = self.path / f"{name}_.py"
        path.write_text(TEXT.format(name, down_revision))
        self.settle(path)
        return path

    def settle(self, path):
        """Let a file be as old as most are: what was written just now is doubted."""
        os.utime(path, (1_700_000_000, 1_700_000_000))

    def sources(self):
        self.read.clear()
        return read_sources(revision_files(self.layout), self._read)

    def _read(self, path):
        self.read.append(path.name)
        return read_source(path)


@pytest.fixture
def versions(tmp_path, monkeypatch):
    # Here, what was changed a moment ago is not doubted.
    monkeypatch.setattr("flask_migrate.revisions.index._DOUBTFUL", 0)
    return Versions(tmp_path / "versions")


def test_a_file_is_read_once(versions):
    for name in "abc":
        versions.write(name, ("y", "z"))
    first = versions.sources()
    assert versions.read == ["a_.py", "b_.py", "c_.py"]

    again = versions.sources()

    assert versions.read == []
    assert again == first == [read_source(versions.path / f"{name}_.py") for name in "abc"]


def test_only_what_was_changed_is_read_again(versions):
    versions.write("a")
    path = versions.write("b")
    versions.sources()
    path.write_text(TEXT.format("c", None))
    versions.settle(path)

    assert [source.revision for source in versions.sources()] == ["a", "c"]
    assert versions.read == ["b_.py"]


def test_a_file_that_was_only_touched_is_not_parsed(versions):
    path = versions.write("a")
    versions.sources()
    os.utime(path)

    assert [source.revision for source in versions.sources()] == ["a"]
    assert versions.read == []


def test_a_change_that_does_not_show_in_the_times_is_seen(tmp_path, monkeypatch):
    versions = Versions(tmp_path / "versions")
    path = versions.write("a")
    versions.sources()
    facts = path.stat()
    # As on a file system whose clock stands still for a while.
    path.write_text(TEXT.format("b", None))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    assert [source.revision for source in versions.sources()] == ["b"]


def test_files_come_and_go(versions):
    gone = versions.write("a")
    versions.sources()
    gone.unlink()
    versions.write("b")

    assert [source.revision for source in versions.sources()] == ["b"]
    assert versions.read == ["b_.py"]


@pytest.mark.parametrize(
    "text",
    ["revision = 'a' + 'b'\n", "revision = 'a'\ndef broken(\n", "revision = None\n", ""],
    ids=["computed", "broken", "none", "empty"],
)
def test_what_a_file_says_only_when_it_runs_is_not_remembered(versions, text):
    path = versions.path / "a_.py"
    path.write_text(text)
    versions.settle(path)
    versions.sources()

    versions.sources()

    assert versions.read == ["a_.py"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"\x80" + content,
        lambda content: content.replace(b'"a"', b'"q"'),
        lambda content: b"0\n{}",
        lambda content: content.partition(b"\n")[0],
        lambda content: b"223132457\n[]",
    ],
)
def test_an_index_that_is_not_whole_is_made_again(versions, damage):
    versions.write("a")
    versions.sources()
    index = index_of(versions.path)
    index.write_bytes(damage(index.read_bytes()))

    assert [source.revision for source in versions.sources()] == ["a"]
    assert versions.read == ["a_.py"]
    versions.sources()
    assert versions.read == []


def test_it_may_be_deleted_with_its_directory(versions):
    versions.write("a")
    versions.sources()
    index = index_of(versions.path)
    index.unlink()
    index.parent.rmdir()

    assert [source.revision for source in versions.sources()] == ["a"]
    assert index.exists()


def test_it_is_where_python_keeps_its_bytecode(versions, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "elsewhere"))
    index = index_of(versions.path)

    assert tmp_path / "elsewhere" in index.parents


def test_who_cannot_write_it_goes_without(versions):
    versions.write("a")
    # A file where the directory would be: nobody can write there, not even root.
    (versions.path / "__pycache__").write_text("")

    for _ in range(2):
        assert [source.revision for source in versions.sources()] == ["a"]
        assert versions.read == ["a_.py"]


def test_several_at_once_leave_a_whole_one(versions):
    for number in range(50):
        versions.write(f"r{number}")
    errors = []

    def work():
        try:
            for _ in range(20):
                found = read_sources(revision_files(versions.layout), read_source)
                assert len(found) == 50
                index_of(versions.path).unlink(missing_ok=True)
        except Exception as error:  # noqa: BLE001  (told below)
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    assert list(index_of(versions.path).parent.glob("*.index-*.*")) == []
    versions.sources()
    versions.sources()
    assert versions.read == []


def test_a_link_is_followed_and_counts_once(versions, tmp_path):
    real = versions.write("a")
    (versions.path / "b_.py").symlink_to(real)
    (versions.path / "c_.py").symlink_to(tmp_path / "nowhere.py")

    found = versions.sources()

    assert [Path(source.path).name for source in found] == ["a_.py", "nowhere.py"]
    assert found[1].fault
