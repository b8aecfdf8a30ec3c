"""The applications and histories that are measured with, as files."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from tools.bench.databases import Database
from tools.bench.running import run

# As an application has them: keys, texts, numbers, times with a default, what refers to another.
_MODELS = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = URL
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)


for schema in SCHEMAS:
    for number in range(TABLES):
        target = f"table_{max(number - 1, 0)}.id"
        type(f"Table{number}{schema}", (db.Model,), {
            "__tablename__": f"table_{number}",
            "__table_args__": {"schema": schema},
            "id": db.Column(db.Integer, primary_key=True),
            "name": db.Column(db.String(80), nullable=False, index=True),
            "code": db.Column(db.String(20), unique=True),
            "price": db.Column(db.Numeric(10, 2)),
            "is_open": db.Column(db.Boolean, nullable=False, default=False),
            "made": db.Column(db.DateTime, server_default=db.func.now()),
            "body": db.Column(db.Text),
            "other_id": db.Column(db.ForeignKey(f"{schema}.{target}" if schema else target)),
            **({"note": db.Column(db.String(40))} if number < CHANGED else {}),
        })
        if HAS_CHECKS:
            table = db.metadata.tables[f"{schema}.table_{number}" if schema else f"table_{number}"]
            condition = db.CheckConstraint("price > 0", name=f"table_{number}_price")
            table.append_constraint(condition)
"""
_MIGRATE = """
from flask_migrate import Migrate

Migrate(app, db, **OPTIONS)
"""
_COMMANDS = '''
from pathlib import Path


@app.cli.command("floor")
def floor():
    """Do what a command cannot do without: connect."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")


@app.cli.command("raw")
def raw():
    """Run statements, and nothing else."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        for statement in Path("raw.sql").read_text().splitlines():
            done = connection.exec_driver_sql(statement.replace("%", "%%"))
            if done.returns_rows:
                done.all()
        connection.commit()


@app.cli.command("alone")
def alone():
    """Load the revisions and run them in one transaction, and nothing else."""
    from importlib.util import module_from_spec, spec_from_file_location

    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    version = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32)))
    with db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        version.create(connection)
        connection.execute(sa.insert(version).values(version_num=""))
        with Operations.context(MigrationContext.configure(connection)):
            for path in sorted(Path("migrations/versions").glob("*.py")):
                spec = spec_from_file_location(path.stem, path)
                revision = module_from_spec(spec)
                spec.loader.exec_module(revision)
                revision.upgrade()
                connection.execute(sa.update(version).values(version_num=revision.revision))
        connection.commit()
'''
_REVISION = '''
"""step {number}

Revision ID: {name}
Revises: {parent}
"""
from alembic import op
import sqlalchemy as sa

revision = {name!r}
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade():
{upgrade}


def downgrade():
    pass
'''
_TABLE = """
op.create_table(
    "t{number}",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint("id"),
)
"""


@dataclass(frozen=True, kw_only=True)
class Application:
    """An application with models.

    Attributes:
        tables: How many tables there are in each schema, beside one.
        changed: How many of them have a column that the database has not.
        schemas: Their schemas; None is that of the connection.
        has_checks: Whether each has a CHECK, which only a server can say in its words.
    """

    tables: int = 0
    changed: int = 0
    schemas: Sequence[str | None] = (None,)
    has_checks: bool = False

    def write(self, path: Path, database: Database) -> None:
        """Write `app`, which has migrations, and `bare`, which has none and no change."""
        (path / "bare.py").write_text(self._start(database, 0) + _MODELS + _COMMANDS)
        (path / "app.py").write_text(self._start(database, self.changed) + _MODELS + _MIGRATE)

    def _start(self, database: Database, changed: int) -> str:
        options = {"include_schemas": True} if any(self.schemas) else {}
        return (
            f"URL = {database.url!r}\nTABLES = {self.tables}\nCHANGED = {changed}\n"
            f"SCHEMAS = {tuple(self.schemas)!r}\nOPTIONS = {options!r}\n"
            f"HAS_CHECKS = {self.has_checks!r}\n"
        )


def create_all(path: Path, python: str, schemas: Sequence[str | None]) -> None:
    """Make the schemas and tables of `bare`."""
    code = f"""
from bare import app, db
import sqlalchemy as sa
with app.app_context(), db.engine.begin() as connection:
    for schema in filter(None, {tuple(schemas)!r}):
        connection.execute(sa.schema.CreateSchema(schema))
    db.metadata.create_all(connection)
"""
    run([python, "-c", code], path)


def init(path: Path, python: str) -> None:
    """Make a migrations directory without revisions."""
    run([python, "-m", "flask", "--app", "app", "db", "init"], path)


def write_history(path: Path, revisions: int) -> None:
    """Write revisions that make a table each."""
    for number in range(revisions):
        write_revision(path, number, _TABLE.format(number=number))


def write_revision(path: Path, number: int, upgrade: str) -> None:
    """Write a revision that follows the one of the number before."""
    name, parent = f"{number:012x}", f"{number - 1:012x}" if number else None
    source = textwrap.dedent(_REVISION).lstrip()
    body = textwrap.indent(upgrade.strip(), "    ")
    text = source.format(number=number, name=name, parent=parent, upgrade=body)
    (path / "migrations" / "versions" / f"{name}_step.py").write_text(text)


def write_raw_history(path: Path, database: Database, revisions: int) -> None:
    """Write the statements that the revisions of a history run."""
    dialect = sa.make_url(database.url).get_dialect()()
    lines = ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"]
    lines.append("INSERT INTO alembic_version VALUES ('')")
    for number in range(revisions):
        table = sa.Table(
            f"t{number}",
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(80)),
        )
        lines.append(" ".join(str(CreateTable(table).compile(dialect=dialect)).split()))
        name = f"{number:012x}"
        lines.append(f"UPDATE alembic_version SET version_num = '{name}'")  # noqa: S608  (a number)
    write_raw(path, lines)


def write_raw(path: Path, statements: Sequence[str]) -> None:
    """Write what the command `raw` runs, a statement a line."""
    (path / "raw.sql").write_text("\n".join(statements))
