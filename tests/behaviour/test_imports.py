"""A web worker that only wants to be able to migrate pays nothing for it."""

import pytest

from tests.support.project import APPLICATION, USER

HEAVY = ("alembic", "mako", "rich", "flask_migrate.commands", "flask_migrate.execution")

LOADED = f"""
import sys
print(sorted(name for name in sys.modules if name.startswith({HEAVY!r})))
"""


@pytest.fixture(autouse=True)
def _cold(request):
    """Let every process load what it needs by itself."""
    name = "project" if "project" in request.fixturenames else "sqlite_project"
    request.getfixturevalue(name).is_warm = False


APPLICATIONS = {
    "the package": "import flask_migrate",
    "an application": APPLICATION,
    "an application that could": f"{APPLICATION}\nfrom flask_migrate import Migrate, upgrade",
    "the errors": "from flask_migrate import MigrateError\nimport flask_migrate.errors",
    "a request": (
        f"{APPLICATION}{USER}\n"
        "app.get('/')(lambda: str(db.session.query(User).all() if 0 else 'ok'))\n"
        "assert app.test_client().get('/').text == 'ok'"
    ),
}


@pytest.mark.parametrize("application", APPLICATIONS.values(), ids=APPLICATIONS)
def test_a_web_worker_loads_neither_alembic_nor_mako_nor_rich(sqlite_project, application):
    assert sqlite_project.python_code(f"{application}\n{LOADED}").stdout == "[]\n"


RUNNERS = ("on_sqlite", "on_server", "sqlite.", "locks.", "patience.")


@pytest.mark.parametrize("command", ["current", "upgrade", "check", "stamp"])
def test_a_command_that_moves_nothing_loads_nothing_that_moves(sqlite_project, command):
    sqlite_project.models(USER)
    for arguments in (("init",), ("migrate",), ("upgrade",)):
        sqlite_project.db(*arguments)

    loaded = sqlite_project.python_code(
        f"""
        import sys, flask_migrate
        from app import app
        with app.app_context():
            flask_migrate.{command}()
        runners = tuple("flask_migrate.execution." + name for name in {RUNNERS!r})
        print(sorted(name for name in sys.modules if name.startswith(runners)))
        """
    )

    assert loaded.stdout.splitlines()[-1] == "[]"


WRITERS = (
    "autogenerate.both_ways",
    "autogenerate.write",
    "autogenerate.explain",
    "declarations",
    "database.models",
    "database.scratch.statements",
)
READERS = {
    "sqlite": ("descriptions.sqlite", "snapshots.sqlite"),
    "postgresql": ("descriptions.postgresql", "snapshots.postgresql"),
    "mysql": ("descriptions.mysql", "snapshots.mysql"),
}


def test_a_check_that_finds_nothing_loads_neither_what_writes_nor_what_reads_others(project):
    project.models(USER)
    for arguments in (("init",), ("migrate",), ("upgrade",)):
        project.db(*arguments)

    loaded = project.python_code(
        """
        import sys, flask_migrate
        from app import app
        with app.app_context():
            flask_migrate.check()
        for name in sys.modules:
            print(name.removeprefix("flask_migrate."))
        """
    ).stdout.splitlines()

    kind = project.url.partition(":")[0].partition("+")[0]
    others = [one for name, several in READERS.items() if name != kind for one in several]
    assert [name for name in loaded if name.startswith(WRITERS)] == []
    assert set(loaded).issuperset(f"database.{one}" for one in READERS[kind])
    assert set(loaded).isdisjoint(f"database.{one}" for one in others)


def test_a_command_ends_without_a_search_for_garbage_and_collects_until_then(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate")
    sqlite_project.db("upgrade")

    done = sqlite_project.python_code(
        """
        import atexit, gc
        from app import app
        atexit.register(lambda: print(gc.get_freeze_count() > 0))
        for _ in range(2):
            assert app.test_cli_runner().invoke(args=["db", "check"]).exit_code == 0
            print(gc.isenabled(), gc.get_freeze_count())
        """
    )

    assert done.stdout == "True 0\nTrue 0\nTrue\n"


def test_a_database_of_one_kind_loads_what_moves_that_kind(project):
    project.models(USER)
    for arguments in (("init",), ("migrate",)):
        project.db(*arguments)

    loaded = project.python_code(
        """
        import sys, flask_migrate
        from app import app
        with app.app_context():
            flask_migrate.upgrade()
        print([name for name in ("on_sqlite", "on_server")
               if "flask_migrate.execution." + name in sys.modules])
        """
    )

    expected = "on_sqlite" if project.url.startswith("sqlite") else "on_server"
    assert loaded.stdout.splitlines()[-1] == f"['{expected}']"


def test_every_name_of_flask_migrate_is_there(sqlite_project):
    done = sqlite_project.python_code(
        """
        from flask_migrate import (
            Config, command, AlembicConfig, CommandError, Migrate, alembic_version, list_templates,
            init, revision, migrate, edit, merge, upgrade, downgrade, show, history, heads,
            branches, current, stamp, check,
        )
        from flask_migrate import *
        import alembic, alembic.command, alembic.config, alembic.util, flask_migrate
        assert command is alembic.command
        assert AlembicConfig is alembic.config.Config and issubclass(Config, AlembicConfig)
        assert CommandError is alembic.util.CommandError
        assert ".".join(map(str, alembic_version)) == alembic.__version__
        try:
            flask_migrate.nothing
        except AttributeError as error:
            print(error)
        """
    )

    assert done.stdout == "module 'flask_migrate' has no attribute 'nothing'\n"


def test_the_functions_stay_functions_after_every_command(sqlite_project):
    sqlite_project.models(USER)
    done = sqlite_project.python_code(
        """
        import types
        import flask_migrate
        from app import app
        from flask_migrate.cli.group import db as group

        run = app.test_cli_runner().invoke
        once = ["init", "migrate", "upgrade", "list-templates"]
        names = [*once, *sorted(set(group.list_commands(None)) - set(once))]
        for name in names:
            run(args=["db", name])
            run(args=["db", name, "--help"])
        functions = [name.replace("-", "_") for name in names]
        print(len(names), all(
            isinstance(getattr(flask_migrate, name), types.FunctionType) for name in functions
        ))
        """,
        EDITOR="true",
    )

    assert done.stdout == "16 True\n"
