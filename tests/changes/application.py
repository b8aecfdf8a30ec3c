"""An application without anything but models, driven in this process."""

import shutil
import warnings
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask

import flask_migrate
from flask_migrate import Migrate

BASE = "before"
_FIRST = '''"""The tables that there were."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = None


def upgrade():
{body}


def downgrade():
    raise NotImplementedError
'''


class Application:
    """An application with these models on this database.

    Args:
        database: The database.
        metadata: Its models.
        directory: Its migrations directory.
        **options: What `Migrate` is given besides.
    """

    def __init__(self, database, metadata, directory, **options):
        self.engine = sa.create_engine(database.url, poolclass=sa.NullPool)
        self.directory = directory
        # Not beside the tests: Godwit looks there for models that nobody imported.
        self._app = Flask("app", root_path=str(directory), instance_path=str(directory))
        Migrate(
            self._app, engine=self.engine, metadata=metadata, directory=str(directory), **options
        )

    @contextmanager
    def running(self):
        """Be in the application's context, with warnings as in a process of its own."""
        with self._app.app_context(), warnings.catch_warnings(action="ignore"):
            yield flask_migrate


def new_directory(path, database):
    """Make a migrations directory as `flask db init` does."""
    with Application(database, sa.MetaData(), path).running() as verbs:
        verbs.init()
    return path


def directory_with_history(template, path, metadata):
    """Copy a migrations directory, and write a first revision that tells of these tables.

    It is never run: the tables are made by `create_all()`.
    """
    shutil.copytree(template, path)
    lines = [
        f"    op.create_table({table.name!r}, schema={table.schema!r})"
        for table in metadata.sorted_tables
    ]
    lines += [
        f"    op.execute(sa.schema.CreateSequence(sa.Sequence({name!r})))"
        for name in sorted(metadata._sequences)
    ]
    lines += [f"    # The models declare the {name}." for name in metadata.info.get("code", ())]
    text = _FIRST.format(revision=BASE, body="\n".join(lines or ["    pass"]))
    (path / "versions" / f"{BASE}.py").write_text(text, encoding="utf-8")
    return path
