"""What a person does with a migrations directory, each step checked in the database itself."""

from tests.support.project import USER, USER_WITH_PHONE


def tour(project, *arguments, before=(USER,), after=(USER_WITH_PHONE,), clean=True):
    """Create the table, change it, and go all the way back.

    Args:
        project: A project with a migrations directory and an empty database.
        *arguments: What every command is given after ``flask db``.
        before: The models as they are first.
        after: The models with a column `phone`.
        clean: Whether no command may write anything but its log to standard error.
    """

    def db(*command, exit_code=0):
        done = project.db(*arguments, *command, exit_code=exit_code)
        assert not (clean and exit_code == 0 and done.problems), done.problems
        return done

    project.models(*before)
    files = project.entries()
    db("migrate", "-m", "create users", "--rev-id", "a1")
    assert "op.create_table('users'" in project.newest()

    sql = db("upgrade", "--sql").stdout
    assert "CREATE TABLE users" in sql
    assert "'a1'" in sql
    assert "users" not in project.tables()

    db("upgrade")
    assert "users" in project.tables()
    db("check")
    assert "a1 (head)" in db("current").stdout
    project.execute("INSERT INTO users (id, name) VALUES (1, 'Ada')")

    project.models(*after)
    db("check", exit_code=1)
    db("migrate", "-m", "add phone", "--rev-id", "b2")
    assert "'phone'" in project.newest()
    again = db("history", "-i").stdout
    assert "<base> -> a1 (current), create users" in again
    db("upgrade")
    assert project.execute("SELECT id, name, phone FROM users") == [(1, "Ada", None)]
    if clean:
        assert db("migrate").stdout == ""

    db("downgrade")
    assert project.execute("SELECT * FROM users") == [(1, "Ada")]
    db("stamp", "head")
    assert "b2 (head)" in db("current").stdout
    db("stamp", "a1")
    db("downgrade", "base")
    assert "users" not in project.tables()
    assert db("current").stdout == ""
    assert project.entries() == files
