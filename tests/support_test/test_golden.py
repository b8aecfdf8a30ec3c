import pytest

from tests.support.golden import Golden


def test_what_was_written_is_accepted(tmp_path):
    Golden(update=True, directory=tmp_path)("Zürich\r\n", "folder/name.txt")
    Golden(update=False, directory=tmp_path)("Zürich\r\n", "folder/name.txt")


def test_a_difference_is_refused(tmp_path):
    Golden(update=True, directory=tmp_path)("one\n", "name.txt")
    with pytest.raises(AssertionError, match="--update-golden"):
        Golden(update=False, directory=tmp_path)("two\n", "name.txt")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="--update-golden"):
        Golden(update=False, directory=tmp_path)("one\n", "name.txt")
    assert list(tmp_path.iterdir()) == []


def test_the_fixture_reads_the_folder_of_the_project(golden):
    golden("This is what a golden file looks like.\n", "example.txt")
