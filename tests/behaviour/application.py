"""A Flask application in this process, for what does not need a process of its own."""

import os
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_migrate import Migrate, api
from tests.support.project import Completed


class Application:
    """A Flask application in this process, with migrations in a directory of its own.

    Args:
        path: The directory.
        url: The address of its database.
        binds: SQLALCHEMY_BINDS.
        **options: What `Migrate` takes.
    """

    def __init__(self, path, url, *, binds=None, **options):
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.app = Flask("shop", root_path=str(path))
        self.app.config["SQLALCHEMY_DATABASE_URI"] = url
        self.app.config["SQLALCHEMY_BINDS"] = binds or {}
        self.db = SQLAlchemy(self.app)
        Migrate(self.app, self.db, directory=str(path / "migrations"), **options)

    def users(self, *columns, bind_key=None, name="users"):
        """Add a table to the models."""
        metadata = self.db.metadatas[bind_key] if bind_key else self.db.metadata
        if bind_key:
            metadata.info["bind_key"] = bind_key
        return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)

    def run(self, *arguments, exit_code=0):
        """Run ``flask db ...`` in this process, and return what it said."""
        result = self.app.test_cli_runner().invoke(args=["db", *arguments])
        completed = Completed(
            exit_code=result.exit_code, stdout=result.stdout, stderr=result.stderr
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        if exit_code is not None:
            said = f"{completed.stdout}\n{completed.stderr}"
            assert completed.exit_code == exit_code, f"exit code {completed.exit_code}:\n{said}"
        return completed

    @contextmanager
    def context(self):
        """Enter an application context: inside, the functions of the package work."""
        with self.app.app_context():
            yield api

    def revision(
        self, revision, parents=None, *, body="pass", undo="pass", message="", **identifiers
    ):
        """Write a revision file by hand, and return its path."""
        identifiers = {"branch_labels": None, "depends_on": None, **identifiers}
        names = {"revision": revision, "down_revision": parents, **identifiers}
        lines = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        return self.write(
            f"migrations/versions/{revision}_.py",
            f'"""{message or revision}"""\nfrom alembic import op\nimport sqlalchemy as sa\n\n'
            f"{lines}\n\ndef upgrade():\n    {body}\n\n\ndef downgrade():\n    {undo}\n",
        )

    def write(self, name, text):
        """Write a file of the application, and return its path."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def versions(self):
        """The revision files, by name."""
        return sorted(self.path.glob("migrations/versions/*.py"))

    def tables(self):
        """Return the tables of the database."""
        with self.app.app_context(), self.db.engine.connect() as connection:
            return set(sa.inspect(connection).get_table_names())

    def execute(self, statement):
        """Run one statement on the database, and return its rows."""
        with self.app.app_context(), self.db.engine.begin() as connection:
            result = connection.execute(sa.text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []

    def close(self):
        """Let go of every database."""
        with self.app.app_context():
            self.db.session.remove()
            for engine in self.db.engines.values():
                engine.dispose()


def contents(directory: Path) -> dict[str, bytes]:
    """Return every file below a directory, but for databases and caches."""
    return {
        os.fspath(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
        and path.suffix not in (".db", ".db-journal")
        and "__pycache__" not in path.parts
    }
