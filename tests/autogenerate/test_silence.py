"""Models with every type and constraint of a database: once they are there, nothing differs."""

import warnings

import pytest
import sqlalchemy as sa

from tests.autogenerate.compared import Compared
from tests.changes.dumps import dump, first_difference
from tests.database.scratch import mysql_models, postgresql_models
from tests.database.snapshots import sqlite_models


@pytest.fixture
def every_model(database, make_database):
    """Models with everything that the database has, and a function that prepares one for them."""
    if database.dialect == "sqlite":
        models = sqlite_models.everything()
        if not _copies_options_of_checks():
            models.remove(models.tables["constraints"])
        return models, _nothing
    if database.dialect == "postgresql":
        models = postgresql_models.all_models()
        # No operation of Alembic can refer to a table with a dot in its name.
        models.remove(models.tables["p.unkt"])
        return models, _prepare
    other = make_database("mariadb")
    return mysql_models.every_feature(sa.make_url(other.url).database), _nothing


def _copies_options_of_checks():
    """Return whether this SQLAlchemy does: Alembic writes copies."""
    check = sa.CheckConstraint("a > 0", name="ck", sqlite_on_conflict="FAIL")
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), check)
    return any(one.dialect_kwargs for one in table.to_metadata(sa.MetaData()).constraints)


def _nothing(_):
    pass


def _prepare(engine):
    with engine.begin() as connection:
        connection.execute(sa.text(postgresql_models.PREPARATION))


def test_check_is_silent_after_create_all(database, tmp_path, every_model):
    models, prepare = every_model
    compared = Compared(database, tmp_path, _nothing, models)
    prepare(compared.engine)
    with warnings.catch_warnings(action="ignore"):
        # Not in a transaction: an index is one that is made concurrently.
        models.create_all(compared.engine.execution_options(isolation_level="AUTOCOMMIT"))

    assert compared.differs() == []


def test_check_is_silent_after_upgrade(database, make_database, tmp_path, every_model):
    models, prepare = every_model
    compared = Compared(database, tmp_path, _nothing, models)
    prepare(compared.engine)
    before = dump(database, models)

    compared.script()
    with compared.application.running() as verbs:
        verbs.upgrade()

    assert compared.differs() == []
    compared.there_and_back()
    after = dump(database, models)
    assert after == before, first_difference(after, before)
