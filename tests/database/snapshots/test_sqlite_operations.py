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
