"""What PostgreSQL makes of models, against what it really has after create_all()."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import create_async_engine

from flask_migrate.database.scratch.postgresql import read_models
from flask_migrate.database.scratch.postgresql_parts import parts
from flask_migrate.database.scratch.statements import Statement
from flask_migrate.database.snapshots.postgresql import read
from flask_migrate.values.schema import Name
from tests.database.postgresql import counted, engines, run_script
from tests.database.scratch.judging import create_all, judged, really, things
from tests.database.scratch.postgresql_models import PREPARATION, SCHEMAS, all_models

LEFT_BEHIND = sa.text("""
    SELECT 'schema', nspname::text FROM pg_namespace UNION ALL
    SELECT 'table', oid::regclass::text FROM pg_class UNION ALL
    SELECT 'type', oid::regtype::text FROM pg_type UNION ALL
    SELECT 'function', oid::regprocedure::text FROM pg_proc
""")

LOCK_ALL = """
    DO $$ DECLARE held text; BEGIN
      FOR held IN SELECT oid::regclass FROM pg_class
                  WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^pg_|^info'
      LOOP
        EXECUTE 'LOCK TABLE ' || held || ' IN ACCESS EXCLUSIVE MODE';
      END LOOP;
    END $$
"""


@pytest.fixture(scope="module")
def prepared(servers, tmp_path_factory):
    """A database that all models have been created in, and what was said of them before."""
    database = servers.create("postgresql", directory=tmp_path_factory.mktemp("all"))
    with engines(database) as make:
        engine = make()
        run_script(engine, PREPARATION)
        before = judged(engine, all_models())
        create_all(engine, all_models())
        yield engine, before
    servers.drop(database)


def test_models_are_told_as_what_create_all_makes_of_them(prepared):
    engine, before = prepared
    with engine.connect() as connection:
        real = read(connection, SCHEMAS)
    # They use this one, and do not make it.
    del real.enums[Name("", "mood")]

    assert before.failed == {}
    assert before.snapshot.tables == real.tables
    assert before.snapshot == real


def test_models_are_told_the_same_whether_they_are_there_already_or_not(prepared):
    engine, before = prepared

    assert judged(engine, all_models()) == before


def test_a_table_is_told_the_same_without_those_it_refers_to(prepared):
    engine, before = prepared
    metadata = all_models()
    alone = {"children": "", "eggs": "", "hens": "", 'quo"te': "", "items": "shop"}
    with engine.connect() as connection:
        for name, schema in alone.items():
            table = next(
                one
                for one in metadata.tables.values()
                if one.name == name and (one.schema or "") == schema
            )
            after = read_models(connection, [table])
            full = Name(schema, name)
            assert (after.failed, after.snapshot.tables) == (
                {},
                {full: before.snapshot.tables[full]},
            )


def test_nothing_of_the_models_is_left(prepared):
    engine, _ = prepared
    with engine.connect() as connection:
        before = sorted(map(tuple, connection.execute(LEFT_BEHIND)))
        read_models(connection, all_models().tables.values())
        after = sorted(map(tuple, connection.execute(LEFT_BEHIND)))

    assert after == before


def test_nobody_who_holds_tables_is_in_the_way(prepared):
    engine, before = prepared
    with engine.connect() as holder:
        holder.exec_driver_sql(LOCK_ALL)
        held = holder.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE mode ~ '^AccessExcl'"))
        assert held >= len(before.snapshot.tables)

        assert judged(engine, all_models()) == before


@pytest.mark.parametrize("path", ["shop,public", '"Mixed \'s",shop'])
def test_the_default_schema_may_be_another_one_than_public(engine, make_engine, path):
    run_script(
        engine,
        """
        CREATE SCHEMA shop; CREATE SCHEMA "Mixed 's"; CREATE EXTENSION citext SCHEMA shop;
        CREATE SEQUENCE shop.there;
    """,
    )
    state = sa.Enum("on", "off", name="state")
    metadata = things(
        sa.Column("state", state, server_default="on"),
        sa.Column("states", pg.ARRAY(state)),
        sa.Column("kind", sa.Enum("a", name="kind", schema="public")),
        sa.Column("other", sa.Integer, sa.ForeignKey("public.things.id")),
        sa.Column("own", sa.Integer, sa.ForeignKey("things.id")),
        sa.Column("next", sa.Integer, server_default=sa.text("nextval('own_numbers')")),
        sa.Column("there", sa.Integer, server_default=sa.text("nextval('shop.there')")),
        sa.Column("name", sa.Text, sa.CheckConstraint("name::shop.citext = 'A'")),
    )
    sa.Sequence("own_numbers", metadata=metadata)
    sa.Table("things", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="public")

    other = make_engine(search_path=path.replace(" ", "\\ "))
    before = judged(other, metadata)
    real = really(other, metadata, "public")
    real.sequences.pop(Name("", "there"), None)

    assert before.failed == {}
    assert {name.schema for name in real.tables} == {"", "public"}
    assert before.snapshot == real
    assert judged(other, metadata) == before


def test_what_names_the_default_schema_is_the_same_as_what_does_not(engine):
    state = sa.Enum("on", name="state", schema="public")
    metadata = things(
        sa.Column("state", state, server_default=sa.text("'on'::public.state")),
        sa.Column("next", sa.Integer, server_default=sa.text("nextval('public.numbers')")),
        sa.Column("up", sa.Integer, sa.ForeignKey("public.others.id")),
    )
    sa.Sequence("numbers", metadata=metadata)
    sa.Table("others", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="public")

    before = judged(engine, metadata)
    assert before.failed == {}
    assert before.snapshot == really(engine, metadata)


CHANGES = {
    "type": sa.Column("name", sa.String(81), server_default="x"),
    "default": sa.Column("name", sa.String(80), server_default="X"),
    "nullability": sa.Column("name", sa.String(80), server_default="x", nullable=False),
    "comment": sa.Column("name", sa.String(80), server_default="x", comment=""),
    "collation": sa.Column("name", sa.String(80, collation="C"), server_default="x"),
    "key": sa.Column("name", sa.String(80), server_default="x", unique=True),
    "index": sa.Column("name", sa.String(80), server_default="x", index=True),
    "check": sa.Column("name", sa.String(80), sa.CheckConstraint("true"), server_default="x"),
    "computed": sa.Column("name", sa.String(80), sa.Computed("'x'::text", persisted=True)),
    "identity": sa.Column("name", sa.BigInteger, sa.Identity()),
}


def test_models_that_are_as_the_database_make_no_difference(engine):
    given = things(sa.Column("name", sa.String(80), server_default="x"))
    same = things(sa.Column("name", pg.VARCHAR(80), server_default=sa.text("'x'::varchar")))

    assert judged(engine, same).snapshot == really(engine, given)


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_the_models_makes_a_difference(engine, change):
    real = really(engine, things(sa.Column("name", sa.String(80), server_default="x")))
    after = judged(engine, things(CHANGES[change]._copy()))

    assert not after.failed
    if change != "comment":  # PostgreSQL has no empty ones
        assert after.snapshot != real
    else:
        assert after.snapshot == real


def test_a_small_key_is_numbered_by_a_small_sequence(engine):
    metadata = sa.MetaData()
    sa.Table("things", metadata, sa.Column("id", sa.SmallInteger, primary_key=True))
    said = judged(engine, metadata)

    (id_,) = said.snapshot.tables[Name("", "things")].columns
    assert (id_.type, id_.is_numbered, id_.options) == ("smallint", True, ())
    assert said.snapshot == really(engine, metadata)


def test_a_table_may_come_before_its_parent(engine):
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("one", sa.Integer), postgresql_inherits="b")
    sa.Table("b", metadata, sa.Column("two", sa.Integer), postgresql_inherits=("c",))
    sa.Table("c", metadata, sa.Column("three", sa.Integer))

    said = judged(engine, metadata)

    assert said.failed == {}
    assert said.snapshot.tables[Name("", "a")].inherited == ("three", "two")


def test_many_tables_are_made_in_parts_and_families_stay_together():
    metadata = sa.MetaData()
    for number in range(7):
        sa.Table(f"t{number}", metadata, sa.Column("id", sa.Integer))
    sa.Table("u", metadata, postgresql_inherits="t6")
    found = [[table.name for table in part] for part in parts([*metadata.tables.values()], size=3)]

    assert found == [["t6", "u", "t0", "t1", "t2"], ["t3", "t4", "t5"]]
    assert list(parts([], size=3)) == [[]]


def test_tables_of_several_parts_are_told_as_what_create_all_makes_of_them(engine):
    metadata = things()
    kind = sa.Enum("a", "b", name="kind")
    sa.Sequence("numbers", metadata=metadata)
    for number in range(230):
        sa.Table(
            f"t{number}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("one", sa.Integer, sa.ForeignKey(f"t{(number + 115) % 230}.id")),
            sa.Column("two", sa.Integer, sa.ForeignKey("things.id")),
            sa.Column("kind", kind),
        )

    said = judged(engine, metadata)
    assert said.failed == {}
    assert said.snapshot == really(engine, metadata)


def test_the_number_of_queries_is_always_the_same(engine):
    counts = []
    for number in (3, 60):
        metadata = sa.MetaData()
        for at in range(number):
            sa.Table(f"t{at}", metadata, sa.Column("id", sa.Integer, primary_key=True))
        with engine.connect() as connection, counted(connection) as statements:
            read_models(connection, metadata.tables.values())
        counts.append(len(statements))

    assert counts == [15, 15]


def test_code_is_told_after_the_tables_it_reads(engine):
    sql = {
        "adults": "CREATE VIEW adults AS SELECT id FROM things WHERE id %% 2 = 0",
        "all": "CREATE VIEW public.all AS SELECT * FROM public.things, adults AS a (other)",
        "touch": "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql "
        "AS $$BEGIN new.id = 'it''s public.things'; RETURN new; END$$",
        "touched": "CREATE TRIGGER touched BEFORE UPDATE ON things "
        "FOR EACH ROW EXECUTE FUNCTION public.touch()",
    }
    further = [Statement(owner=Name("", name), sql=one) for name, one in sql.items()]
    metadata = things()
    before = judged(engine, metadata, further=further)
    create_all(engine, metadata)
    run_script(engine, ";".join(sql.values()).replace("%%", "%"))

    assert before.failed == {}
    with engine.connect() as connection:
        assert before.snapshot == read(connection, [""])
    assert judged(engine, metadata, further=further) == before


def test_an_asynchronous_driver_is_told_the_same(prepared):
    engine, before = prepared

    async def judge():
        other = create_async_engine(engine.url.set(drivername="postgresql+asyncpg"))
        async with other.connect() as connection:
            said = await connection.run_sync(read_models, all_models().tables.values())
        await other.dispose()
        return said

    assert asyncio.run(judge()) == before


def test_through_a_pooler_it_is_told_the_same(engine, pooled_database):
    metadata = things(sa.Column("state", sa.Enum("a", name="state"), server_default="a"))
    with engines(pooled_database) as make:
        said = judged(make(), metadata)

    assert said.failed == {}
    assert said.snapshot == really(engine, metadata)
