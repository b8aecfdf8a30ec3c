"""Where to."""

import pytest

from tests.support.project import USER


@pytest.mark.parametrize(("typo", "meant"), [("hed", "head"), ("bas", "base"), ("a1b3", "a1b2")])
def test_a_typo_names_what_was_probably_meant(sqlite_project, typo, meant):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("revision", "--rev-id", "a1b2")
    done = sqlite_project.db("upgrade", typo, exit_code=1)

    assert done.problems == (
        f"Error: Can't locate revision identified by '{typo}'.\nHint: Did you mean '{meant}'?\n"
    )
