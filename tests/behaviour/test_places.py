"""Where a database is, where the history ends, where the directory is: said, not guessed."""

import pytest

from flask_migrate.errors import DatabaseAhead, MultipleHeads, NotUpToDate, UnknownRevision
from tests.behaviour.application import contents
from tests.support.project import USER, USER_WITH_PHONE


def test_pending_revisions_are_named(application):
    application.revision("a1", message="create users")
    application.revision("a2", "a1", message="add phone")
    application.users()
    before = contents(application.path)
    said = (
        "Error: Target database is not up to date. 2 pending: a1 (create users), a2 (add phone).\n"
        "Hint: Apply them first: flask db upgrade\n"
    )

    for command in (["migrate"], ["check"], ["revision", "--autogenerate"]):
        done = application.run(*command, exit_code=1)
        assert done.stderr.endswith(said)
        assert done.stdout == ""
    with application.context() as api, pytest.raises(NotUpToDate):
        api.migrate()

    assert contents(application.path) == before
    assert application.tables() <= {"alembic_version"}
    application.run("upgrade")
    application.run("migrate")


def test_many_pending_revisions_are_counted(sqlite_application):
    for number in range(1, 41):
        sqlite_application.revision(f"r{number:02}", f"r{number - 1:02}" if number > 1 else None)
    sqlite_application.users()

    done = sqlite_application.run("migrate", exit_code=1)

    named = ", ".join(f"r{number:02} (r{number:02})" for number in range(1, 11))
    assert done.stderr.endswith(
        f"Error: Target database is not up to date. 40 pending: {named} and 30 more.\n"
        "Hint: Apply them first: flask db upgrade\n"
    )


def test_a_database_that_is_ahead_of_the_code_is_recognised(application):
    application.revision("a1")
    application.run("upgrade")
    newer = application.revision("b2", "a1")
    application.run("upgrade")
    newer.unlink()
    before = contents(application.path)
    directory = application.path / "migrations"
    said = (
        f"Error: Can't locate revision identified by 'b2'. The database is at this revision, and "
        f"no file in {directory} has it: the database is ahead of this code, or the file was "
        "removed.\n"
        "Hint: Get the code that has this revision (another branch, a newer release) and run "
        "again. Only if the file is gone for good, and the schema is known to equal another "
        "revision: flask db stamp --purge <revision>\n"
    )

    for command in ("upgrade", "downgrade", "migrate", "check", "stamp"):
        assert application.run(command, exit_code=1).stderr.endswith(said)
    with application.context() as api, pytest.raises(DatabaseAhead):
        api.upgrade()
    assert application.run("current").stdout == "b2 (no file has this revision)\n"
    application.run("current", "--check-heads", exit_code=1)
    assert application.run("history", "-i").stdout == "<base> -> a1 (head), a1\n"

    assert contents(application.path) == before
    assert application.execute("SELECT * FROM alembic_version") == [("b2",)]
    application.run("stamp", "--purge", "a1")
    assert application.execute("SELECT * FROM alembic_version") == [("a1",)]


@pytest.mark.parametrize(
    "command",
    ["upgrade", "downgrade", "stamp", "show", "edit", "merge", "revision --head", "history -r :"],
)
def test_a_slip_of_the_pen_is_recognised(sqlite_application, command):
    sqlite_application.revision("4f1a2b3c")
    sqlite_application.run("upgrade")
    before = contents(sqlite_application.path)
    *words, last = f"{command} 4f1b2b3c".replace(": ", ":").split()

    done = sqlite_application.run(*words, last, exit_code=1)

    assert done.stderr.endswith(
        "Error: Can't locate revision identified by '4f1b2b3c'.\nHint: Did you mean '4f1a2b3c'?\n"
    )
    assert done.stdout == ""
    assert contents(sqlite_application.path) == before
    assert sqlite_application.execute("SELECT * FROM alembic_version") == [("4f1a2b3c",)]


def test_what_resembles_nothing_is_answered_with_where_to_look(sqlite_application):
    sqlite_application.revision("4f1a2b3c")

    with sqlite_application.context() as api, pytest.raises(UnknownRevision) as raised:
        api.upgrade(revision="zzz")

    assert raised.value.message == "Can't locate revision identified by 'zzz'."
    assert raised.value.hint == "List them: flask db history"


def test_the_beginning_of_an_identifier_that_fits_several_is_refused(sqlite_application):
    sqlite_application.revision("abc1")
    sqlite_application.revision("abc2", "abc1")

    done = sqlite_application.run("upgrade", "abc", exit_code=1)

    assert done.problems == (
        "Error: Multiple revisions start with 'abc': 'abc1', 'abc2'...\n"
        "Hint: Give more of its characters.\n"
    )


def test_two_heads_are_named_with_what_joins_them(application):
    application.revision("a1")
    application.run("upgrade")
    first = application.revision("b2", "a1", message="add phone\n\nCreate Date: 2024-05-01 10:00")
    second = application.revision("c3", "a1", message="add fax")
    application.users()
    before = contents(application.path)
    said = (
        "Error: Multiple head revisions are present for given argument 'head':\n"
        f"  b2 'add phone', 2024-05-01 10:00, {first}\n"
        f"  c3 'add fax', undated, {second}\n"
        "Hint: Merge them: flask db merge heads -m 'merge', or name one of them, or all: heads\n"
    )

    for command in ("upgrade", "show", "revision"):
        assert application.run(command, exit_code=1).stderr.endswith(said)
    with application.context() as api, pytest.raises(MultipleHeads):
        api.upgrade()
    assert application.execute("SELECT * FROM alembic_version") == [("a1",)]
    application.run("upgrade", "heads")
    assert application.run("migrate", exit_code=1).stderr.endswith(said)
    assert contents(application.path) == before

    application.run("merge", "heads", "-m", "merge", "--rev-id", "d4")
    application.run("upgrade")
    assert application.execute("SELECT * FROM alembic_version") == [("d4",)]


def test_without_a_directory_the_places_are_named(sqlite_project):
    sqlite_project.environment["FLASK_APP"] = "shop.site"
    sqlite_project.models(USER)
    (sqlite_project.path / "shop").mkdir()
    (sqlite_project.path / "app.py").rename(sqlite_project.path / "shop" / "site.py")
    sqlite_project.write("shop/__init__.py", "")
    root = sqlite_project.path

    commands = ("migrate", "upgrade", "current", "history", "heads", "stamp", "check", "revision")
    code = f"""
        from shop.site import app
        for command in {commands!r}:
            result = app.test_cli_runner().invoke(args=["db", command])
            print(result.exit_code, result.stdout, result.stderr, sep="|", end="")
    """
    said = sqlite_project.python_code(code).stdout

    assert said == (
        f"1||Error: There is no migrations directory 'migrations'; looked for it at "
        f"{root}/migrations, {root}/shop/migrations.\n"
        "Hint: Create it: flask db init, or name another one: --directory\n"
    ) * len(commands)
    assert sqlite_project.tables() == set()


def test_the_working_directory_comes_before_the_package(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "--rev-id", "beside")
    elsewhere = sqlite_project.path / "elsewhere"
    elsewhere.mkdir()
    code = """
        import os
        from app import app
        os.chdir("elsewhere")
        run = app.test_cli_runner().invoke
        print(run(args=["db", "heads"]).stdout, end="")
        os.mkdir("migrations")
        print(run(args=["db", "heads"]).stdout or "nothing")
    """

    assert sqlite_project.python_code(code).stdout == "beside (head)\nnothing\n"


def test_a_directory_is_started_once(sqlite_project):
    sqlite_project.models(USER_WITH_PHONE)
    sqlite_project.db("init")
    before = contents(sqlite_project.path)

    done = sqlite_project.db("init", exit_code=1)

    assert done.stderr == (
        f"Error: Directory {sqlite_project.path / 'migrations'} already exists and is not empty; "
        "nothing was changed.\n"
        "Hint: It may be set up already: flask db history. For another one: --directory\n"
    )
    assert contents(sqlite_project.path) == before
