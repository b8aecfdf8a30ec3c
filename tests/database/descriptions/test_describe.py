"""What is described without a server is what the server says."""

import dataclasses
import zlib

import pytest
import sqlalchemy as sa

from flask_migrate.database.descriptions.describe import describe
from flask_migrate.database.scratch.statements import creation
from flask_migrate.database.snapshots.read import read_models
from tests.changes.catalogue import load

CHANGES = [change for changes in load().values() for change in changes]


def is_for_every_day(change):
    return zlib.crc32(change.name.encode()) % 16 == 0


@pytest.fixture
def connection(database):
    engine = sa.create_engine(database.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([one for one in CHANGES if is_for_every_day(one)], id="some"),
        pytest.param(CHANGES, id="all", marks=pytest.mark.soak),
    ],
)
def test_what_is_described_is_what_the_server_makes_of_it(connection, changes):
    wrong, count = [], 0
    for name, tables in models_of(changes, connection):
        described = describe(tables, connection.dialect).tables
        count += len(described)
        judged = read_models(connection, tables) if described else None
        for table in described.values():
            said = judged.snapshot.tables.get(table.name)
            if said != table and table.name not in judged.failed:
                wrong.append((name, *different(table, said)))

    assert not wrong, "\n".join(map(str, wrong))
    assert count > len(changes) // 4


def models_of(changes, connection):
    """Yield the tables of every version of the models, what is sent alike only once."""
    known = set()
    for change in changes:
        if dialect_name(connection) in change.without:
            continue
        for models in (change.before, change.after):
            tables = made(models, connection)
            sent = tuple(one.sql for one in creation(tables, dialect=connection.dialect))
            if sent not in known:
                known.add(sent)
                yield change.name, tables


def dialect_name(connection):
    return "mariadb" if connection.dialect.name == "mysql" else connection.dialect.name


def made(models, connection):
    metadata = sa.MetaData(info={"dialect": dialect_name(connection)})
    models(metadata)
    return list(metadata.tables.values())


def different(described, judged):
    """Yield what is different, so that a failure can be read."""
    if judged is None:
        return [described]
    fields = [one.name for one in dataclasses.fields(described)]
    pairs = [(one, getattr(described, one), getattr(judged, one)) for one in fields]
    return [pair for pair in pairs if pair[1] != pair[2]]
