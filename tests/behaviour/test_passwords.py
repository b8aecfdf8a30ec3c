"""Awkward passwords and names work, and no password is ever printed."""

import json
import os
import secrets
from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy as sa

from tests.behaviour.application import contents
from tests.support.databases import PREFIX, VARIABLES, NoServer
from tests.support.project import APPLICATION, USER

# Every character that means something in an address, an ini file, a format or a shell.
SECRET = "s3%40cr't\"s :/@?#é%s"  # noqa: S105  (it opens what the test itself makes)
PLAIN = "Tr0ub4dor-and-3"
AWKWARD = {"postgresql": "%@:/ 'é", "mariadb": "%@: 'é"}

SAY_USER = {
    "postgresql": ("CREATE USER {user} PASSWORD {password}", "DROP USER {user}"),
    "mariadb": ("CREATE USER {user} IDENTIFIED BY {password}", "DROP USER {user}"),
}
SAY_DATABASE = {
    "postgresql": ("CREATE DATABASE {name} OWNER {user}", "DROP DATABASE {name} WITH (FORCE)"),
    "mariadb": (
        "CREATE DATABASE {name}; GRANT ALL ON {pattern}.* TO {user}",
        "DROP DATABASE {name}",
    ),
}


@pytest.fixture(params=["postgresql", "mariadb"])
def awkward_url(request):
    """The address of a database whose name, user and password are full of special characters."""
    dialect = request.param
    if not os.environ.get(VARIABLES[dialect]):
        raise NoServer(dialect)
    engine = sa.create_engine(
        os.environ[VARIABLES[dialect]], isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    quote = engine.dialect.identifier_preparer.quote_identifier
    unique = f"{PREFIX}{secrets.token_hex(4)}"
    name, user = f"{unique}{AWKWARD[dialect]}", f"{unique} @:%"
    # PyMySQL sends passwords in Latin-1, whatever the server takes.
    secret = SECRET if dialect == "postgresql" else SECRET.replace("é", "e")
    password = "'" + secret.replace("'", "''").replace("%", "%%") + "'"
    words = {"user": quote(user), "name": quote(name), "password": password, "pattern": quote(name)}
    made = [*SAY_USER[dialect][:1], *SAY_DATABASE[dialect][0].split("; ")]
    with engine.connect() as connection:
        try:
            for statement in made:
                connection.exec_driver_sql(statement.format(**words))
            yield engine.url.set(username=user, password=secret, database=name)
        finally:
            for statement in (SAY_DATABASE[dialect][1], SAY_USER[dialect][1]):
                connection.exec_driver_sql(statement.format(**words))


def seen(secret, *texts):
    """Return whether a password can be read in a text, quoted or not."""
    forms = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), repr(secret)[1:-1]}
    return [form for form in forms for text in texts if form in text]


OLD_ENV = """
from alembic import context
from flask import current_app
from sqlalchemy import engine_from_config, pool

config = context.config
database = current_app.extensions["migrate"].db
url = database.engine.url.render_as_string(hide_password=False).replace("%", "%%")
config.set_main_option("sqlalchemy.url", url)

if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata)
        with context.begin_transaction():
            context.run_migrations()
"""


@pytest.mark.parametrize("env", [None, OLD_ENV], ids=["our env.py", "an env.py with ini options"])
def test_awkward_names_and_passwords_work_and_stay_secret(make_application, awkward_url, env):
    application = make_application(awkward_url.render_as_string(hide_password=False))
    application.run("init")
    if env:
        application.write("migrations/env.py", env)
    application.users()

    said = [
        application.run(*command.split())
        for command in (
            "migrate -m first --json", "upgrade", "current -v", "current --json", "check",
            "history -i", "upgrade --sql", "downgrade --json", "stamp head", "ensure-version",
        )
    ]  # fmt: skip

    assert application.tables() == {"alembic_version"}
    (target,) = json.loads(said[3].stdout)["targets"]
    assert sa.make_url(target["url"]).database == awkward_url.database
    assert not seen(
        awkward_url.password, *(text for done in said for text in (done.stdout, done.stderr))
    )


REFUSED = {
    "a wrong password": (
        {"password": PLAIN},
        "Check user and password in the address of the database.",
    ),
    "a wrong user": (
        {"username": "nobody", "password": PLAIN},
        "Check user and password in the address of the database.",
    ),
    "a wrong port": (
        {"password": PLAIN, "port": 1},
        "Check that the server runs, and host and port in the address of the database.",
    ),
    "a wrong host": (
        {"password": PLAIN, "host": "nowhere.invalid"},
        "Check that the server runs, and host and port in the address of the database.",
    ),
    "a wrong database": (
        {"database": "godwit_test_nowhere"},
        "Create the database first, or correct its name in the address.",
    ),
}


@pytest.mark.parametrize(("changes", "hint"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    make_application, make_database, monkeypatch, dialect, changes, hint
):
    url = sa.make_url(make_database(dialect).url).set(**changes)
    application = make_application(url.render_as_string(hide_password=False))
    application.run("init")
    application.users()
    application.revision("a1")
    before = contents(application.path)
    with application.app.app_context():
        shown = application.db.engine.url.render_as_string(hide_password=True)

    for command in ("migrate", "upgrade", "history -i"):
        done = application.run(*command.split(), exit_code=1)
        assert done.stdout == ""
        assert done.stderr.startswith(f"Error: No connection to {shown}: ")
        assert done.stderr.endswith(f"\nHint: {hint}\n")
        assert not seen(url.password, done.stderr)
    answer = application.run("current", "--json", exit_code=1)
    assert json.loads(answer.stdout)["error"]["code"] == "database-unreachable"
    monkeypatch.setenv("FLASK_DEBUG", "1")
    traced = application.run("current", exit_code=1)

    assert "Traceback (most recent call last):" in traced.stderr
    assert not seen(url.password, answer.stdout, traced.stderr)
    assert contents(application.path) == before


QUOTE = (
    "It looks like dialect+driver://user:***@host:port/database; special characters in the "
    "password are %-encoded: urllib.parse.quote(password, safe='')."
)
MISUNDERSTOOD = ("The address of the database cannot be understood.", QUOTE)
ADDRESS = f"ada:{PLAIN}@127.0.0.1/shop"
NONSENSE = {
    "an unquoted @:/": (
        f"postgresql+psycopg://ada:{PLAIN}@:/x{PLAIN}@127.0.0.1/shop",
        *MISUNDERSTOOD,
    ),
    "an unquoted @ before a colon": (
        f"postgresql+psycopg://ada:{PLAIN}@b:{PLAIN}@127.0.0.1/shop",
        *MISUNDERSTOOD,
    ),
    "no scheme": (ADDRESS, *MISUNDERSTOOD),
    "nothing": ("", *MISUNDERSTOOD),
    "a dialect that was renamed": (
        f"postgres://{ADDRESS}",
        "SQLAlchemy does not know the kind of database 'postgres'.",
        "SQLAlchemy calls it postgresql: postgresql:// or postgresql+psycopg://.",
    ),
    "a dialect that nobody knows": (
        f"nosuch+driver://{ADDRESS}",
        "SQLAlchemy does not know the kind of database 'nosuch.driver'.",
        "An address begins like sqlite:///, postgresql+psycopg:// or mysql+pymysql://.",
    ),
    "a driver that is not installed": (
        f"postgresql+pg8000://{ADDRESS}",
        "The driver 'pg8000' of the database is not installed.",
        "Install it: pip install 'pg8000'",
    ),
    "the usual driver is not installed": (
        f"mysql://{ADDRESS}",
        "The driver 'MySQLdb' of the database is not installed.",
        "Install it: pip install 'mysqlclient'",
    ),
}


@pytest.mark.parametrize(("url", "message", "hint"), NONSENSE.values(), ids=NONSENSE)
def test_an_address_that_makes_no_sense_is_a_sentence(sqlite_project, url, message, hint):
    said = f"Error: {message}\nHint: {hint}\n"
    sqlite_project.write("app.py", f"{APPLICATION}{USER}")

    done = sqlite_project.db("current", exit_code=1, DATABASE_URL=url, FLASK_DEBUG="1")

    assert done.stdout == ""
    assert done.stderr.startswith(f"{said}Traceback (most recent call last):\n")
    assert not seen(PLAIN, done.stderr)


def test_a_password_that_was_cut_at_an_at_sign_is_recognised(make_application, monkeypatch):
    application = make_application(f"postgresql+psycopg://ada:s3cr@tive-{PLAIN}@127.0.0.1/shop")
    application.run("init")
    monkeypatch.setenv("FLASK_DEBUG", "1")

    done = application.run("current", exit_code=1)

    assert done.stderr.startswith(
        "Error: No connection to postgresql+psycopg://ada:***@127.0.0.1/shop: the password in the "
        "address has an @ that is not quoted, and was cut there.\n"
        f"Hint: {QUOTE}\nTraceback (most recent call last):\n"
    )
    assert not seen(PLAIN, done.stderr)
    assert not seen("tive", done.stderr)


def test_what_is_secret_in_the_query_of_an_address_is_hidden(make_application, tmp_path):
    url = f"sqlite:///file:{tmp_path / 'one.db'}?uri=true&password={PLAIN}&auth_token=%40{PLAIN}"
    application = make_application(url)
    application.run("init")

    said = [application.run("current", "-v").stdout, application.run("current", "--json").stdout]

    assert "password=***" in said[0]
    assert not seen(PLAIN, *said)


def test_a_failing_application_does_not_print_its_address(sqlite_project):
    sqlite_project.write(
        "app.py",
        f"""
        def connect(address):
            raise ValueError(f"cannot use {{address}}")
        connect("postgresql://ada:{PLAIN}/x@127.0.0.1/shop")
        """,
    )

    done = sqlite_project.db("current", exit_code=1)

    assert done.stderr.startswith(
        "Error: The application could not be loaded, ValueError: cannot use "
        "postgresql://ada:***@127.0.0.1/shop\n"
        "Hint: The traceback below is that of the application.\n"
        "Traceback (most recent call last):\n"
    )
    assert not seen(PLAIN, done.stderr)
