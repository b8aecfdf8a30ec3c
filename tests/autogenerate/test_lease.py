"""The table that says who changes a database is no concern of the models."""

import sqlalchemy as sa

from flask_migrate.database.lease import lease_table
from tests.support.project import USER, Project

HOOKS = """
def include_object(item, name, type_, reflected, compare_to):
    asked.append(name)
    return name != "left_out"

asked = []
migrate.init_app(app, db, include_object=include_object, include_schemas=True)
"""


def make_table(project, schema=None):
    engine = sa.create_engine(project.sync_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        lease_table(schema).create(connection)


def test_a_table_of_leases_is_no_difference(project):
    project.models(USER)
    project.db("init")
    project.db("migrate", "-m", "users")
    project.db("upgrade")
    make_table(project)

    assert "No changes in schema detected" in project.db("migrate").stderr
    project.db("check")
    assert len(project.versions) == 1


def test_nor_is_one_in_another_schema_and_the_hooks_of_the_application_are_asked(
    postgresql_database, tmp_path
):
    project = Project(tmp_path / "project", postgresql_database.url)
    project.models(USER, HOOKS)
    project.db("init")
    project.db("migrate", "-m", "users")
    project.db("upgrade")
    project.execute("CREATE SCHEMA tenant")
    project.execute("CREATE TABLE left_out (id integer PRIMARY KEY)")
    make_table(project)
    make_table(project, "tenant")

    assert "No changes in schema detected" in project.db("migrate").stderr
    project.db("check")
