"""A database is the same whether it was created or changed by operations."""

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from flask_migrate.database.scratch.sqlite import read_models
from flask_migrate.database.snapshots.sqlite import read
from flask_migrate.execution.operations import OurOperations
from tests.database.snapshots.sqlite_changes import CHANGES, tables


@pytest.fixture
def connection(sqlite_database):
    engine = sa.create_engine(sqlite_database.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_changed_table_is_what_its_models_say(connection, change):
    before = tables(change.before(), options=change.options[0])
    after = tables(change.after(), options=change.options[1], name=change.table)
    before.create_all(connection)
    wanted = read_models(connection, after.tables.values())
    assert read(connection, [""]) != wanted.snapshot

    change.run(OurOperations(MigrationContext.configure(connection)))

    assert not wanted.failed
    assert read(connection, [""]).tables == wanted.snapshot.tables


@pytest.mark.parametrize("recreate", ["auto", "always"])
def test_views_and_triggers_stay_as_they_were_written(connection, recreate):
    tables([]).create_all(connection)
    for sql in (
        'CREATE VIEW v AS SELECT "a"||1, count( * ) FROM t -- all',
        "create trigger tr after insert on t begin update parent set code = 'x'; end",
        "CREATE TRIGGER other AFTER DELETE ON parent BEGIN DELETE FROM t WHERE b=1; END",
    ):
        connection.exec_driver_sql(sql)
    before = read(connection, [""]).code
    op = OurOperations(MigrationContext.configure(connection))

    with op.batch_alter_table("t", recreate=recreate) as batch:
        batch.add_column(sa.Column("c", sa.Integer))
        batch.alter_column("b", type_=sa.BigInteger())

    assert len(before) == 3
    assert read(connection, [""]).code == before
