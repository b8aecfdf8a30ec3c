"""Files are written whole or not at all, under names that can be used."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from flask_migrate.errors import InvalidRevisionId
from tests.behaviour.application import contents
from tests.support.project import USER, Project

CHOOSE = "Hint: Choose another --rev-id, or leave it out and one is made.\n"
LETTERS = "may have only letters, digits, underscores and dots, and not begin with a dot"
SYMBOLS = "may not be one of None, base, current, head, heads"

REFUSED = {
    "../../etc/passwd": LETTERS,
    "a/b": LETTERS,
    "a\\b": LETTERS,
    "..": LETTERS,
    ".hidden": LETTERS,
    "it's": LETTERS,
    'a"b': LETTERS,
    "a:b": LETTERS,
    "a b": LETTERS,
    "a@b": LETTERS,
    "a+1": LETTERS,
    "-1": LETTERS,
    "a\nb": LETTERS,
    "a\0b": LETTERS,
    "": LETTERS,
    "head": SYMBOLS,
    "heads": SYMBOLS,
    "base": SYMBOLS,
    "current": SYMBOLS,
    "None": SYMBOLS,
}


@pytest.mark.parametrize(("identifier", "reason"), REFUSED.items())
def test_an_identifier_that_cannot_be_used_is_refused(sqlite_application, identifier, reason):
    application = sqlite_application
    application.revision("one"), application.revision("two")
    before = contents(application.path)
    said = f"A revision {reason}: {identifier!r}."

    with application.context() as api:
        for verb in (api.revision, api.merge):
            with pytest.raises(InvalidRevisionId) as raised:
                verb(rev_id=identifier)
            assert raised.value.message == said
    done = application.run("migrate", f"--rev-id={identifier}", exit_code=1)

    assert done.stderr == f"Error: {said}\n{CHOOSE}"
    assert contents(application.path) == before


def test_an_identifier_may_be_as_long_as_the_version_column(application):
    application.run("revision", "--rev-id", "x" * 32)
    application.run("upgrade")
    before = contents(application.path)

    done = application.run("revision", "--rev-id", "y" * 33, exit_code=1)

    assert done.problems == (
        "Error: A revision may have 32 characters, the length of the version column, and has 33: "
        f"{'y' * 33!r}.\n{CHOOSE}"
    )
    assert contents(application.path) == before
    assert application.execute("SELECT * FROM alembic_version") == [("x" * 32,)]


def test_an_identifier_that_exists_is_refused(sqlite_application):
    existing = sqlite_application.revision("a1")
    before = contents(sqlite_application.path)

    done = sqlite_application.run("revision", "-m", "other", "--rev-id", "a1", exit_code=1)

    assert done.problems.startswith("Error: ")
    assert str(existing) in done.problems
    assert contents(sqlite_application.path) == before


@pytest.mark.parametrize(
    ("label", "reason"),
    {
        "a b": "may have only letters, digits, underscores, dots and hyphens",
        "a@b": "may have only letters, digits, underscores, dots and hyphens",
        "it's": "may have only letters, digits, underscores, dots and hyphens",
        "": "may have only letters, digits, underscores, dots and hyphens",
        "head": SYMBOLS,
        "a1": "is in use already: {path}",
        "side": "is in use already: {path}",
    }.items(),
)
def test_a_branch_label_that_would_spoil_the_history_is_refused(sqlite_application, label, reason):
    path = sqlite_application.revision("a1", branch_labels=("side",))
    before = contents(sqlite_application.path)

    done = sqlite_application.run("revision", f"--branch-label={label}", exit_code=1)

    assert done.stderr == (
        f"Error: The branch label {label!r} {reason.format(path=path)}.\n"
        "Hint: Choose another --branch-label.\n"
    )
    assert contents(sqlite_application.path) == before


def test_a_file_that_exists_is_not_overwritten(sqlite_application):
    path = sqlite_application.write("migrations/versions/b2_add.py", "revision = 'zzz'\n")
    before = contents(sqlite_application.path)

    done = sqlite_application.run(
        "revision", "-m", "add", "--rev-id", "b2", "--head", "zzz", exit_code=1
    )

    assert done.stderr == (
        f"Error: {path} exists already and was not overwritten.\n"
        "Hint: Choose another --rev-id or message, or remove the file.\n"
    )
    assert contents(sqlite_application.path) == before


WRITE = """
import sys
from app import app
run = app.test_cli_runner().invoke
print("ready", flush=True)
sys.stdin.readline()
result = run(args=["db", "revision", "--rev-id", "a1", "-m", "same"])
print(result.exit_code, result.stderr, end="")
"""


def test_of_two_processes_that_write_one_name_one_wins(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    environment = {**os.environ, **sqlite_project.environment}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE],
            cwd=sqlite_project.path, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = sorted(writer.communicate(timeout=60)[0] for writer in writers)

    assert said[0] == "0 "
    for text in said[1:]:
        assert text.startswith("1 Error: ")
        assert "a1" in text
        assert "Hint: " in text
    (path,) = sqlite_project.versions
    compile(path.read_bytes(), str(path), "exec")
    assert not list(path.parent.glob(".*"))


@contextmanager
def full_disk(place):
    """Yield a directory on a file system that is full."""
    place.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96k,mode=755", "tmpfs", str(place)],
        check=False, stderr=subprocess.DEVNULL,
    ).returncode  # fmt: skip
    try:
        yield place if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def fill(place):
    """Use every byte that is free below a directory."""
    with (place / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from app import app
run = app.test_cli_runner().invoke
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
for arguments in (["revision", "--rev-id", "a1"], ["init", "-d", "other"]):
    result = run(args=["db", *arguments])
    print(result.exit_code, result.stderr, end="")
"""


def test_a_limit_on_the_size_of_files_leaves_nothing_behind(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    before = contents(sqlite_project.path)
    root = sqlite_project.path

    # What it says goes through a pipe, which has no limit.
    sqlite_project.is_warm = False
    done = sqlite_project.python_code(LIMITED)

    hint = "Hint: Nothing was changed. Check the permissions and the free space, and try again.\n"
    assert done.stdout == (
        f"1 Error: {root}/migrations/versions/a1_.py could not be written: File too large.\n{hint}"
        f"1 Error: {root}/other could not be written: File too large.\n{hint}"
    )
    assert contents(root) == before
    assert not (root / "other").exists()


def test_a_full_disk_leaves_nothing_behind(sqlite_application, tmp_path):
    with full_disk(tmp_path / "disk") as place:
        if place is None:
            pytest.skip("only root may mount a small disk; a limit on file sizes is tested too")
        directory = place / "migrations"
        sqlite_application.run("init", "-d", str(directory))
        fill(place)
        before = contents(place)

        done = sqlite_application.run("revision", "-d", str(directory), "-m", "x", exit_code=1)
        other = sqlite_application.run("init", "-d", str(place / "other"), exit_code=1)

        assert "could not be written: No space left on device.\nHint: Nothing was changed. " in (
            done.stderr
        )
        assert other.stderr == (
            f"Error: {place / 'other'} could not be written: No space left on device.\n"
            "Hint: Nothing was changed. Check the permissions and the free space, and try again.\n"
        )
        assert contents(place) == before
        assert not (place / "other").exists()


# Root may write anywhere. What the commands need is imported first: an interpreter in the home
# directory of root could not be read afterwards.
READ_ONLY = """
import os, pwd, sys
from app import app
run = app.test_cli_runner().invoke
for arguments in (["revision", "--rev-id", "a1"], ["revision", "--rev-id", "a1"], ["upgrade"]):
    run(args=["db", *arguments])
os.chmod("migrations/versions", 0o555)
os.chmod(".", 0o555)
if os.geteuid() == 0:
    os.setegid(pwd.getpwnam("nobody").pw_gid)
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
for arguments in (["revision", "--rev-id", "b2"], ["init", "-d", "other"], ["current"]):
    result = run(args=["db", *arguments])
    print(result.exit_code, result.stderr, end="")
"""


def test_a_directory_that_may_not_be_written_is_named(sqlite_database):
    with TemporaryDirectory() as directory:
        place = Path(directory)
        place.chmod(0o755)
        project = Project(place, f"sqlite:///{place}/shop.db")
        project.models(USER)
        project.db("init")

        done = project.python_code(READ_ONLY)
        place.chmod(0o755)

        hint = (
            "Hint: Nothing was changed. Check the permissions and the free space, and try again.\n"
        )
        assert done.stdout.startswith(
            f"1 Error: {place}/migrations/versions/b2_.py could not be written: Permission denied."
            f"\n{hint}1 Error: {place}/other could not be written: Permission denied.\n{hint}"
            "0 INFO "
        )
        assert [path.name for path in project.versions] == ["a1_.py"]
        assert not (place / "other").exists()
