"""What a run costs beyond what its revisions do: the same for each of them, and little.

Statements are counted at the driver.
"""

import json
import re
from textwrap import indent

import pytest
import sqlalchemy as sa

from tests.support.project import USER, Project
from tools.bench.running import COUNT_QUERIES

FEW, MANY = 4, 16

COUNTED = f"""
import json
{COUNT_QUERIES}
from app import app
from flask_migrate import upgrade
with app.app_context():
    upgrade(revision="{{revision}}")
print(json.dumps(queries))
"""

REVISION = '''
"""step {number}"""
import sqlalchemy as sa
from alembic import op

revision = "r{number}"
down_revision = {parent!r}


def upgrade():
{body}


def downgrade():
    pass
'''

TABLE = 'op.create_table("things{number}", sa.Column("id", sa.Integer(), primary_key=True))'
TYPE = 'op.create_table("typed{number}", sa.Column("v", sa.Enum("a", "b", name="mood{number}")))\n'
PLAIN = (
    'op.add_column("things1", sa.Column("c{number}", sa.Integer()))',
    'op.create_index("ix_{number}", "things1", ["id"])',
    TABLE,
)
BATCH = """
with op.batch_alter_table("things1", schema=None) as batch_op:
    batch_op.add_column(sa.Column("c{number}", sa.Integer(), nullable=True))
"""

# On SQLite a savepoint and its end, on PostgreSQL the lock and the timeouts in one, on MariaDB the
# lock, the note about it, and a timeout for what locks tables and one for the rest.
BESIDE = {"sqlite": 2, "postgresql": 1, "mysql": 4}

# What there is, in the main schema and the temporary one, what refers to the table, whether it has
# rows, a savepoint and its end, and a setting before and after.
OF_BATCH = 8

CATALOG = re.compile(
    r"information_schema|pg_class|sqlite_(?:master|schema)|PRAGMA|SHOW", re.IGNORECASE
)


def write(project, number, body):
    """Write a revision that follows the one of the number before."""
    parent = f"r{number - 1}" if number > 1 else None
    text = REVISION.format(number=number, parent=parent, body=indent(body, "    "))
    project.write(f"migrations/versions/r{number}.py", text)


@pytest.fixture
def run(project):
    """A function that returns what few revisions run, and what many do."""

    def statements(*bodies):
        project.models(USER)
        project.db("init")
        for number in range(1, 1 + FEW + MANY + 1):
            body = TABLE if number == 1 else bodies[number % len(bodies)]
            write(project, number, body.format(number=number))
        project.db("upgrade", "r1")
        return [
            json.loads(project.python_code(COUNTED.format(revision=revision)).stdout)
            for revision in (f"r{1 + FEW}", "head")
        ]

    return statements


def read(statements):
    """Return those statements that read the catalog."""
    return [one for one in statements if CATALOG.search(one)]


def test_a_revision_costs_what_it_does_and_what_keeps_others_away(project, run):
    few, many = run(*PLAIN)

    updates = [sum("UPDATE alembic_version" in one for one in ran) for ran in (few, many)]
    assert updates == [FEW, MANY]
    each = 2 + BESIDE[sa.make_url(project.url).get_backend_name()]
    assert len(many) - len(few) == each * (MANY - FEW), "\n".join(many)


def test_no_revision_reads_the_catalog(run):
    few, many = run(*PLAIN[:2], TYPE)

    assert len(read(many)) == len(read(few)), "\n".join(read(many))


def test_a_batch_reads_its_own_table_once_and_copies_nothing(project, run):
    few, many = run(BATCH)

    kind = sa.make_url(project.url).get_backend_name()
    each = 2 + BESIDE[kind] + (OF_BATCH if kind == "sqlite" else 0)
    assert len(many) - len(few) == each * (MANY - FEW), "\n".join(many)
    assert not [one for one in many if "CREATE TABLE" in one and "things1" in one]


PREPARED = """
names = op.get_bind().exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars()
assert not list(names)
"""


def test_without_the_lock_nothing_is_prepared(postgresql_database, tmp_path):
    """Nobody knows then whether a pooler gives the next transaction to another session."""
    project = Project(tmp_path / "project", postgresql_database.url)
    project.models(USER, 'app.config["MIGRATE_RUN_LOCK"] = False')
    project.db("init")
    for number in range(1, MANY):
        body = PREPARED if number == MANY - 1 else TABLE.format(number=number)
        write(project, number, body)
    project.db("upgrade")
