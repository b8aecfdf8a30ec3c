"""What is advised about errors that a database is known for."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.databases import DIALECTS

TABLE = 'op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True))'


@pytest.mark.parametrize(
    ("dialect", "statement", "advice"),
    [
        (
            "sqlite",
            'op.alter_column("shelf", "id", existing_type=sa.Integer, type_=sa.Text)',
            "with op.batch_alter_table('shelf') as batch_op:",
        ),
        (
            "postgresql",
            'op.create_index("ix", "shelf", ["id"], postgresql_concurrently=True)',
            "with op.get_context().autocommit_block():",
        ),
        (
            "postgresql",
            """
try:
    op.execute("SELECT * FROM nowhere")
except Exception:
    op.drop_table("shelf")
""",
            "with op.get_bind().begin_nested():",
        ),
        (
            "postgresql",
            """
op.execute("SET TRANSACTION READ ONLY")
op.drop_table("shelf")
""",
            "Give the address of the one that writes.",
        ),
        (
            "mariadb",
            """
op.execute("SET SESSION TRANSACTION READ ONLY")
op.get_bind().commit()
op.drop_table("shelf")
""",
            "Give the address of the one that writes.",
        ),
    ],
)
def test_what_a_revision_did_wrong_has_a_remedy(make_deployed, dialect, statement, advice):
    deployed = make_deployed(dialect)
    deployed.revision("r1", TABLE)
    deployed.revision("r2", statement)

    said = deployed.db("upgrade", exit_code=1)

    assert advice in said.problems
    assert "Nothing of this revision was kept; the database is at r1." in said.problems


@pytest.fixture
def poor_user(request, database):
    """The address of the database for a user without rights, or with one on a file."""
    if database.dialect == "sqlite":
        yield f"{database.url.replace('///', '///file:', 1)}?mode=ro&uri=true"
        return
    name = f"poor_{database.name[-20:]}".lower()
    url = sa.make_url(database.url)
    make, drop = {
        "postgresql": (
            (
                f"CREATE ROLE {name} LOGIN PASSWORD 'poor'",
                f"GRANT SELECT ON alembic_version TO {name}",
            ),
            (f"DROP OWNED BY {name}", f"DROP ROLE {name}"),
        ),
        "mariadb": (
            (
                f"CREATE USER {name}@'%%' IDENTIFIED BY 'poor'",
                f"GRANT SELECT ON `{url.database}`.* TO {name}@'%%'",
            ),
            (f"DROP USER {name}@'%%'",),
        ),
    }[database.dialect]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        for statement in make:
            connection.exec_driver_sql(statement)
    poor = url.set(username=name, password="poor")  # noqa: S106  (a user of this test)
    yield poor.render_as_string(hide_password=False)
    with engine.begin() as connection:
        for statement in drop:
            connection.exec_driver_sql(statement)


def test_a_user_without_rights_is_told_what_is_missing(make_deployed, database, poor_user):
    deployed = make_deployed(database.dialect, database=database)
    if database.dialect == "sqlite":
        deployed.execute("CREATE TABLE t (id INTEGER)")
    deployed.revision("r1", TABLE)

    said = deployed.db("upgrade", exit_code=1, DATABASE_URL=poor_user)

    assert ("can be written" if database.dialect == "sqlite" else "or GRANT it") in said.problems
    assert "Traceback" not in said.stderr


def test_a_file_that_is_no_database_is_told(make_deployed):
    deployed = make_deployed("sqlite")
    deployed.revision("r1", TABLE)
    path = sa.make_url(deployed.database.url).database
    Path(path).write_text("Godwits fly far. " * 100)

    said = deployed.db("upgrade", exit_code=1)

    assert "file is not a database" in said.problems
    assert "Check the path in the address" in said.problems


def test_who_is_not_there_cannot_connect(make_deployed, postgresql_database):
    deployed = make_deployed("postgresql", database=postgresql_database)
    nobody = sa.make_url(postgresql_database.url).set(username="nobody_at_all")

    said = deployed.db(
        "current", exit_code=1, DATABASE_URL=nobody.render_as_string(hide_password=False)
    )

    assert "Check user and password" in said.problems


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_statement_is_quoted_once(make_deployed, dialect):
    deployed = make_deployed(dialect)
    deployed.revision("r1", 'op.execute("SELEKT 1")')

    said = deployed.db("upgrade", exit_code=1)

    assert said.problems.count("SELEKT 1") == {"mariadb": 2}.get(dialect, 1)
    assert "LINE 1" not in said.problems
