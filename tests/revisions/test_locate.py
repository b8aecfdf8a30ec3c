from pathlib import Path

import pytest

from flask_migrate.errors import DirectoryNotFound
from flask_migrate.revisions.locate import locate, require_directory


def test_the_working_directory_comes_before_the_application(tmp_path, monkeypatch):
    here, beside = tmp_path / "here", tmp_path / "beside"
    for place in (here, beside):
        (place / "migrations").mkdir(parents=True)
    monkeypatch.chdir(here)

    assert locate("migrations", beside=[beside]) == Path("migrations")


def test_the_application_comes_next(tmp_path, monkeypatch):
    (tmp_path / "beside" / "migrations").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    found = locate("migrations", beside=[tmp_path / "none", tmp_path / "beside"])

    assert found == tmp_path / "beside" / "migrations"


def test_an_absolute_directory_is_looked_for_nowhere_else(tmp_path):
    place = tmp_path / "elsewhere"

    assert locate(str(place), beside=[tmp_path]) == place
    with pytest.raises(DirectoryNotFound) as caught:
        require_directory(place, beside=[tmp_path])
    assert caught.value.message == (
        f"There is no migrations directory '{place}'; looked for it at {place}."
    )


def test_a_missing_directory_names_every_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DirectoryNotFound) as caught:
        require_directory(Path("migrations"), beside=[tmp_path / "app"])
    assert str(tmp_path / "migrations") in caught.value.message
    assert str(tmp_path / "app" / "migrations") in caught.value.message
    assert "flask db init" in caught.value.hint
