"""How much a database is asked while models are compared: always the same, however many."""

import json

import pytest

from tests.compat.env.flask_migrate import V4
from tests.support.project import Project

SCHEMAS = ("a", "b", "c", "d", "e")

MODELS = """
import sqlalchemy as sa


CHANGED = int(os.environ.get("CHANGED", "0"))


def make_tables(count, schema=None):
    prefix = f"{schema}." if schema else ""
    for number in range(count):
        sa.Table(
            f"t{number}",
            db.metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(80), nullable=False),
            sa.Column("email", sa.String(120)),
            sa.Column("amount", sa.Numeric(10, 2)),
            sa.Column("made_at", sa.DateTime, server_default=sa.func.now(), nullable=False),
            sa.Column("is_open", sa.Boolean, nullable=False),
            sa.Column("note", sa.Text),
            sa.Column(
                "parent_id",
                sa.Integer,
                sa.ForeignKey(f"{prefix}t{max(number - 1, 0)}.id", name=f"t{number}_parent"),
            ),
            *([sa.Column("added", sa.Integer)] if number < CHANGED else []),
            sa.Index(f"ix_t{number}_name", "name"),
            sa.UniqueConstraint("email", name=f"t{number}_email"),
            schema=schema,
        )


for schema in os.environ.get("SCHEMAS", "").split(","):
    make_tables(int(os.environ["TABLES"]), schema or None)
"""

PLAIN = ""
OPTIONS = """
migrate = Migrate(
    app,
    db,
    compare_type=True,
    compare_server_default=True,
    include_object=lambda *_: True,
    include_name=lambda *_: True,
    transaction_per_migration=True,
)
"""

# What only the server can say in its own words.
CONDITIONS = """
for table in db.metadata.tables.values():
    table.append_constraint(sa.CheckConstraint("amount > 0", name=f"{table.name}_amount"))
"""

MAKE = """
from app import app, db
with app.app_context():
    db.create_all()
"""

ASK = """
import json
import sys
import sqlalchemy as sa
from app import app

asked = []
sa.event.listen(sa.Engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
done = app.test_cli_runner().invoke(args=["db", *sys.argv[1:]])
assert done.exit_code == 0, done.output
print(json.dumps(asked))
"""


def begin(project: Project, *models: str, env: str | None = None) -> None:
    """Write an application without tables, and have its version table made."""
    project.models(*models)
    project.db("init", TABLES="0")
    if env is not None:
        project.write("migrations/env.py", env)
    project.db("check", TABLES="0")


def ask(project: Project, *arguments: str, **environment: str) -> list[str]:
    """Return the statements that a command sends, which must succeed."""
    project.write("ask.py", ASK)
    done = project.run("ask.py", *arguments, **environment)
    asked: list[str] = json.loads(done.stdout.splitlines()[-1])
    return asked


@pytest.mark.parametrize("options", [PLAIN, OPTIONS], ids=["plain", "options"])
def test_a_check_asks_as_much_for_many_tables_as_for_few(project, options):
    begin(project, options, MODELS, env=V4 if options else None)
    counts = []
    for tables in ("100", "300"):
        project.python_code(MAKE, TABLES=tables)
        counts.append(len(ask(project, "check", TABLES=tables)))

    assert counts[0] == counts[1] <= 20


def test_a_check_asks_as_much_for_many_schemas_as_for_few(postgresql_database, tmp_path):
    project = Project(tmp_path / "project", postgresql_database.url)
    begin(project, MODELS)
    counts = []
    for schemas in (SCHEMAS[:1], SCHEMAS):
        for schema in schemas:
            project.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        environment = {"TABLES": "40", "SCHEMAS": ",".join(schemas)}
        project.python_code(MAKE, **environment)
        counts.append(len(ask(project, "check", **environment)))

    assert counts[0] == counts[1] <= 20


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_server_is_asked_at_once_about_all_tables_that_differ(make_database, tmp_path, dialect):
    project = Project(tmp_path / "project", make_database(dialect).url)
    begin(project, MODELS)
    project.python_code(MAKE, TABLES="100")
    few = len(ask(project, "migrate", TABLES="100", CHANGED="1"))
    for path in project.versions:
        path.unlink()

    assert len(ask(project, "migrate", TABLES="100", CHANGED="50")) == few <= 40


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_what_a_server_has_said_is_not_asked_again(make_database, tmp_path, dialect):
    project = Project(tmp_path / "project", make_database(dialect).url)
    begin(project, MODELS, CONDITIONS)
    project.python_code(MAKE, TABLES="20")

    first, second = (ask(project, "check", TABLES="20") for _ in range(2))

    assert any(one.lstrip().startswith("CREATE") for one in first)
    assert not any(one.lstrip().startswith("CREATE") for one in second)
