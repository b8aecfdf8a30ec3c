"""The names that SQLAlchemy keeps private and that we need: each test fails when one changes."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_migrate._sqlalchemy import (
    begins_by_itself,
    connections_held_by,
    pool_without_memory,
)


@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    yield engine
    engine.dispose()


def test_a_transaction_that_a_statement_begins_is_told_from_one_that_was_asked_for(engine):
    noted = []
    sa.event.listen(engine, "begin", lambda _: noted.append(begins_by_itself()))

    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        connection.rollback()
        with connection.begin():
            connection.execute(sa.text("SELECT 1"))

    assert noted == [True, False]


def test_a_session_holds_the_connections_that_it_has_used(engine):
    with Session(engine) as session:
        assert connections_held_by(session) == set()
        session.begin()
        assert connections_held_by(session) == set()

        session.execute(sa.text("SELECT 1"))

        assert connections_held_by(session) == {session.connection()}


def test_a_pool_without_memory_opens_what_the_engine_opens(engine, tmp_path):
    opened = []
    engine = sa.create_engine(f"sqlite:///{tmp_path}/app.db")
    sa.event.listen(engine, "connect", lambda connection, _: opened.append(connection))
    pool, kept = pool_without_memory(engine), engine.pool
    engine.pool = pool
    for _ in range(2):
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    engine.pool = kept

    assert len(opened) == 2
    assert (tmp_path / "app.db").exists()
