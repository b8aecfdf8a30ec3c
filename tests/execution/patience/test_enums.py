"""Values of enum types that are added and used in one run."""

import pytest
import sqlalchemy as sa

from flask_migrate.errors import EnumValueUncommitted
from tests.execution.patience.conductor import Conductor


@pytest.fixture
def with_type(postgresql):
    with postgresql.begin() as connection:
        connection.execute(sa.text('CREATE SCHEMA "S"'))
        connection.execute(sa.text("""CREATE TYPE "S"."Mood" AS ENUM ('sad', 'glad')"""))
        connection.execute(sa.text('ALTER TABLE users ADD COLUMN mood "S"."Mood"'))
    return postgresql


def adds(op, value="'it''s'"):
    op.execute(f"""ALTER TYPE "S"."Mood" ADD VALUE {value} BEFORE 'glad'""")


def uses(op):
    op.execute("UPDATE users SET mood = 'it''s'")


def values(engine):
    with engine.connect() as connection:
        return list(connection.scalars(sa.text('SELECT unnest(enum_range(NULL::"S"."Mood"))')))


def add_and_use(op):
    adds(op)
    uses(op)


def test_a_value_is_added_and_used_in_one_revision(with_type):
    conductor = Conductor(with_type)
    conductor.run(add_and_use)

    assert values(with_type) == ["sad", "it's", "glad"]
    assert conductor.begun == 2
    adds = """ALTER TYPE "S"."Mood" ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'glad'"""
    said = "Committed ahead of the revision that uses it, which begins again:"
    assert conductor.said == [f"{said} {adds}"]


def test_a_value_is_added_and_used_in_one_transaction_of_all(with_type):
    conductor = Conductor(with_type)
    conductor.run_together(adds, uses)

    assert values(with_type) == ["sad", "it's", "glad"]
    assert conductor.begun == 4


def test_a_value_is_added_and_used_in_the_first_revision_of_a_transaction(with_type):
    conductor = Conductor(with_type)
    conductor.run_together(add_and_use)

    assert values(with_type) == ["sad", "it's", "glad"]
    assert conductor.begun == 2


def test_a_value_with_a_percent_sign_is_itself(with_type):
    def revision(op):
        adds(op, "'100 %'")
        op.execute("UPDATE users SET mood = '100 %'")

    Conductor(with_type).run(revision)

    assert values(with_type) == ["sad", "100 %", "glad"]


def test_a_value_that_is_not_used_is_undone_with_its_revision(with_type):
    def revision(op):
        adds(op)
        op.execute("SELECT 1/0")

    with pytest.raises(sa.exc.DBAPIError):
        Conductor(with_type).run(revision)

    assert values(with_type) == ["sad", "glad"]


def test_after_a_failure_a_plain_run_goes_on(with_type):
    def revision(op):
        add_and_use(op)
        op.execute("SELECT 1/0")

    with pytest.raises(sa.exc.DBAPIError):
        Conductor(with_type).run(revision)
    assert values(with_type) == ["sad", "it's", "glad"]

    conductor = Conductor(with_type)
    conductor.run(add_and_use)

    assert conductor.begun == 1
    assert conductor.said == ["""The type "S"."Mood" has the value 'it''s' already."""]


def test_several_statements_in_one_string_are_seen(with_type):
    def revision(op):
        op.execute("""ALTER TYPE "S"."Mood" ADD VALUE 'a'; ALTER TYPE "S"."Mood" ADD VALUE 'b'""")
        op.execute("UPDATE users SET mood = 'b'")

    Conductor(with_type).run(revision)

    assert values(with_type) == ["sad", "glad", "a", "b"]


def test_a_value_of_a_type_of_the_same_transaction_cannot_be_committed_ahead(postgresql):
    def revision(op):
        op.execute("CREATE TYPE fresh AS ENUM ('a')")
        op.execute("ALTER TYPE fresh ADD VALUE 'b'")
        op.execute("SELECT 'b'::fresh FROM users")

    try:
        Conductor(postgresql).run(revision)
    except EnumValueUncommitted as error:
        assert "revision of its own" in error.hint  # noqa: PT017 - PostgreSQL 17 can do it
        assert server_version(postgresql) < 17
    else:
        assert server_version(postgresql) >= 17


def server_version(engine):
    with engine.connect() as connection:
        return connection.dialect.server_version_info[0]
