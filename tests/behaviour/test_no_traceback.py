"""Whatever a person does wrong is a sentence; the traceback is there for who asks."""

import os
import signal
import subprocess
import sys
import time

import pytest

from flask_migrate.errors import MigrateError
from tests.behaviour.application import contents
from tests.support.project import APPLICATION, USER

TRACEBACK = "Traceback (most recent call last):\n"
DEBUG = "Hint: --debug shows the traceback: flask --debug db ...\n"

ENVIRONMENTS = {
    "a syntax error": (
        "from alembic import context\n\nif True\n",
        "Error: The migrations could not run, SyntaxError in {env}, line 3: expected ':'.\n"
        + DEBUG,
    ),
    "an error of its own": (
        "from alembic import context\n\n{}['nothing']\n",
        "Error: The migrations could not run, KeyError in {env}, line 3: 'nothing'.\n" + DEBUG,
    ),
    "a module that is not installed": (
        "import flask_nothing\n",
        "Error: The migrations could not run, ModuleNotFoundError in {env}, line 1: No module "
        "named 'flask_nothing'.\n" + DEBUG,
    ),
    "a file that is missing": (
        "open('/nowhere/at/all')\n",
        "Error: The migrations could not run, FileNotFoundError in {env}, line 1: [Errno 2] No "
        "such file or directory: '/nowhere/at/all'.\n" + DEBUG,
    ),
    "bytes that are no text": (
        b"x = 'caf\xe9'\n",
        "Error: The migrations could not run, SyntaxError in {env}, line 1: (unicode error) "
        "'utf-8' codec can't decode byte 0xe9 in position 3: unexpected end of data.\n" + DEBUG,
    ),
    "nothing": (
        None,
        (
            "Error: The migrations directory {directory} has no env.py.\n"
            "Hint: Restore it, or take the one that flask db init writes in a new directory.\n"
        ),
    ),
}


@pytest.mark.parametrize(("source", "said"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_an_env_file_that_fails_is_named_with_its_line(
    sqlite_application, monkeypatch, source, said
):
    application = sqlite_application
    application.users()
    env = application.path / "migrations" / "env.py"
    env.unlink()
    if source is not None:
        env.write_bytes(source.encode() if isinstance(source, str) else source)
    before = contents(application.path)
    said = said.format(env=env, directory=env.parent)

    for command in ("upgrade", "current", "migrate", "check", "upgrade --sql", "stamp"):
        done = application.run(*command.split(), exit_code=1)
        assert (done.stdout, done.stderr) == ("", said)
    application.run("history"), application.run("heads")
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert application.run("current", exit_code=1).stderr.startswith(f"{said}{TRACEBACK}")
    assert contents(application.path) == before


COMPARES = """
def compare_type(*arguments):
    return arguments[3].nothing  # here


migrate = Migrate(app, db, compare_type=compare_type)
"""


def test_an_error_in_a_function_of_the_application_is_told_with_its_line(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate")
    sqlite_project.db("upgrade")
    sqlite_project.models(USER, COMPARES)
    text = (sqlite_project.path / "app.py").read_text().splitlines()
    line = next(number for number, one in enumerate(text, 1) if "# here" in one)

    said = sqlite_project.db("check", exit_code=1).stderr

    assert f"AttributeError in app.py, line {line}: " in said


INI_FILES = {
    "no section": (
        "script_location = x\n",
        "Error: {ini} cannot be read: File contains no section headers.",
    ),
    "an option twice": (
        "[alembic]\nfile_template = a\nfile_template = b\n",
        "Error: {ini} cannot be read: While reading from ",
    ),
    "a single percent sign": (
        "[alembic]\nfile_template = %(rev)s\n",
        (
            "Error: {ini} cannot be used: Bad value substitution: option 'file_template' in "
            "section "
            "'alembic' contains an interpolation key 'rev' which is not a valid option name. Raw "
            "value: '%(rev)s'.\nHint: Correct the setting; a percent sign is doubled there.\n"
        ),
    ),
    "bytes that are no text": (b"[alembic]\n# \xff\n", "Error: {ini} cannot be read: "),
    "a number that is none": (
        "[alembic]\ntruncate_slug_length = many\n",
        (
            "Error: {ini} cannot be used: invalid literal for int() with base 10: 'many'.\n"
            "Hint: Correct the setting; a percent sign is doubled there.\n"
        ),
    ),
    "a time zone that does not exist": (
        "[alembic]\ntimezone = Europe/Atlantis\n",
        "Error: Can't locate timezone: Europe/Atlantis.\n",
    ),
    "a template of names that makes no sense": (
        "[alembic]\nfile_template = %%(nothing)s\n",
        "Error: ",
    ),
}


@pytest.mark.parametrize(("text", "said"), INI_FILES.values(), ids=INI_FILES)
def test_an_ini_file_that_makes_no_sense_is_named(sqlite_application, text, said):
    application = sqlite_application
    ini = application.path / "migrations" / "alembic.ini"
    ini.write_bytes(text.encode() if isinstance(text, str) else text)
    before = contents(application.path)

    done = application.run("revision", "-m", "x", exit_code=1)

    assert done.stdout == ""
    assert done.stderr.startswith(said.format(ini=ini))
    assert TRACEBACK not in done.stderr
    assert contents(application.path) == before


def test_a_directory_without_its_ini_file_works(sqlite_application):
    (sqlite_application.path / "migrations" / "alembic.ini").unlink()

    sqlite_application.run("revision", "-m", "x")
    sqlite_application.run("upgrade")

    assert sqlite_application.tables() == {"alembic_version"}


@pytest.mark.parametrize(
    ("template", "said"),
    {
        "missing": (
            None,
            (
                "Error: The template {template} cannot be read: No such file or directory.\n"
                "Hint: A migrations directory needs it: make a new one with flask db init -d "
                "other, "
                "and copy it from there.\n"
            ),
        ),
        "an unknown name": (
            "${nothing.at_all}",
            (
                "Error: The template {template} failed: AttributeError: 'Undefined' object has no "
                "attribute 'at_all'.\nHint: Correct it; nothing was written.\n"
            ),
        ),
        "a syntax error": (
            "<%\nif\n%>",
            "Error: The template {template} failed: SyntaxException: ",
        ),
    }.values(),
)
def test_a_template_that_fails_is_named(sqlite_application, template, said):
    application = sqlite_application
    application.users()
    path = application.path / "migrations" / "script.py.mako"
    path.unlink()
    if template is not None:
        path.write_text(template)
    before = contents(application.path)

    for command in ("revision", "migrate"):
        done = application.run(command, "-m", "x", exit_code=1)
        assert done.problems.startswith(said.format(template=path))
        assert TRACEBACK not in done.stderr
    assert contents(application.path) == before


def test_a_migration_that_raises_is_named_with_its_line(application, monkeypatch):
    application.revision("a1", body="op.create_table('users', sa.Column('id', sa.Integer))")
    path = application.revision(
        "b2", "a1", body="raise LookupError('no such customer')", message="move customers"
    )

    done = application.run("upgrade", exit_code=1)

    line = path.read_text().splitlines().index("    raise LookupError('no such customer')") + 1
    assert done.stdout == ""
    assert done.problems.startswith(
        f"Error: The upgrade stopped in b2 'move customers': LookupError in {path}, line {line}: "
        "no such customer.\nHint: "
    )
    assert TRACEBACK not in done.stderr
    assert done.problems.endswith(
        "Hint: Nothing of this revision was kept; the database is at a1. Correct the cause and "
        "run the command again.\n"
    )
    assert application.execute("SELECT * FROM alembic_version") == [("a1",)]
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert TRACEBACK in application.run("upgrade", exit_code=1).stderr


def test_a_statement_that_the_database_refuses_is_shown(application, monkeypatch):
    application.revision("a1", body="op.execute('INSERT INTO nowhere VALUES (1)')")

    done = application.run("upgrade", exit_code=1)

    assert done.problems.startswith("Error: The upgrade stopped in a1 'a1': ")
    assert "nowhere" in done.problems.splitlines()[0]
    assert "\nHint: The statement was: INSERT INTO nowhere VALUES (1). " in done.problems
    assert "sqlalche.me" not in done.problems
    assert TRACEBACK not in done.stderr
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert TRACEBACK in application.run("upgrade", exit_code=1).stderr


NO_DATABASE = """
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)
migrate = Migrate(app, db)
"""
FACTORY = """
def create_app():
    raise LookupError("the settings are gone")
"""
UNSET = (
    "Error: The application does not say where its database is.\n"
    "Hint: Set app.config['SQLALCHEMY_DATABASE_URI'] before db.init_app(app), for example to "
    "sqlite:///app.db; an environment variable that it is taken from may be unset.\n"
)


def test_a_missing_address_is_a_sentence(sqlite_project):
    sqlite_project.write("app.py", NO_DATABASE)

    done = sqlite_project.db("upgrade", exit_code=1)

    assert (done.stdout, done.stderr) == ("", UNSET)
    assert sqlite_project.db("upgrade", exit_code=1, FLASK_DEBUG="1").stderr.startswith(
        f"{UNSET}{TRACEBACK}"
    )


def test_a_factory_that_raises_shows_its_traceback_below_a_sentence(sqlite_project):
    sqlite_project.write("app.py", FACTORY)

    done = sqlite_project.db("upgrade", exit_code=1)

    assert done.stdout == ""
    assert done.stderr.startswith(
        "Error: The application could not be loaded, LookupError: the settings are gone\n"
        f"Hint: The traceback below is that of the application.\n{TRACEBACK}"
    )
    assert 'raise LookupError("the settings are gone")' in done.stderr
    assert done.stderr.count(TRACEBACK) == 1


def test_an_application_without_migrate_is_told_what_to_call(sqlite_project):
    sqlite_project.write("app.py", "from flask import Flask\n\napp = Flask('shop')\n")

    done = sqlite_project.db("upgrade", exit_code=1)

    assert (done.stdout, done.stderr) == (
        "",
        (
            "Error: No such command 'db': the application 'shop' has no migrations set up.\n"
            "Hint: Call Migrate(app, db), or migrate.init_app(app, db) in the application "
            "factory.\n"
        ),
    )


def test_an_application_that_renamed_the_group_is_told_the_name(sqlite_project):
    text = APPLICATION.replace("Migrate(app, db)", "Migrate(app, db, command='database')")
    sqlite_project.write("app.py", text)

    done = sqlite_project.db("upgrade", exit_code=1)

    assert done.stderr == (
        "Error: No such command 'db': the application 'app' named it 'database'.\n"
        "Hint: flask database --help\n"
    )
    assert (
        "Migrate the databases of the application."
        in sqlite_project.run("-m", "flask", "database", "--help").stdout
    )


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("nowhere", "Could not import 'nowhere'."),
        ("app:nothing", "Failed to find attribute 'nothing' in 'app'."),
        ("", "Could not locate a Flask application."),
    ],
)
def test_a_wrong_flask_app_is_in_the_words_of_flask(sqlite_project, variable, said):
    if variable:
        sqlite_project.write("app.py", "")

    done = sqlite_project.db("upgrade", exit_code=2, FLASK_APP=variable)

    assert f"Error: {said}" in done.stderr
    assert TRACEBACK not in done.stderr


def test_flask_migrate_installed_besides_is_noticed(sqlite_project):
    sqlite_project.models(USER)
    info = sqlite_project.path / "site" / "Flask_Migrate-4.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Flask-Migrate\nVersion: 4.1.0\n")

    done = sqlite_project.db("init", exit_code=1, PYTHONPATH=str(info.parent))

    assert (done.stdout, done.stderr) == (
        "",
        (
            "Error: Flask-Migrate and flask-godwit are both installed, and both provide the "
            "package "
            "flask_migrate.\n"
            "Hint: Keep one: pip uninstall -y Flask-Migrate flask-godwit && pip install "
            "flask-godwit\n"
        ),
    )
    assert not (sqlite_project.path / "migrations").exists()


SLOW = """
import time
print("started", flush=True)
time.sleep(60)
"""


def interrupted(project, *arguments, waits_for):
    """Run a command, press ctrl-C once it has begun to work, and return what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "db", *arguments],
        cwd=project.path, env={**kept, **project.environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == waits_for
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    return process.returncode, stdout, stderr


def test_ctrl_c_during_a_migration_is_a_sentence(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "create users", "--rev-id", "a1")
    sqlite_project.db("revision", "-m", "slow", "--rev-id", "b2")
    (path,) = (path for path in sqlite_project.versions if path.name.startswith("b2"))
    path.write_text(path.read_text().replace("    pass", SLOW.replace("\n", "\n    "), 1))

    code, stdout, stderr = interrupted(sqlite_project, "upgrade", waits_for="started\n")

    assert code == 130
    assert stdout == ""
    assert stderr.endswith(
        "Interrupted: the upgrade stopped in b2 'slow'.\nHint: Nothing of this revision was kept; "
        "the database is at a1. To go on, run the command again.\n"
    )
    assert "Traceback" not in stderr
    assert sqlite_project.execute("SELECT * FROM alembic_version") == [("a1",)]


def test_ctrl_c_while_the_application_loads_is_a_sentence(sqlite_project):
    sqlite_project.write("app.py", SLOW)

    code, stdout, stderr = interrupted(sqlite_project, "upgrade", waits_for="started\n")

    assert code == 130
    assert (stdout, "Traceback" in stderr) == ("", False)


def test_what_a_function_raises_has_a_message_a_hint_and_a_code(sqlite_application):
    (sqlite_application.path / "migrations" / "env.py").write_text("1 / 0\n")

    with sqlite_application.context() as api, pytest.raises(MigrateError) as raised:
        api.current()

    assert raised.value.code == "environment-failed"
    assert str(raised.value) == f"{raised.value.message}\nHint: {raised.value.hint}"
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
