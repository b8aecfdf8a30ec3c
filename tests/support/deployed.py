"""An application with a chain of revisions, to be migrated by processes that meet with faults."""

import json
import textwrap
import time
from pathlib import Path

import flask_migrate
from tests.compat.directories import write_directory
from tests.compat.env import flask_migrate as in_its_manner
from tests.support.dumps import LEASE, dump, other_sessions
from tests.support.project import Project
from tests.support.running import Running

APPLICATION = """
import json
import os

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
app.config.update(json.loads(os.environ.get("SETTINGS", "{}")))
db = SQLAlchemy(app)
migrate = Migrate(app, db, **json.loads(os.environ.get("MIGRATE", "{}")))


@sa.event.listens_for(sa.Engine, "connect")
def connected(connection, _):
    if "FOREIGN_KEYS" in os.environ:
        connection.execute("PRAGMA foreign_keys = ON")
    if "TRACE" in os.environ:
        connection.set_trace_callback(trace)


def trace(statement):
    with open(os.environ["TRACE"], "a") as file:
        print(" ".join(statement.split()), file=file)

"""

REVISION = '''"""{revision}, as a person wrote it."""

import os
import time

import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {down!r}


def upgrade():
{upgrade}


def downgrade():
{downgrade}
'''

_V4 = in_its_manner.V4
_BEGIN = "        with context.begin_transaction():\n            context.run_migrations()"
_SETS = """
            statement = {
                "sqlite": "PRAGMA cache_size = -2000",
                "postgresql": "SET search_path TO public",
                "mysql": "SET time_zone = '+00:00'",
            }[connection.dialect.name]
            context.execute(statement)
"""


_READS = _BEGIN.replace("\n", "\n            context.get_context().get_current_heads()\n")


def _replaced(text, old, new):
    assert text.count(old) == 1, old
    return text.replace(old, new)


def _in_autocommit(text):
    level = '.execution_options(isolation_level="AUTOCOMMIT")'
    return _replaced(
        text,
        "        context.configure(connection=",
        f"        connection = connection{level}\n        context.configure(connection=",
    )


ENVS = {
    "ours": (Path(flask_migrate.__file__).parent / "templates/flask/env.py").read_text("utf-8"),
    "flask-migrate-4": _V4,
    "include-schemas": _replaced(_V4, "**arguments)", "include_schemas=True, **arguments)"),
    "engine-begin": _replaced(
        _V4, "get_engine().connect() as connection", "get_engine().begin() as connection"
    ),
    "sets": _replaced(_V4, _BEGIN, _BEGIN.replace("\n", _SETS)),
    "reads": _replaced(_V4, _BEGIN, _READS),
    "autocommit": _in_autocommit(_V4),
    "autocommit-reads": _in_autocommit(_replaced(_V4, _BEGIN, _READS)),
    "autocommit-reads-and-commits": _in_autocommit(
        _replaced(_V4, _BEGIN, f"{_READS}\n        connection.commit()")
    ),
    "autocommit-begin": _replaced(
        _V4,
        "get_engine().connect() as connection",
        'get_engine().execution_options(isolation_level="AUTOCOMMIT").begin() as connection',
    ),
}
"""Texts of env.py, by name: ours, and that of Flask-Migrate 4, untouched and with an edit each."""


class Deployed(Project):
    """An application on an empty database, with a migrations directory and no revision yet.

    Args:
        path: Its directory.
        database: The database.
        env: Which of ENVS it has.
    """

    def __init__(self, path, database, *, env="ours"):
        super().__init__(path, database.url)
        self.database = database
        self.dialect = database.dialect
        self.revisions = {}
        self._running = []
        self.write("app.py", APPLICATION)
        write_directory(self, ENVS[env])

    def revision(self, revision, upgrade, downgrade="pass"):
        """Write a revision after those that were written, or write it anew; return its path."""
        known = [*self.revisions, revision]
        down = known[known.index(revision) - 1] if known.index(revision) else None
        bodies = {
            name: textwrap.indent(textwrap.dedent(body).strip(), "    ")
            for name, body in (("upgrade", upgrade), ("downgrade", downgrade))
        }
        path = self.path / f"migrations/versions/{revision}_.py"
        path.write_text(REVISION.format(revision=revision, down=down, **bodies), "utf-8")
        self.revisions[revision] = path
        return path

    def settings(self, **settings):
        """Set `app.config` of the commands that follow."""
        self.environment["SETTINGS"] = json.dumps(settings)

    def start(self, *arguments, **environment):
        """Start ``flask db ...`` and return it while it runs."""
        return self._start("-m", "flask", "db", *arguments, **environment)

    def start_code(self, code, **environment):
        """Start Python code in the directory of the project, and return it while it runs."""
        return self._start("-c", textwrap.dedent(code), **environment)

    def _start(self, *arguments, **environment):
        running = Running(
            [self.python, *arguments],
            path=self.path,
            environment=self.variables(**environment),
        )
        self._running.append(running)
        return running

    def dump(self):
        """Return the database as text, when nobody works on it any more."""
        self.wait_until_left_alone()
        return dump(self.database)

    def wait_until_left_alone(self, *, seconds=60):
        """Wait until the server has ended the sessions of processes that were killed."""
        deadline = time.monotonic() + seconds
        while self.dialect != "sqlite" and other_sessions(self.database):
            assert time.monotonic() < deadline, f"still in use after {seconds} s"
            time.sleep(0.05)

    def tables(self):
        """Return the tables of the database, but for one that is there while it is migrated."""
        return super().tables() - {LEASE}

    def applied(self):
        """Return the revisions in the version table."""
        if "alembic_version" not in self.tables():
            return []
        return sorted(row[0] for row in self.execute("SELECT version_num FROM alembic_version"))

    def close(self):
        """End what still runs."""
        for running in self._running:
            running.kill()
