"""Programs that alembic.ini has run on each new file."""

import json
import sys

import pytest

from tests.support.project import USER

FORMATTER = """
import pathlib, sys

path = pathlib.Path(sys.argv[1])
path.write_text(path.read_text() + "# formatted" + "".join(sys.argv[2:]) + "\\n")
print("formatted one file")
"""
REFUSING = "import sys\nprint('cannot parse it')\nsys.exit(3)\n"


@pytest.fixture
def hooked(sqlite_project):
    """A function that says which hooks there are, by name."""
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.write("formatter.py", FORMATTER)
    sqlite_project.write("refusing.py", REFUSING)
    sqlite_project.write("raising.py", "raise ImportError('half installed')\n")
    ini = sqlite_project.path / "migrations" / "alembic.ini"
    before = ini.read_text("utf-8")

    def configure(**hooks):
        lines = [
            f"{name}.{key} = {value}" for name, one in hooks.items() for key, value in one.items()
        ]
        section = ["[post_write_hooks]", f"hooks = {', '.join(hooks)}", *lines]
        ini.write_text("\n".join([before, *section, ""]), "utf-8")
        return sqlite_project

    return configure


FORMAT = {"type": "module", "module": "formatter"}


@pytest.mark.parametrize(
    "hook",
    [
        FORMAT,
        {
            "type": "exec",
            "executable": sys.executable,
            "options": "formatter.py REVISION_SCRIPT_FILENAME",
        },
        {**FORMAT, "options": "REVISION_SCRIPT_FILENAME"},
    ],
)
def test_a_hook_is_run_on_the_new_file(hooked, hook):
    project = hooked(fmt=hook)

    done = project.db("revision", "-m", "empty")

    assert project.newest().endswith("# formatted\n")
    assert "Running post write hook 'fmt'" in done.stderr
    assert "formatted one file" in done.stderr
    assert "Warning" not in done.stderr


def test_a_script_of_a_package_is_run(hooked):
    project = hooked(fmt={"type": "console_scripts", "entrypoint": "ruff-or-so"},
                     flask={"type": "console_scripts", "entrypoint": "flask",
                            "options": "--version # REVISION_SCRIPT_FILENAME"})  # fmt: skip

    done = project.db("migrate", "-m", "users")

    assert "The post-write hook 'fmt' is not installed: no package has the script ruff-or-so." in (
        done.stderr
    )
    assert "Werkzeug" in done.stderr


NOT_RUN = {
    "cannot be run: no-such-formatter: No such file or directory": {
        "type": "exec",
        "executable": "no-such-formatter",
    },
    "is not installed: there is no module no.such.formatter": {
        "type": "module",
        "module": "no.such.formatter",
    },
    "ended with exit code 3: cannot parse it": {"type": "module", "module": "refusing"},
    "has the type 'nobody', which nobody has registered": {"type": "nobody"},
    "has no type": {"module": "formatter"},
    "has no executable": {"type": "exec"},
}


@pytest.mark.parametrize(("reason", "hook"), NOT_RUN.items())
def test_one_that_is_not_run_is_a_sentence_and_the_script_stays(hooked, reason, hook):
    project = hooked(first=hook, fmt=FORMAT)

    done = project.db("migrate", "-m", "users", "--json")

    report = json.loads(done.stdout)
    [problem] = [one for one in report["problems"] if one["code"] == "hook-not-run"]
    assert problem["message"] == f"The post-write hook 'first' {reason}."
    assert f"Warning: {problem['message']}" in done.stderr
    assert problem["hint"].endswith(str(project.versions[0]))
    assert "create_table" in project.newest()
    assert project.newest().endswith("# formatted\n")
    project.db("upgrade")


def test_one_that_fails_to_start_shows_why(hooked):
    done = hooked(first={"type": "module", "module": "raising"}).db("migrate", "-m", "users")

    assert "ended with exit code 1: " in done.stderr
    assert "half installed" in done.stderr


OWN = """

from alembic.script import write_hooks


@write_hooks.register("stamp")
def stamp(path, options):
    if "fail" in options:
        raise ValueError(options["fail"])
    with open(path, "a") as file:
        file.write(f"# {options['team']}\\n")
"""


def test_a_function_that_the_application_registers_is_called(hooked):
    project = hooked(mark={"type": "stamp", "team": "ours"})
    project.models(USER, OWN)

    project.db("migrate", "-m", "users")

    assert project.newest().endswith("# ours\n")


def test_an_error_of_such_a_function_is_a_sentence_and_the_script_stays(hooked):
    project = hooked(mark={"type": "stamp", "fail": "no such team"})
    project.models(USER, OWN)

    done = project.db("migrate", "-m", "users", exit_code=1)

    assert "The post-write hook 'mark' failed: ValueError: no such team." in done.stderr
    assert "create_table" in project.newest()
    project.db("upgrade")
