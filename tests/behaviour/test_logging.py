"""Logging belongs to the application. On the command line, Alembic is heard once, on stderr."""

import logging
import logging.config

import pytest

from flask_migrate.errors import MigrateError
from tests.support.project import USER

OLD_INI = """
[alembic]

[loggers]
keys = root,alembic,flask_migrate

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARN
handlers = console
qualname =

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[logger_flask_migrate]
level = INFO
handlers =
qualname = flask_migrate

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
"""

TAKING_OVER = {
    "fileConfig": "from logging.config import fileConfig; fileConfig(config.config_file_name)",
    "fileConfig of the module": "logging.config.fileConfig(config.config_file_name)",
    "dictConfig": "logging.config.dictConfig({'version': 1, 'root': {'level': 'DEBUG'}})",
    "basicConfig": "logging.basicConfig(level=logging.DEBUG, force=True)",
    "setLevel": "logging.getLogger('alembic').setLevel(5); logging.getLogger().handlers.clear()",
    "disable": "logging.disable(logging.CRITICAL)",
}

ENV = """
import logging
import logging.config

from alembic import context
from flask import current_app

config = context.config
{takes_over}
logger = logging.getLogger("alembic.env")
database = current_app.extensions["migrate"].db


def directives(context, revision, found):
    if getattr(config.cmd_opts, "autogenerate", False) and found[0].upgrade_ops.is_empty():
        found[:] = []
        logger.info("No changes in schema detected.")


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        process_revision_directives=directives,
    )
    with context.begin_transaction():
        context.run_migrations()
"""


def state_of_logging():
    """Return everything that one can set on a logger, of every logger there is."""
    loggers = [logging.getLogger()]
    loggers += [
        one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)
    ]
    # What has just been made, and says nothing, is as if it were not there.
    fresh = (0, (), (), False, True)
    states = {
        one.name: (
            one.level,
            tuple((handler, handler.level, handler.formatter) for handler in one.handlers),
            tuple(one.filters),
            one.disabled,
            one.propagate,
        )
        for one in loggers
    }
    kept = {name: state for name, state in states.items() if state != fresh}
    return kept, logging.root.manager.disable


@pytest.fixture
def loggers_of_an_application():
    """Loggers as an application has them: handlers, levels and filters of its own."""
    handler = logging.NullHandler()
    quiet, alembic = logging.getLogger("shop.quiet"), logging.getLogger("alembic")
    quiet.addHandler(handler)
    quiet.addFilter(print)
    quiet.setLevel(logging.ERROR)
    quiet.propagate = False
    level, alembic.level = alembic.level, logging.ERROR
    yield
    quiet.removeHandler(handler)
    quiet.removeFilter(print)
    quiet.setLevel(logging.NOTSET)
    quiet.propagate = True
    alembic.setLevel(level)


@pytest.mark.parametrize("takes_over", TAKING_OVER.values(), ids=TAKING_OVER)
def test_a_command_function_leaves_logging_as_it_was(
    sqlite_application, loggers_of_an_application, takes_over
):
    sqlite_application.write("migrations/alembic.ini", OLD_INI)
    sqlite_application.write("migrations/env.py", ENV.format(takes_over=takes_over))
    sqlite_application.users()
    before = state_of_logging()

    with sqlite_application.context() as api:
        for verb in (api.migrate, api.upgrade, api.current, api.check, api.migrate, api.history):
            verb()
            assert state_of_logging() == before
        sqlite_application.users(name="orders")
        api.migrate()
        api.upgrade()
        api.stamp()
        api.downgrade()
        api.heads(), api.show(), api.branches(), api.upgrade(sql=True)

    assert state_of_logging() == before


@pytest.mark.parametrize("takes_over", TAKING_OVER.values(), ids=TAKING_OVER)
def test_a_function_that_fails_leaves_logging_as_it_was(sqlite_application, takes_over):
    sqlite_application.write("migrations/alembic.ini", OLD_INI)
    sqlite_application.write("migrations/env.py", ENV.format(takes_over=takes_over) + "1 / 0\n")
    before = state_of_logging()

    with sqlite_application.context() as api, pytest.raises(MigrateError):
        api.current()

    assert state_of_logging() == before


def test_the_command_line_leaves_logging_as_it_was(sqlite_application, loggers_of_an_application):
    sqlite_application.users()
    before = state_of_logging()

    for command in ("migrate", "upgrade", "current", "check", "downgrade"):
        sqlite_application.run(command)

    assert state_of_logging() == before


APPLICATION_LOGS = {
    "nothing": "",
    "basicConfig": "import logging\nlogging.basicConfig(level=logging.DEBUG)\n",
    "a root handler that writes JSON": """
import json, logging, sys
class AsJson(logging.Formatter):
    def format(self, record):
        return json.dumps({"message": record.getMessage()})
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(AsJson())
logging.basicConfig(level=logging.INFO, handlers=[handler])
""",
    "a root handler that writes a file": """
import logging
logging.basicConfig(level=logging.INFO, filename="shop.log")
""",
    "dictConfig": """
import logging.config
logging.config.dictConfig({
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"level": "INFO", "handlers": ["console"]},
})
""",
}


@pytest.mark.parametrize("logs", APPLICATION_LOGS.values(), ids=APPLICATION_LOGS)
def test_alembic_is_heard_once_on_standard_error(sqlite_project, logs):
    # It matters whether there are loggers already when the application sets up its logs.
    sqlite_project.is_warm = False
    sqlite_project.models(logs, USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "create users", "--rev-id", "a1")

    done = sqlite_project.db("upgrade")

    assert done.stderr == (
        "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.\n"
        "INFO  [alembic.runtime.migration] Will assume transactional DDL.\n"
        "INFO  [alembic.runtime.migration] Running upgrade  -> a1, create users\n"
    )
    assert done.stdout == ""
    log = sqlite_project.path / "shop.log"
    assert not log.exists() or "Running upgrade" not in log.read_text()


def test_an_application_that_handles_alembic_itself_is_not_doubled(sqlite_project):
    sqlite_project.models(
        """
        import logging
        handler = logging.FileHandler("alembic.log")
        logging.getLogger("alembic").addHandler(handler)
        logging.getLogger("alembic").setLevel(logging.INFO)
        """,
        USER,
    )
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "create users", "--rev-id", "a1")

    done = sqlite_project.db("upgrade")

    log = (sqlite_project.path / "alembic.log").read_text()
    assert log.count("Running upgrade  -> a1, create users") == 1
    assert "Running upgrade" not in done.stderr


def test_an_old_directory_says_the_same_lines_once(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.write("migrations/alembic.ini", OLD_INI)
    takes_over = TAKING_OVER["fileConfig"]
    sqlite_project.write("migrations/env.py", ENV.format(takes_over=takes_over))
    migrated = sqlite_project.db("migrate", "-m", "create users", "--rev-id", "a1")
    upgraded = sqlite_project.db("upgrade")
    again = sqlite_project.db("migrate")

    head = (
        "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.\n"
        "INFO  [alembic.runtime.migration] Will assume non-transactional DDL.\n"
    )
    assert migrated.stderr == f"{head}INFO  [alembic.autogenerate.compare.tables] {DETECTED}\n"
    assert upgraded.stderr == (
        f"{head.replace('non-', '')}"
        "INFO  [alembic.runtime.migration] Running upgrade  -> a1, create users\n"
    )
    assert again.stderr == f"{head}INFO  [flask_migrate] No changes in schema detected.\n"


DETECTED = "Detected added table 'users'"
