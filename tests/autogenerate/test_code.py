"""Views, functions and triggers: what is compared, and what is left alone."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_migrate import Trigger, View
from flask_migrate.errors import ModelsDiffer
from tests.changes.application import Application, new_directory

VIEW = "CREATE VIEW by_hand AS SELECT id, name FROM things"
REVISION = '''"""By hand."""
from alembic import op

revision = "{revision}"
down_revision = {parent!r}


def upgrade():
    op.execute({sql!r})


def downgrade():
    op.execute("DROP VIEW by_hand")
'''


class Lab:
    """An application whose models change from one command to the next."""

    def __init__(self, database, directory):
        self._database = database
        self._directory = new_directory(directory / "migrations", database)
        self.head = None

    @contextmanager
    def running(self, models):
        metadata = sa.MetaData()
        models(metadata)
        with Application(self._database, metadata, self._directory).running() as verbs:
            yield verbs

    def migrate(self, models, **options):
        """Return what was written, and what was said; bring the database there."""
        with self.running(models) as verbs:
            report = verbs.migrate(**options)
            verbs.upgrade()
        said = [(one.code, one.message) for one in report.problems]
        if not report.revisions:
            return "", said
        self.head = report.revisions[0].revision
        return Path(report.revisions[0].path).read_text("utf-8"), said

    def by_hand(self, models, sql=VIEW):
        text = REVISION.format(revision="by_hand", parent=self.head, sql=sql)
        (self._directory / "versions" / "by_hand.py").write_text(text, "utf-8")
        with self.running(models) as verbs:
            verbs.upgrade()

    def execute(self, *statements):
        engine = sa.create_engine(self._database.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            for one in statements:
                connection.exec_driver_sql(one)

    def differences(self, models):
        """Return what `check` says, by kind."""
        try:
            with self.running(models) as verbs:
                verbs.check()
        except ModelsDiffer as error:
            return [(one.kind, one.description) for one in error.report.changes]
        return []


@pytest.fixture
def lab(database, tmp_path):
    return Lab(database, tmp_path)


def things(metadata, *columns, length=20):
    sa.Table(
        "things",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(length)),
        *columns,
    )


def things_with_size(metadata):
    things(metadata, sa.Column("size", sa.Integer))


def nameless(metadata):
    sa.Table("things", metadata, sa.Column("id", sa.Integer, primary_key=True))


def viewed(query="SELECT id FROM things", name="seen", length=20):
    def models(metadata):
        things(metadata, length=length)
        View(name, query, metadata=metadata)

    return models


def test_what_was_made_by_hand_is_no_difference(lab):
    lab.migrate(things)
    lab.by_hand(things)

    assert lab.differences(things) == []
    assert lab.migrate(things) == ("", [])
    assert lab.migrate(things, drop_unknown=True) == ("", [])
    script, _ = lab.migrate(things_with_size)
    assert "by_hand" not in script.partition("def upgrade")[2]


def test_nor_is_it_one_where_the_models_declare_other_views(lab):
    lab.migrate(things)
    lab.by_hand(things)

    script, said = lab.migrate(viewed())

    assert "VIEW seen" in script
    assert "VIEW by_hand" not in script
    assert said == []
    assert lab.migrate(viewed(), drop_unknown=True) == ("", [])


def test_what_no_revision_speaks_of_is_named_and_left_alone(lab):
    lab.migrate(viewed())
    lab.execute("CREATE VIEW stray AS SELECT id FROM things")

    script, said = lab.migrate(viewed())

    assert script == ""
    assert [code for code, _ in said] == ["code-left-alone"]
    assert "view stray" in said[0][1]


def test_and_dropped_where_somebody_asks_for_it(lab):
    lab.migrate(viewed())
    lab.execute("CREATE VIEW stray AS SELECT id FROM things")

    script, _ = lab.migrate(viewed(), drop_unknown=True)

    assert "op.execute('DROP VIEW stray')" in script
    assert lab.migrate(viewed(), drop_unknown=True) == ("", [])


def test_where_the_models_declare_nothing_nothing_is_said(lab):
    lab.migrate(things)
    lab.execute("CREATE VIEW stray AS SELECT id FROM things")

    assert lab.migrate(things) == ("", [])


def test_what_the_models_declared_once_is_dropped(lab):
    script, _ = lab.migrate(viewed())
    assert "    # The models declare the view seen.\n    op.execute(" in script

    assert lab.differences(things) == [("drop_view", "drop view seen")]
    script, _ = lab.migrate(things)

    assert "op.execute('DROP VIEW seen')" in script
    assert lab.differences(things) == []


def test_a_view_that_was_made_by_hand_can_be_declared(lab):
    lab.migrate(things)
    lab.by_hand(things)
    declared = viewed("SELECT id, name FROM things", "by_hand")
    other = viewed("SELECT id FROM things", "by_hand")

    assert lab.differences(declared) == []
    assert lab.differences(other) == [("alter_view", "change view by_hand")]
    lab.migrate(other)

    assert lab.differences(other) == []
    assert lab.differences(things) == [("drop_view", "drop view by_hand")]


def test_a_view_that_cannot_be_made_is_said_and_left_alone(lab, database):
    if database.dialect == "sqlite":
        pytest.skip("SQLite makes any view, and finds out when it is read.")
    lab.migrate(viewed())
    broken = viewed("SELECT missing FROM things")

    script, said = lab.migrate(broken)

    assert script == ""
    assert [code for code, _ in said] == ["code-not-judged"]
    assert "The view seen is left alone" in said[0][1]
    assert "missing" in said[0][1]
    assert "godwit_scratch" not in said[0][1]


def test_a_view_of_nobody_that_reads_what_goes_is_dropped_with_a_word(lab):
    lab.migrate(things)
    lab.by_hand(things)

    script, said = lab.migrate(nameless)

    assert "view-lost" in [code for code, _ in said]
    there, back = script.split("def downgrade")
    assert there.index("DROP VIEW") < there.index("drop_column")
    assert back.index("add_column") < back.index("CREATE VIEW")
    with lab.running(things) as verbs:
        verbs.downgrade()
        verbs.upgrade()


def test_check_says_what_differs(lab):
    lab.migrate(things)

    def models(metadata):
        viewed()(metadata)
        View("kept", "SELECT id FROM seen", metadata=metadata)

    assert lab.differences(models) == [
        ("create_view", "add view seen"),
        ("create_view", "add view kept"),
    ]
    lab.migrate(models)
    assert lab.differences(viewed("SELECT id, name FROM things"))[-2:] == [
        ("drop_view", "drop view kept"),
        ("alter_view", "change view seen"),
    ]


def test_rights_and_comments_come_back_with_a_view(postgresql_database, tmp_path):
    lab = Lab(postgresql_database, tmp_path)
    query = "SELECT id, name FROM things"
    longer, further = viewed(query, length=40), viewed(f"SELECT 1 AS n, {query[7:]}", length=40)
    lab.migrate(viewed(query))
    lab.execute(
        "GRANT SELECT ON seen TO PUBLIC",
        "COMMENT ON VIEW seen IS 'It''s seen'",
        "COMMENT ON COLUMN seen.name IS 'a name'",
    )
    assert lab.differences(viewed(query)) == []

    for models, columns in ((longer, 1), (further, 0)):
        script, _ = lab.migrate(models)
        there = script.partition("def downgrade")[0]
        assert "GRANT SELECT ON seen TO PUBLIC" in there
        assert "COMMENT ON VIEW seen" in there
        assert there.count("COMMENT ON COLUMN") == columns


def test_a_trigger_may_run_after_one_that_nobody_declares(mariadb_database, tmp_path):
    lab = Lab(mariadb_database, tmp_path)
    sql = "CREATE TRIGGER {} BEFORE INSERT ON things FOR EACH ROW SET @a = {}"

    def models(metadata, number=1):
        things(metadata)
        Trigger(sql.format("own", number), metadata=metadata)

    lab.migrate(things)
    lab.by_hand(things, sql.format("by_hand", 1))
    lab.migrate(models)

    assert lab.differences(models) == []
    script, _ = lab.migrate(lambda metadata: models(metadata, 2))
    assert "CREATE OR REPLACE TRIGGER own" in script
    assert lab.differences(lambda metadata: models(metadata, 2)) == []


@pytest.mark.skipif(not hasattr(sa.schema, "CreateView"), reason="SQLAlchemy 2.1 has views.")
def test_a_view_of_sqlalchemy_is_a_view(lab):
    def models(metadata, *columns):
        things(metadata)
        source = metadata.tables["things"]
        query = sa.select(*(source.c[one] for one in columns or ("id", "name")))
        sa.schema.CreateView(query, "seen", metadata=metadata)

    script, said = lab.migrate(models)

    assert "CREATE VIEW seen" in script
    assert "create_table('seen'" not in script
    assert said == []
    assert lab.differences(models) == []
    changed = lab.differences(lambda metadata: models(metadata, "id"))
    assert changed == [("alter_view", "change view seen")]
    assert lab.differences(things) == [("drop_view", "drop view seen")]


def test_where_the_server_cannot_be_asked_code_is_not_compared_and_that_is_said(
    postgresql_database, tmp_path
):
    role = f"{postgresql_database.name}_guest"
    owner = Lab(postgresql_database, tmp_path / "owner")
    owner.execute(
        f"CREATE ROLE {role} LOGIN PASSWORD 'guest'", f"GRANT ALL ON SCHEMA public TO {role}"
    )
    url = sa.make_url(postgresql_database.url).set(username=role, password="guest")  # noqa: S106 - of this test
    guest = replace(postgresql_database, url=url.render_as_string(hide_password=False))
    try:
        script, said = Lab(guest, tmp_path).migrate(viewed())
    finally:
        owner.execute(f"DROP OWNED BY {role}", f"DROP ROLE {role}")

    assert "create_table('things'" in script
    assert "seen" not in script
    assert "Not compared, since the server cannot be asked: view seen." in dict(said).values()
