from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from alchemical import Alchemical
from sqlalchemy.ext.asyncio import create_async_engine

from flask_migrate.database.binds import (
    all_binds,
    bind_keys,
    default_bind,
    engine_of,
    known_engines,
    metadata_of,
)
from flask_migrate.database.plain import PlainDatabase, WithMetadata
from flask_migrate.errors import EngineMissing, MetadataMissing

ENGINE = sa.create_engine("sqlite://")
OTHER = sa.create_engine("sqlite://")
ASYNC = create_async_engine("sqlite+aiosqlite://")
METADATA, OTHER_METADATA = sa.MetaData(), sa.MetaData()


def test_plain_sqlalchemy_is_one_bind():
    bind = default_bind(PlainDatabase(ENGINE, METADATA))

    assert (bind.key, bind.name, bind.engine, bind.metadata) == (None, "default", ENGINE, METADATA)
    assert not bind.is_async


def test_mappings_are_binds_with_the_default_one_first():
    database = PlainDatabase(
        {"z": OTHER, "default": ENGINE, "a": ASYNC}, {None: METADATA, "a": OTHER_METADATA}
    )

    assert [bind.name for bind in all_binds(database)] == ["default", "a", "z"]
    assert [bind.is_async for bind in all_binds(database)] == [False, True, False]
    assert metadata_of(database, "a") is OTHER_METADATA
    assert not metadata_of(database, "z").tables
    assert list(known_engines(database)) == [ENGINE, ASYNC.sync_engine, OTHER]


def test_an_object_with_engine_and_metadata_is_enough():
    database = SimpleNamespace(engine=ENGINE, metadata=METADATA)

    assert bind_keys(database) == (None,)
    assert default_bind(database).engine is ENGINE


def test_an_object_with_get_engine_and_bind_names_is_enough():
    engines = {None: ENGINE, "archive": OTHER}
    database = SimpleNamespace(
        get_engine=lambda bind_key=None: engines[bind_key],
        bind_names=lambda: ["archive"],
        metadatas={None: METADATA},
    )

    assert [bind.engine for bind in all_binds(database)] == [ENGINE, OTHER]


def test_the_engines_of_alchemical_are_made_when_they_are_asked_for():
    database = Alchemical("sqlite://")
    assert database.engines is None

    assert bind_keys(database) == (None,)
    assert engine_of(database, None) is database.get_engine()


def test_asynchronous_engines_beside_synchronous_ones_are_found():
    database = SimpleNamespace(
        engines={}, async_engines={"default": ASYNC, "archive": ASYNC}, metadata=METADATA
    )

    assert bind_keys(database) == (None, "archive")
    assert engine_of(database, "archive") is ASYNC


def test_metadata_can_be_given_to_an_object_that_has_none():
    lite = SimpleNamespace(engines={"default": ENGINE}, session="session")
    database = WithMetadata(lite, METADATA)

    assert default_bind(database).metadata is METADATA
    assert database.session == "session"


def test_an_object_without_metadata_says_so():
    with pytest.raises(MetadataMissing, match="SimpleNamespace has no metadata"):
        default_bind(SimpleNamespace(engine=ENGINE))


@pytest.mark.parametrize(
    "database", [PlainDatabase({"archive": ENGINE}, METADATA), SimpleNamespace(metadata=METADATA)]
)
def test_a_missing_default_engine_says_so(database):
    with pytest.raises(EngineMissing, match="no default database"):
        engine_of(database, None)


def test_a_missing_bind_is_named():
    with pytest.raises(EngineMissing, match="bind key 'archive'"):
        engine_of(PlainDatabase(ENGINE, METADATA), "archive")


def test_what_is_no_engine_is_refused():
    with pytest.raises(EngineMissing, match="is not an engine of SQLAlchemy"):
        engine_of(SimpleNamespace(engine="sqlite://"), None)
