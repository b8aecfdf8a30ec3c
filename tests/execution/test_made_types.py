"""Types that one run makes, drops and makes again."""

import alembic.op
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from flask_migrate.execution.made_types import forget_dropped_types
from flask_migrate.execution.operations import operations
from tests.support.project import USER, Project


@pytest.fixture
def context(postgresql_database):
    engine = sa.create_engine(postgresql_database.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with operations(context):
            yield context
    engine.dispose()


def make_table(name):
    alembic.op.create_table(name, sa.Column("v", sa.Enum("a", "b", name="mood")))


def test_a_type_that_was_dropped_is_made_anew(context):
    make_table("things")
    alembic.op.drop_table("things")
    alembic.op.execute("DROP TYPE mood")

    forget_dropped_types(context)
    make_table("things")

    assert sa.inspect(context.connection).get_enums()[0]["labels"] == ["a", "b"]


def test_a_type_that_is_there_is_shared(context):
    make_table("things")

    forget_dropped_types(context)
    make_table("others")

    assert len(sa.inspect(context.connection).get_enums()) == 1


TYPED = 'op.create_table("{name}", sa.Column("v", sa.Enum("a", "b", name="mood")))'
REVISION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "r{number}", {parent!r}
def upgrade():
    {body}
def downgrade():
    pass
"""


@pytest.mark.parametrize(
    "drop",
    [
        'op.execute("DROP TYPE mood")',
        "op.execute(\"DO $$ BEGIN EXECUTE 'DROP TYPE mood'; END $$\")",
        'op.execute("ALTER TYPE mood RENAME TO feeling")',
    ],
)
def test_revisions_of_one_run_share_a_type_until_one_drops_it(postgresql_database, tmp_path, drop):
    project = Project(tmp_path / "project", postgresql_database.url)
    project.models(USER)
    project.db("init")
    bodies = [
        TYPED.format(name="things"),
        TYPED.format(name="others"),
        'op.drop_table("things"); op.drop_table("others")',
        drop,
        'op.add_column("last", sa.Column("a", sa.Integer()))',
        TYPED.format(name="again"),
    ]
    for number, body in enumerate(['op.create_table("last")', *bodies]):
        text = REVISION.format(
            number=number, parent=f"r{number - 1}" if number else None, body=body
        )
        project.write(f"migrations/versions/r{number}.py", text)
    project.db("upgrade")

    assert project.columns("again") == ["v"]
