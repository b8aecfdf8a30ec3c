"""Tables in another file, which SQLite calls an attached database."""

import pytest
import sqlalchemy as sa

from tests.changes.application import Application, new_directory

VERSIONS = (
    list,
    lambda: [sa.Column("a", sa.String(20), index=True)],
    lambda: [
        sa.Column("a", sa.String(40), nullable=False, server_default="x", index=True),
        sa.Column("b", sa.Integer, sa.CheckConstraint("b > 0")),
        sa.Column("to", sa.ForeignKey("other.groups.id", name="to_group")),
    ],
    lambda: [sa.Column("b", sa.Integer, unique=True)],
)


@pytest.fixture(params=[{}, {"include_schemas": True}], ids=["", "include_schemas"])
def application(request, make_database, tmp_path):
    """A function that returns the application with models, of which some are elsewhere."""
    database = make_database("sqlite")
    directory = new_directory(tmp_path / "migrations", database)

    def attach(connection, _):
        connection.execute(f"ATTACH '{tmp_path / 'other.db'}' AS other")

    def make(items):
        metadata = sa.MetaData()
        for name, columns in (("groups", []), ("things", items)):
            key = sa.Column("id", sa.Integer, primary_key=True)
            sa.Table(name, metadata, key, *columns, schema="other")
        sa.Table("here", metadata, sa.Column("id", sa.Integer, primary_key=True))
        made = Application(database, metadata, directory, **request.param)
        sa.event.listen(made.engine, "connect", attach)
        return made

    return make


def seen(application):
    with application.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM other.sqlite_master WHERE sql NOT NULL ORDER BY name"
        )
        return [tuple(row) for row in rows]


def columns(application):
    with application.engine.connect() as connection:
        return [one["name"] for one in sa.inspect(connection).get_columns("things", "other")]


def test_tables_of_another_file_come_change_and_go(application):
    states = []
    for items in VERSIONS:
        now = application(items())
        with now.running() as verbs:
            verbs.migrate()
            verbs.upgrade()
            verbs.check()
        states.append({name for name, _ in seen(now)})

    assert [one - {"groups", "things"} for one in states] == [
        set(),
        {"ix_other_things_a"},
        {"ix_other_things_a"},
        set(),
    ]
    last = application(VERSIONS[0]())
    with last.running() as verbs:
        for _ in VERSIONS[1:]:
            verbs.downgrade()
        assert {name for name, _ in seen(last)} == states[0]
        assert columns(last) == ["id"]
        verbs.downgrade()
    assert seen(last) == []
