"""One broken revision file is named, with its line, and stops only what needs it."""

import pytest

from flask_migrate.errors import BrokenRevision
from tests.behaviour.application import contents

HINT = "Hint: Correct the file, or remove it if it is not a migration.\n"
HEAD = 'revision = "b2"\ndown_revision = "a1"\nbranch_labels = None\ndepends_on = None\n'
BODY = "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"

# Its source still tells which revision it is, or running it does: what, where, and the file.
TELLING = {
    "a syntax error": (
        "line 7: expected ':'",
        f"{HEAD}\n\ndef upgrade()\n    pass\n",
    ),
    "a merge conflict": ("line 5: invalid syntax", f"{HEAD}<<<<<<< HEAD\n{BODY}"),
    "a missing module": (
        "line 1: ModuleNotFoundError: No module named 'shop_models'",
        f"import shop_models\n{HEAD}{BODY}",
    ),
    "an error at import": (
        "line 5: ZeroDivisionError: division by zero",
        f"{HEAD}x = 1 / 0\n{BODY}",
    ),
    "a wrong value at import": (
        "line 5: ValueError: invalid literal for int() with base 10: 'x'",
        f"{HEAD}x = int('x')\n{BODY}",
    ),
    "another file's syntax error": (
        "line 5: SyntaxError: invalid syntax (<unknown>, line 1)",
        f"{HEAD}__import__('ast').parse('1 +')\n{BODY}",
    ),
    "an exit at import": ("line 5: SystemExit: 3", f"{HEAD}raise SystemExit(3)\n{BODY}"),
    "no upgrade function": ("declares no function upgrade()", f"{HEAD}\n\nx = 1\n"),
}

# Nobody can tell which revision it is.
MUTE = {
    "zero bytes": ("is empty", b""),
    "only white space": ("is empty", b"\n\n  \n"),
    "bytes that are no text": ("source code string cannot contain null bytes", b"\0\1\2\xff"),
    "another encoding": (
        "line 1: (unicode error) 'utf-8' codec can't decode byte 0xe9 in position ",
        b'"""caf\xe9"""\nx = 1\n',
    ),
    "no revision": ("declares no revision", f"x = 1\n{BODY}".encode()),
    "a script that is no migration": (
        "line 1: ModuleNotFoundError: No module named 'shop_models'",
        b"import shop_models\nprint('hello')\n",
    ),
}


@pytest.fixture
def broken(sqlite_application):
    """A function that breaks the second of three revisions, or adds a file between them."""
    sqlite_application.revision("a1", message="first")
    sqlite_application.run("upgrade")

    def write(content, name="b2_.py"):
        content = content.encode() if isinstance(content, str) else content
        path = sqlite_application.path / "migrations/versions" / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(("reason", "source"), TELLING.values(), ids=TELLING)
def test_a_broken_revision_stops_only_what_runs_it(sqlite_application, broken, reason, source):
    application = sqlite_application
    path = broken(source)
    application.revision("c3", "b2", message="third")
    before = contents(application.path)
    said = f"Error: The revision file {path} cannot be used: {reason}"

    assert application.run("current").stdout == "a1\n"
    assert application.run("heads").stdout == "c3 (head)\n"
    assert "c3 (head), third" in application.run("history").stdout
    assert "Rev: c3 (head)" in application.run("show", "c3").stdout
    assert application.run("branches").stdout == ""
    assert application.run("show", "b2").stdout.startswith("Rev: b2\nParent: a1\n")
    for command in (["upgrade"], ["upgrade", "--sql"], ["upgrade", "b2"]):
        done = application.run(*command, exit_code=1)
        assert done.problems.startswith(said)
        assert done.problems.endswith(f"\n{HINT}")
        assert done.stdout == ""
    assert application.execute("SELECT * FROM alembic_version") == [("a1",)]
    assert application.tables() == {"alembic_version"}
    assert contents(application.path) == before


@pytest.mark.parametrize(("reason", "content"), MUTE.values(), ids=MUTE)
def test_a_file_that_does_not_tell_its_revision_is_pointed_at(
    sqlite_application, broken, reason, content
):
    application = sqlite_application
    path = broken(content)
    before = contents(application.path)
    said = f"The revision file {path} cannot be used: {reason}"

    for command, answer in {
        "current": "a1 (head)\n",
        "heads": "a1 (head)\n",
        "history": "<base> -> a1 (head), first\n",
        "branches": "",
    }.items():
        done = application.run(command)
        assert done.stdout == answer
        assert done.problems.startswith(f"Warning: {said}")
    assert application.run("show", "a1").problems.startswith(f"Warning: {said}")
    for command in ("upgrade", "downgrade", "migrate", "revision"):
        done = application.run(command, exit_code=1)
        assert done.problems.startswith(f"Error: {said}")
        assert done.problems.endswith(f".\n{HINT}")

    assert application.execute("SELECT * FROM alembic_version") == [("a1",)]
    assert contents(application.path) == before


def test_nothing_runs_before_a_revision_that_cannot_be_imported(application):
    application.revision("a1", body="op.create_table('users', sa.Column('id', sa.Integer))")
    application.revision("b2", "a1", message="import nothing")
    path = application.path / "migrations/versions/b2_.py"
    path.write_text(path.read_text().replace("import sqlalchemy", "import nothing_at_all"))

    with application.context() as api, pytest.raises(BrokenRevision) as raised:
        api.upgrade()

    assert raised.value.message == (
        f"The revision file {path} cannot be used: line 3: ModuleNotFoundError: No module named "
        "'nothing_at_all'."
    )
    assert "users" not in application.tables()
    with application.context() as api:
        assert api.upgrade(revision="a1").targets[0].after == ("a1",)


def test_a_revision_that_asks_for_the_application_at_import_runs(sqlite_application):
    path = sqlite_application.revision("a1")
    source = f"from flask import current_app\nname = current_app.name\n{path.read_text()}"
    path.write_text(source.replace("pass", "op.create_table(name, sa.Column('x', sa.Integer))", 1))

    sqlite_application.run("upgrade")

    assert "shop" in sqlite_application.tables()


def test_a_revision_that_asks_for_its_connection_at_import_runs(sqlite_application):
    path = sqlite_application.revision("a1")
    text = path.read_text().replace(
        "def up", "op.get_bind().execute(sa.text('SELECT 1'))\n\ndef up"
    )
    path.write_text(text)

    assert sqlite_application.run("history").problems == ""
    sqlite_application.run("upgrade")

    assert sqlite_application.execute("SELECT * FROM alembic_version") == [("a1",)]


def test_a_broken_merge_keeps_its_place(sqlite_application):
    application = sqlite_application
    application.revision("a1"), application.revision("b2", branch_labels=("side",))
    path = application.revision("m3", ("a1", "b2"))
    path.write_text(path.read_text() + "def broken(:\n")
    application.revision("c4", "m3", depends_on="side")

    assert application.run("heads").stdout == "c4 (side) (head)\n"
    assert application.run("history").stdout.splitlines()[-1] == "<base> -> b2 (side), b2"


def test_two_files_with_one_revision_are_named(sqlite_application):
    first = sqlite_application.revision("a1")
    second = sqlite_application.write("migrations/versions/b2_copy.py", first.read_text())
    said = (
        f"Error: Two files have the revision 'a1': {first} and {second}.\n"
        "Hint: One is probably a copy: remove it, or give it a revision of its own.\n"
    )

    for command in ("upgrade", "migrate", "history", "heads", "current", "check", "revision"):
        assert sqlite_application.run(command, exit_code=1).problems == said
    assert sqlite_application.tables() <= {"alembic_version"}


@pytest.mark.parametrize("label", ["side", "a1"])
def test_two_files_with_one_label_are_named(sqlite_application, label):
    first = sqlite_application.revision("a1", branch_labels=("side",))
    second = sqlite_application.revision("b2", branch_labels=(label,))

    for command in ("upgrade", "history", "heads"):
        assert sqlite_application.run(command, exit_code=1).problems == (
            f"Error: The branch label {label!r} of {second} is in use already: {first}.\n"
            "Hint: Give one of them another name, in branch_labels.\n"
        )


def test_a_missing_parent_is_named_with_its_children(sqlite_application):
    paths = [sqlite_application.revision(name, "gone") for name in ("a1", "b2")]
    said = (
        f"Error: No file has the revision 'gone', which is revised by {paths[0]}, {paths[1]}.\n"
        "Hint: Restore the missing file (git log --all -- <versions>), or correct down_revision.\n"
    )

    for command in ("upgrade", "migrate", "history", "heads", "check"):
        assert sqlite_application.run(command, exit_code=1).problems == said


def test_a_missing_dependency_is_named(sqlite_application):
    path = sqlite_application.revision("a1", depends_on="gone")

    for command in ("upgrade", "history", "heads"):
        assert sqlite_application.run(command, exit_code=1).problems == (
            f"Error: No file has the revision 'gone', which must be applied before {path}.\n"
            "Hint: Restore the missing file (git log --all -- <versions>), or correct "
            "depends_on.\n"
        )


@pytest.mark.parametrize(
    "links",
    [
        {"a1": {"parents": "c3"}, "b2": {"parents": "a1"}, "c3": {"parents": "b2"}},
        {"a1": {"depends_on": "c3"}, "b2": {"parents": "a1"}, "c3": {"parents": "b2"}},
        {"a1": {"parents": "a1"}},
        {"a1": {"depends_on": ("b2",)}, "b2": {"depends_on": ("a1",)}},
    ],
    ids=["parents", "parents and a dependency", "itself", "dependencies"],
)
def test_a_circle_is_named_with_its_files(sqlite_application, links):
    paths = {name: sqlite_application.revision(name, **link) for name, link in links.items()}

    for command in ("upgrade", "migrate", "history", "heads", "check"):
        done = sqlite_application.run(command, exit_code=1)
        assert done.problems.startswith("Error: The history goes in a circle, ")
        assert done.problems.endswith(
            ".\nHint: Correct down_revision or depends_on in one of these files.\n"
        )
        assert all(str(path) in done.problems for path in paths.values())
