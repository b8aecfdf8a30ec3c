import pytest

from flask_migrate.execution.env_file import SqlFile, run_env_file

CALL = """
calls = []
def configure(*args, **kwargs):
    calls.append((args, kwargs))
given = {"compare_type": False, "render_as_batch": True}
"""


@pytest.fixture
def run(tmp_path):
    """Run an env.py and return the names that it was given to report to."""

    def run(text, *, as_sql=False):
        path = tmp_path / "env.py"
        report = "\nimport json, pathlib\n"
        path.write_text(f"{text}{report}pathlib.Path(__file__ + '.out').write_text(repr(calls))\n")
        run_env_file(path, as_sql=as_sql)
        return (tmp_path / "env.py.out").read_text()

    return run


def test_a_named_argument_wins_over_the_same_one_in_a_dict(run):
    said = run(f"{CALL}configure(1, compare_type=True, **given)")

    assert said == "[((1,), {'compare_type': True, 'render_as_batch': True})]"


def test_calls_of_other_functions_are_left_as_they_are(run):
    with pytest.raises(TypeError, match="multiple values"):
        run(f"{CALL}dict(compare_type=True, **given)")


def test_several_dicts_are_spread_in_order(run):
    said = run(f"{CALL}configure(**given, **{{'x': 1}}, y=2)")

    assert said == "[((), {'compare_type': False, 'render_as_batch': True, 'x': 1, 'y': 2})]"


def test_lines_in_tracebacks_are_those_of_the_file(run, tmp_path):
    with pytest.raises(ZeroDivisionError) as caught:
        run(f"{CALL}configure(1, compare_type=1 / 0, **given)")

    entry = caught.traceback[-1]
    assert (entry.path, entry.lineno) == (tmp_path / "env.py", 5)


def test_in_sql_mode_files_for_sql_are_kept_in_memory(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run(
        "calls = []\n"
        "with open('.sql', 'w') as sql:\n"
        "    sql.write('x')\n"
        "    calls.append(type(sql).__name__)\n"
        "with open('note.txt', 'w') as note:\n"
        "    calls.append(type(note).__name__)\n",
        as_sql=True,
    )

    assert said == repr([SqlFile.__name__, "TextIOWrapper"])
    assert not (tmp_path / ".sql").exists()
    assert (tmp_path / "note.txt").exists()


def test_otherwise_every_file_is_written(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("calls = []\nwith open('a.sql', 'w') as sql:\n    sql.write('x')\n")

    assert (tmp_path / "a.sql").read_text() == "x"
