"""What PostgreSQL has and other databases do not: it changes as it should."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.autogenerate.write import changes_of_tables, changes_of_types
from tests.changes.application import Application, new_directory
from tests.changes.change import of_table, things
from tests.changes.harness import Judge

CHANGES = (*changes_of_types.CHANGES, *changes_of_tables.CHANGES)


@pytest.mark.parametrize("change", CHANGES, ids=[one.name for one in CHANGES])
def test_a_change_of_postgresql_gets_its_marks(change, make_database, tmp_path):
    result = Judge(make_database, tmp_path).judge(change, "postgresql", kind="PostgreSQL")

    assert result.failed == {}, result.script


@pytest.fixture
def migrated(make_database, tmp_path):
    """A function that migrates one database to models, and returns the script."""
    database = make_database("postgresql")
    new_directory(tmp_path / "migrations", database)

    def migrate(metadata):
        with Application(database, metadata, tmp_path / "migrations").running() as verbs:
            report = verbs.migrate()
            verbs.upgrade()
            verbs.check()
        return report.problems, Path(report.revisions[0].path).read_text("utf-8")

    migrate.engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    return migrate


def models(*items):
    metadata = sa.MetaData()
    things(metadata, sa.Column("v", sa.Text), *items)
    return metadata


def test_an_index_is_built_concurrently_outside_of_the_transaction(migrated):
    migrated(models())

    _, script = migrated(models(sa.Index("ix", "v", postgresql_concurrently=True)))

    assert "with op.get_context().autocommit_block():\n        op.create_index('ix'" in script


def test_an_index_of_a_new_table_needs_no_transaction_of_its_own(migrated):
    _, script = migrated(models(sa.Index("ix", "v", postgresql_concurrently=True)))

    assert "autocommit_block" not in script


def test_what_only_gets_another_name_is_not_made_anew(migrated):
    def referred_to(prefix):
        metadata = models(
            sa.UniqueConstraint("v", name=f"{prefix}_once"),
            sa.CheckConstraint("v > ''", name=f"{prefix}_some"),
            sa.Index(f"{prefix}_ix", "v"),
        )
        column = sa.Column("v", sa.Text, sa.ForeignKey("things.v", name=f"{prefix}_to_things"))
        things(metadata, column, name="parts")
        return metadata

    migrated(referred_to("old"))

    _, script = migrated(referred_to("new"))

    there, back = script.split("def downgrade")
    for name in ("once", "some", "ix", "to_things"):
        assert f"old_{name} " in there
        assert f"TO old_{name}'" in back
    assert "drop_" not in script
    assert "create_" not in script


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"ix_1": "v", "ix_2": "w"}, {"ix_2": "v", "ix_1": "w"}),
        ({"ix_1": "v", "ix_2": "w"}, {"ix_2": "v", "ix_3": "w"}),
        ({"ix_1": "v"}, {"ix_2": "v", "ix_1": "w"}),
    ],
)
def test_names_that_are_taken_are_given_as_well(old, new, make_database, tmp_path):
    def declare(indexes):
        columns = [sa.Column("v", sa.Integer), sa.Column("w", sa.Integer)]
        return [*columns, *(sa.Index(name, column) for name, column in indexes.items())]

    for dialect in ("postgresql", "mariadb"):
        change = of_table("", lambda: declare(old), lambda: declare(new))
        result = Judge(make_database, tmp_path / dialect).judge(change, dialect, kind="")
        assert result.failed == {}, result.script


def test_an_index_of_a_column_that_changes_gets_another_name(make_database, tmp_path):
    def declare(name, expression):
        computed = sa.Column("w", sa.Integer, sa.Computed(expression, persisted=True))
        return [sa.Column("v", sa.Integer), computed, sa.Index(name, "w")]

    change = of_table("", lambda: declare("old", "v + 1"), lambda: declare("new", "v + 2"))
    change = replace(change, becomes={"things.w": [3, 4, None]})
    result = Judge(make_database, tmp_path).judge(change, "postgresql", kind="")

    assert result.failed == {}, result.script


def test_a_view_that_reads_a_column_which_goes_is_dropped_and_that_is_said(migrated):
    migrated(models(sa.Column("w", sa.Text)))
    with migrated.engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW shown AS SELECT w FROM things")

    problems, script = migrated(models())

    assert "view-lost" in {one.code for one in problems}
    assert "CREATE VIEW shown" in script.partition("def downgrade")[2]


def test_partitions_that_the_models_do_not_tell_of_are_left_alone(migrated):
    with migrated.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE things (id integer PRIMARY KEY, v text) PARTITION BY RANGE (id)"
        )
        connection.exec_driver_sql(
            "CREATE TABLE things_low PARTITION OF things FOR VALUES FROM (0) TO (9)"
        )
    metadata = sa.MetaData()
    key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    sa.Table("things", metadata, key, sa.Column("v", sa.Text), sa.Column("w", sa.Text))

    _, script = migrated(metadata)

    assert "add_column" in script
    assert "things_low" not in script


def test_a_constraint_that_has_not_checked_its_rows_does_so_and_is_not_made_again(migrated):
    migrated(models())
    with migrated.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE things ADD CONSTRAINT ck CHECK (v <> '') NOT VALID")

    _, script = migrated(models(sa.CheckConstraint("v <> ''", name="ck")))

    assert "VALIDATE CONSTRAINT ck" in script
    assert "drop_constraint" not in script


def test_a_constraint_that_is_not_to_check_its_rows_is_left_so(migrated):
    migrated(models())

    _, script = migrated(
        models(sa.CheckConstraint("v <> ''", name="ck", postgresql_not_valid=True))
    )

    assert "postgresql_not_valid=True" in script
    _, script = migrated(models(sa.CheckConstraint("v <> ''", name="ck")))
    assert "VALIDATE CONSTRAINT ck" in script


def test_a_sequence_that_no_revision_made_is_left_alone(migrated):
    with migrated.engine.begin() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE numbers")

    _, script = migrated(models())

    assert "numbers" not in script


@pytest.fixture
def place(migrated):
    """The name of a tablespace, which every database of the server has until the test ends."""
    name = f"godwit_test_{secrets.token_hex(4)}"
    engine = migrated.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.dialect.server_version_info < (15,):
            pytest.skip("Before PostgreSQL 15 a tablespace needs a directory of the server.")
        connection.exec_driver_sql("SET allow_in_place_tablespaces = true")
        connection.exec_driver_sql(f"CREATE TABLESPACE {name} LOCATION ''")
        yield name
        connection.exec_driver_sql("DROP TABLE things")
        connection.exec_driver_sql(f"DROP TABLESPACE {name}")


def test_a_table_moves_to_another_tablespace_and_back(migrated, place):
    def models_in(**options):
        metadata = sa.MetaData()
        things(metadata, **options)
        return metadata

    migrated(models_in())

    _, script = migrated(models_in(postgresql_tablespace=place))

    assert f"ALTER TABLE things SET TABLESPACE {place}" in script
    _, script = migrated(models_in())
    assert "ALTER TABLE things SET TABLESPACE pg_default" in script


def test_a_table_is_kept_by_another_method_and_back(migrated):
    with migrated.engine.begin() as connection:
        if connection.dialect.server_version_info < (15,):
            pytest.skip("Before PostgreSQL 15 a table keeps its method.")
        connection.exec_driver_sql(
            "CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler"
        )

    def models_by(**options):
        metadata = sa.MetaData()
        things(metadata, **options)
        return metadata

    migrated(models_by())

    _, script = migrated(models_by(postgresql_using="other"))

    assert "ALTER TABLE things SET ACCESS METHOD other" in script
    assert "ALTER TABLE things SET ACCESS METHOD heap" in script
