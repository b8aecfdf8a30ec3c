"""What cannot be made, must not be touched, and is left as it was."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from flask_migrate.database.scratch.judged import NoScratchPlace
from flask_migrate.database.scratch.postgresql import read_models
from flask_migrate.database.scratch.statements import Statement
from flask_migrate.values.schema import Name
from tests.database.postgresql import run_script
from tests.database.scratch.judging import create_all, judged, things


class Unwritable(sa.types.TypeEngine):
    __visit_name__ = "unwritable"


def test_what_cannot_be_made_does_not_keep_the_others_from_it(engine):
    metadata = things(sa.Column("state", sa.Enum("a", name="state")))
    # They are there, and must stay what they are.
    create_all(engine, metadata)
    key = {"primary_key": True}
    sa.Table("a", metadata, sa.Column("id", sa.Integer, sa.CheckConstraint("nothing(id)"), **key))
    sa.Table("b", metadata, sa.Column("id", sa.Integer, sa.ForeignKey("a.id"), **key))
    sa.Table("c", metadata, sa.Column("id", pg.HSTORE, **key))
    sa.Table("d", metadata, sa.Column("id", sa.Integer, sa.ForeignKey("missing.id"), **key))
    sa.Table("e", metadata, sa.Column("id", Unwritable(), **key))
    sa.Table("f", metadata, sa.Column("id", sa.Integer, index=True), sa.Index("ix_f", sa.text("(")))
    sa.Table("g", metadata, sa.Column("id", pg.DOMAIN("odd", sa.Integer, check="VALUE ="), **key))
    sa.Sequence("h", metadata=metadata, minvalue=5, maxvalue=1)
    sa.Table("z", metadata, sa.Column("id", sa.Integer, sa.ForeignKey("things.id"), **key))

    said = judged(engine, metadata)

    assert {name.name: reason for name, reason in said.failed.items()} == {
        "a": "function nothing(integer) does not exist",
        "b": 'relation "public.a" does not exist',
        "c": 'type "hstore" does not exist',
        "d": "Foreign key associated with column 'd.id' could not find table 'missing' with which "
        "to generate a foreign key to target column 'id'",
        "e": said.failed[Name("", "e")],
        "f": 'syntax error at or near ")"',
        "odd": 'syntax error at or near ")"',
        "g": 'type "public.odd" does not exist',
        "h": "MINVALUE (5) must be less than MAXVALUE (1)",
    }
    assert "unwritable" in said.failed[Name("", "e")].lower()
    assert {name.name for name in said.snapshot.tables} == {"things", "z"}
    assert {name.name for name in said.snapshot.enums} == {"state"}
    assert (said.snapshot.sequences, said.snapshot.domains) == ({}, {})


def test_a_table_that_is_no_model_is_not_touched(engine):
    run_script(engine, 'CREATE TABLE "Real parent" (id int PRIMARY KEY)')
    metadata = sa.MetaData()
    sa.Table("child", metadata, sa.Column("a", sa.Integer), postgresql_inherits="Real parent")
    with engine.connect() as holder:
        holder.exec_driver_sql('LOCK TABLE "Real parent" IN ACCESS EXCLUSIVE MODE')
        said = judged(engine, metadata)

    assert said.failed == {Name("", "child"): 'relation "public.Real parent" does not exist'}


@pytest.mark.parametrize("isolation_level", ["AUTOCOMMIT", "READ COMMITTED", "SERIALIZABLE"])
def test_the_connection_is_afterwards_as_it_was(make_engine, isolation_level):
    engine = make_engine(search_path="public,pg_catalog", lock_timeout="7s", statement_timeout="9s")
    metadata = things(sa.Column("name", sa.Text))
    create_all(engine, metadata)
    with engine.connect().execution_options(isolation_level=isolation_level) as connection:
        assert not read_models(connection, metadata.tables.values()).failed
        assert not connection.in_transaction()

        connection.exec_driver_sql("INSERT INTO things (name) VALUES ('ann')")
        assert not read_models(connection, metadata.tables.values()).failed
        assert connection.in_transaction()
        assert connection.scalar(sa.text("SELECT name FROM things")) == "ann"
        assert connection.scalar(sa.text("SHOW search_path")) == "public,pg_catalog"
        assert connection.scalar(sa.text("SHOW lock_timeout")) == "7s"
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "9s"
        connection.commit()
        assert connection.scalar(sa.text("SELECT name FROM things")) == "ann"


REFUSALS = {
    "the right to make schemas": "SET ROLE {role}",
    "a server that writes": "SET default_transaction_read_only = on",
}


@pytest.fixture
def role(engine):
    name = f"{engine.url.database}_weak"
    run_script(engine, f"CREATE ROLE {name}")
    yield name
    run_script(engine, f"DROP ROLE {name}")


@pytest.mark.parametrize("missing", REFUSALS)
def test_without_a_place_it_says_so_and_leaves_the_connection_alone(engine, role, missing):
    with engine.connect() as connection:
        connection.exec_driver_sql(REFUSALS[missing].format(role=role))
        connection.commit()
        for is_within in (False, True):
            if is_within:
                connection.exec_driver_sql("SELECT 1")
            with pytest.raises(NoScratchPlace, match=r"permission denied|read-only transaction"):
                read_models(connection, things().tables.values())
            assert connection.in_transaction() == is_within
        assert connection.scalar(sa.text("SELECT 1")) == 1
        connection.rollback()
        connection.invalidate()


def test_a_server_without_room_for_more_locks_is_no_place(engine):
    raising = "DO $$BEGIN RAISE 'no room' USING ERRCODE = 'out_of_memory'; END$$"
    with engine.connect() as connection:
        with pytest.raises(NoScratchPlace, match="no room"):
            read_models(
                connection,
                things().tables.values(),
                further=[Statement(owner=Name("", "view"), sql=raising)],
            )
        assert not connection.in_transaction()
