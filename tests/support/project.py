"""A Flask application on disk, driven the way a person drives it."""

import os
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.support.warm import warm

SECONDS = 120

APPLICATION = """
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)
migrate = Migrate(app, db)

"""

USER = """
class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
"""

USER_WITH_PHONE = f"""{USER}    phone = db.Column(db.String(20), nullable=True)
"""


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a command said.

    Attributes:
        exit_code: How it ended.
        stdout: What it wrote to standard output.
        stderr: What it wrote to standard error.
    """

    exit_code: int
    stdout: str
    stderr: str

    @property
    def problems(self) -> str:
        """What it wrote to standard error, what Alembic logs left out."""
        lines = self.stderr.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(("INFO ", "DEBUG ")))


class Project:
    """A Flask application in a directory of its own.

    Args:
        path: The directory.
        url: The address of its database, as DATABASE_URL.
        python: The interpreter, to drive it with another environment.

    Attributes:
        prefix: A program that runs the interpreter, such as one that makes it another user's.
        is_warm: Whether commands may run where the modules of others are loaded already. Not so
            where a test is about what is loaded, or when.
    """

    def __init__(self, path: Path, url: str, *, python: str = sys.executable) -> None:
        self.path = path
        self.url = url
        self.python = python
        self.prefix: tuple[str, ...] = ()
        self.is_warm = True
        self.environment = {"DATABASE_URL": url, "FLASK_APP": "app.py"}
        path.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project, and return its path."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def models(self, *definitions: str) -> None:
        """Write `app.py` with these definitions after `db`."""
        self.write("app.py", APPLICATION + "\n".join(map(textwrap.dedent, definitions)))

    def db(self, *arguments: str, exit_code: int | None = 0, **environment: str) -> Completed:
        """Run ``flask db ...`` and return what it said.

        Args:
            *arguments: What follows ``flask db``.
            exit_code: How it must end; None for anyhow.
            **environment: Variables besides the project's own.
        """
        return self.run("-m", "flask", "db", *arguments, exit_code=exit_code, **environment)

    def python_code(self, code: str, exit_code: int | None = 0, **environment: str) -> Completed:
        """Run Python code in the directory of the project, and return what it said."""
        return self.run("-c", textwrap.dedent(code), exit_code=exit_code, **environment)

    def run(self, *arguments: str, exit_code: int | None = 0, **environment: str) -> Completed:
        """Run Python in the directory of the project, and return what it said."""
        variables = self.variables(**environment)
        completed = self._run_warm(arguments, variables) or self._run_cold(arguments, variables)
        if exit_code is not None:
            said = f"{completed.stdout}\n{completed.stderr}"
            assert completed.exit_code == exit_code, f"exit code {completed.exit_code}:\n{said}"
        return completed

    def _run_warm(self, arguments, variables) -> Completed | None:
        """Run Python in a fork, and return what it said; None if it must start from nothing."""
        if self.prefix or not self.is_warm or arguments[0] not in {"-c", "-m"}:
            return None
        with tempfile.TemporaryDirectory() as directory:
            streams = [Path(directory, name) for name in ("stdout", "stderr")]
            for stream in streams:
                stream.touch()
            exit_code = warm(self.python).run(
                arguments,
                directory=self.path,
                variables=variables,
                streams=streams,
                seconds=SECONDS,
            )
            if exit_code is None:
                return None
            stdout, stderr = (stream.read_text("utf-8") for stream in streams)
        return Completed(exit_code=exit_code, stdout=stdout, stderr=stderr)

    def _run_cold(self, arguments, variables) -> Completed:
        """Run Python as a person does, and return what it said."""
        done = subprocess.run(
            [*self.prefix, self.python, *arguments],
            cwd=self.path,
            env=variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Completed(exit_code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def variables(self, **more: str) -> dict[str, str]:
        """Return the environment of a command: ours, that of the project, and more."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
        return {**kept, **self.environment, **more}

    @property
    def versions(self) -> list[Path]:
        """The revision files, by name."""
        return sorted(self.path.glob("migrations/versions/*.py"))

    def newest(self) -> str:
        """Return the revision file that was written last."""
        return max(self.versions, key=lambda path: path.stat().st_mtime_ns).read_text("utf-8")

    def creation_date(self) -> str:
        """Return the date in the revision file that was written last."""
        label = "Create Date: "
        lines = self.newest().splitlines()
        return next(line.removeprefix(label) for line in lines if line.startswith(label))

    def execute(self, statement: str) -> list[tuple]:
        """Run one statement on the database, and return its rows."""
        engine = sa.create_engine(self.sync_url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            result = connection.execute(sa.text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []

    def tables(self) -> set[str]:
        """Return the tables of the database."""
        engine = sa.create_engine(self.sync_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return set(sa.inspect(connection).get_table_names())

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table, in order."""
        engine = sa.create_engine(self.sync_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return [column["name"] for column in sa.inspect(connection).get_columns(table)]

    @property
    def sync_url(self) -> str:
        """The address of the database with a synchronous driver."""
        drivers = {"+asyncpg": "+psycopg", "+aiosqlite": ""}
        url = self.url
        for asynchronous, synchronous in drivers.items():
            url = url.replace(asynchronous, synchronous, 1)
        return url
