"""The main job, from nothing to a changed table, on every server."""

from tests.support.project import USER, USER_WITH_PHONE


def test_a_model_becomes_a_table_changes_and_goes(project):
    project.models(USER)
    project.db("init")
    project.db("migrate", "-m", "create users")
    project.db("upgrade")
    project.execute("INSERT INTO users (id, name) VALUES (1, 'Ada')")

    project.models(USER_WITH_PHONE)
    project.db("migrate", "-m", "add phone")
    project.db("upgrade")

    assert project.execute("SELECT id, name, phone FROM users") == [(1, "Ada", None)]
    project.db("check")
    project.db("downgrade")
    assert project.execute("SELECT * FROM users") == [(1, "Ada")]
    project.db("downgrade", "base")
    assert project.tables() == {"alembic_version"}


def test_a_plain_column_is_written_as_a_plain_operation(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "create users")
    sqlite_project.db("upgrade")
    sqlite_project.models(USER_WITH_PHONE)
    sqlite_project.db("migrate", "-m", "Add phone column to users")

    script = sqlite_project.newest()

    added = "    op.add_column('users', sa.Column('phone', sa.String(length=20), nullable=True))\n"
    assert added in script
    assert "    op.drop_column('users', 'phone')\n" in script
