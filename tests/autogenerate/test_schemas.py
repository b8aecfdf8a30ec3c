"""Schemas that the models use, on PostgreSQL."""

import pytest

from tests.support.project import USER, Project

USER_IN_SCHEMA = """
class User(db.Model):
    __tablename__ = "users"
    __table_args__ = {"schema": "shop"}
    id = db.Column(db.Integer, primary_key=True)
"""


@pytest.fixture
def shop(postgresql_database, tmp_path):
    return Project(tmp_path / "project", postgresql_database.url)


def test_a_schema_is_created_before_its_first_table_and_goes_after_its_last(shop):
    shop.models(USER_IN_SCHEMA)
    shop.db("init")
    shop.db("migrate", "-m", "users")
    script = shop.newest()

    assert script.index("op.execute('CREATE SCHEMA IF NOT EXISTS shop')") < script.index(
        "op.create_table('users',"
    )
    shop.db("upgrade")
    assert "No changes in schema detected" in shop.db("migrate").stderr
    shop.db("check")
    shop.db("downgrade", "base")
    assert shop.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'shop'") == []


def test_tables_of_others_in_a_schema_of_the_models_are_left_alone(shop):
    shop.execute("CREATE SCHEMA shop")
    shop.execute("CREATE TABLE shop.jobs (id integer PRIMARY KEY)")
    shop.execute("CREATE INDEX ix_jobs ON shop.jobs (id)")
    shop.models(USER_IN_SCHEMA)
    shop.db("init")
    done = shop.db("migrate", "-m", "users")

    assert "jobs" not in shop.newest()
    assert done.problems == (
        "Warning: The table shop.jobs is in the database and not in the models, and no revision "
        "made it: it is left alone.\n"
        "Hint: If it is to go: flask db migrate --drop-unknown\n"
    )


def test_a_table_that_a_revision_made_in_a_schema_goes_with_its_model(shop):
    shop.models(USER_IN_SCHEMA, USER.replace("users", "people").replace("User", "Person"))
    shop.db("init")
    shop.db("migrate", "-m", "users")
    shop.db("upgrade")
    shop.models(
        USER_IN_SCHEMA.replace('"users"', '"customers"'),
        USER.replace("users", "people").replace("User", "Person"),
    )
    shop.db("migrate", "-m", "customers")

    assert "op.drop_table('users', schema='shop')" in shop.newest()
