import json

import pytest
import sqlalchemy as sa

from flask_migrate.values.schema import Computed, Identity, Index, Kind, Name, Sequence
from tests.database.postgresql import found, run_script, table


def definitions(constraints):
    return {one.name: one.definition for one in constraints}


def test_a_column_is_told_in_all_its_parts(engine):
    columns = table(
        engine,
        """
        CREATE TABLE things (
          id bigserial,
          small smallint,
          name varchar(80) COLLATE "C" NOT NULL DEFAULT 'it''s 100%',
          always int GENERATED ALWAYS AS IDENTITY (
            START -5 INCREMENT -1 MINVALUE -9 CYCLE CACHE 3
          ),
          twice int GENERATED ALWAYS AS (small * 2) STORED,
          items numeric(5, 1)[],
          big text
        );
        ALTER TABLE things ALTER big SET STORAGE MAIN, ALTER big SET COMPRESSION pglz;
        COMMENT ON COLUMN things.small IS 'it''s';
    """,
        "things",
    ).columns

    id_, small, name, always, twice, items, big = columns
    assert (id_.type, id_.nullable, id_.default, id_.is_numbered) == ("bigint", False, None, True)
    assert (small.type, small.nullable, small.comment) == ("smallint", True, "it's")
    assert (name.type, name.collation) == ("character varying(80)", "C")
    assert (name.nullable, name.default) == (False, "'it''s 100%'::character varying")
    options = (
        ("cache", "3"),
        ("cycle", "true"),
        ("increment", "-1"),
        ("minvalue", "-9"),
        ("start", "-5"),
    )
    assert always.identity == Identity(is_always=True, options=options)
    assert (always.default, always.is_numbered) == (None, False)
    assert twice.computed == Computed(expression="(small * 2)", is_stored=True)
    assert (twice.default, items.type) == (None, "numeric(5,1)[]")
    assert big.options == (("compression", "pglz"), ("storage", "main"))
    assert [one.options for one in (id_, name, always)] == [(), (), ()]


def test_a_sequence_of_another_type_than_its_column_is_told(engine):
    things = table(
        engine,
        """
        CREATE TABLE things (id serial, other smallserial, own bigserial);
        ALTER TABLE things ALTER id TYPE bigint;
    """,
        "things",
    )

    assert [one.is_numbered for one in things.columns] == [True] * 3
    assert [one.options for one in things.columns] == [(("sequence_type", "integer"),), (), ()]


def test_only_a_sequence_that_the_column_owns_numbers_it(engine):
    snapshot = found(
        engine,
        """
        CREATE SEQUENCE free;
        CREATE SEQUENCE "Its own's";
        CREATE SEQUENCE coded;
        CREATE TABLE things (
          one int DEFAULT nextval('free'),
          two int DEFAULT nextval('"Its own''s"'),
          three text DEFAULT 'A' || nextval('coded')
        );
        ALTER SEQUENCE "Its own's" OWNED BY things.two;
        ALTER SEQUENCE coded OWNED BY things.three;
    """,
    )

    one, two, three = snapshot.tables[Name("", "things")].columns
    assert (one.is_numbered, one.default) == (False, "nextval('free'::regclass)")
    assert (two.is_numbered, two.default) == (True, None)
    assert three.default == "('A'::text || nextval('coded'::regclass))"
    assert snapshot.sequences == {Name("", "free"): Sequence(name=Name("", "free"))}


def test_a_constraint_is_told_in_all_its_parts(engine):
    snapshot = found(
        engine,
        """
        CREATE TABLE parents (a int, b int, c int, PRIMARY KEY (b, a), UNIQUE (c) INCLUDE (a));
        CREATE TABLE things (
          a int, b int, c int, span int4range,
          CONSTRAINT once UNIQUE NULLS NOT DISTINCT (c, a) DEFERRABLE INITIALLY DEFERRED,
          CONSTRAINT small CHECK (a < 9) NO INHERIT,
          CONSTRAINT two FOREIGN KEY (a, b) REFERENCES parents (a, b) MATCH FULL
            ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE,
          EXCLUDE USING gist (span WITH &&) WHERE (a > 3)
        ) ;
        ALTER TABLE things ADD CONSTRAINT late CHECK (b > 0) NOT VALID;
        ALTER TABLE things ADD CONSTRAINT later FOREIGN KEY (c) REFERENCES parents (c) NOT VALID;
        COMMENT ON CONSTRAINT small ON things IS 'it''s';
    """.replace("PRIMARY KEY (b, a)", "PRIMARY KEY (b, a), UNIQUE (a, b)"),
    )

    parents, things = (snapshot.tables[Name("", name)] for name in ("parents", "things"))
    assert definitions(parents.constraints) == {
        "parents_pkey": "PRIMARY KEY (b, a)",
        "parents_a_b_key": "UNIQUE (a, b)",
        "parents_c_a_key": "UNIQUE (c) INCLUDE (a)",
    }
    assert [one.columns for one in parents.constraints] == [("b", "a"), ("a", "b"), ("c",)]
    assert definitions(things.constraints) == {
        "late": "CHECK ((b > 0)) NOT VALID",
        "small": "CHECK ((a < 9)) NO INHERIT",
        "things_span_excl": "EXCLUDE USING gist (span WITH &&) WHERE ((a > 3))",
        "later": "FOREIGN KEY (c) REFERENCES parents(c) NOT VALID",
        "two": "FOREIGN KEY (a, b) REFERENCES parents(a, b) MATCH FULL ON UPDATE CASCADE "
        "ON DELETE SET NULL DEFERRABLE",
        "once": "UNIQUE NULLS NOT DISTINCT (c, a) DEFERRABLE INITIALLY DEFERRED",
    }
    two = next(one for one in things.constraints if one.name == "two")
    assert (two.columns, two.target) == (("a", "b"), Name("", "parents"))
    assert two.target_columns == ("a", "b")
    small = next(one for one in things.constraints if one.name == "small")
    assert (small.kind, small.columns, small.comment) == (Kind.CHECK, (), "it's")
    assert things.indexes == ()


def test_an_index_is_told_without_its_name_and_its_table(engine):
    things = table(
        engine,
        """
        CREATE TABLE "My things" (a int, b text, "C" text);
        CREATE UNIQUE INDEX one ON "My things" (a DESC, lower(b)) INCLUDE ("C") WHERE a > 3;
        CREATE INDEX "Two ON USING" ON "My things" (b COLLATE "C" text_pattern_ops)
          WITH (fillfactor = 70);
        COMMENT ON INDEX one IS 'it''s';
    """,
        "My things",
    )

    assert things.indexes == (
        Index(
            name="Two ON USING",
            is_unique=False,
            columns=("b",),
            definition="""USING btree (b COLLATE "C" text_pattern_ops) WITH (fillfactor='70')""",
        ),
        Index(
            name="one",
            is_unique=True,
            columns=("a", None),
            definition="""USING btree (a DESC, lower(b)) INCLUDE ("C") WHERE (a > 3)""",
            comment="it's",
        ),
    )


def test_an_index_that_was_not_built_to_the_end_is_not_valid(engine):
    run_script(engine, "CREATE TABLE things (a int); INSERT INTO things VALUES (1), (1)")
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        pytest.raises(sa.exc.IntegrityError),
    ):
        connection.exec_driver_sql("CREATE UNIQUE INDEX CONCURRENTLY broken ON things (a)")

    assert [one.is_valid for one in table(engine, "", "things").indexes] == [False]


@pytest.fixture
def tablespace(engine):
    name = f"godwit_test_{engine.url.database}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET allow_in_place_tablespaces = on")
        connection.exec_driver_sql(f"CREATE TABLESPACE {name} LOCATION ''")
        yield name
        connection.exec_driver_sql("DROP TABLE IF EXISTS things")
        connection.exec_driver_sql(f"DROP TABLESPACE {name}")


def test_what_is_kept_elsewhere_says_where(engine, tablespace):
    things = table(
        engine,
        f"""
        CREATE TABLE things (a int) TABLESPACE {tablespace};
        CREATE INDEX one ON things (a) TABLESPACE {tablespace} WHERE a > 3;
        CREATE INDEX two ON things (a) TABLESPACE {tablespace};
    """,
        "things",
    )

    assert things.options == (("tablespace", tablespace),)
    assert [one.definition for one in things.indexes] == [
        f"USING btree (a) TABLESPACE {tablespace} WHERE (a > 3)",
        f"USING btree (a) TABLESPACE {tablespace}",
    ]


def test_a_partitioned_table_is_told_with_what_makes_its_partitions(engine):
    snapshot = found(
        engine,
        """
        CREATE TABLE users (id int PRIMARY KEY) PARTITION BY HASH (id);
        CREATE TABLE users_0 PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE users_1 PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE days (
          day date, kind int, buyer int REFERENCES users, PRIMARY KEY (day, kind)
        ) PARTITION BY RANGE (day, kind);
        CREATE INDEX by_kind ON days (kind);
        CREATE TABLE old PARTITION OF days DEFAULT PARTITION BY LIST (kind);
        CREATE TABLE oldest PARTITION OF old DEFAULT;
    """,
    )

    assert set(snapshot.tables) == {Name("", "users"), Name("", "days")}
    days = snapshot.tables[Name("", "days")]
    options = dict(days.options)
    assert options["partition_by"] == "RANGE (day, kind)"
    assert json.loads(options["partitions"]) == [
        "CREATE TABLE old PARTITION OF days DEFAULT PARTITION BY LIST (kind)",
        "CREATE TABLE oldest PARTITION OF old DEFAULT",
    ]
    assert [one.definition for one in days.indexes] == ["USING btree (kind)"]
    assert definitions(days.constraints) == {
        "days_pkey": "PRIMARY KEY (day, kind)",
        "days_buyer_fkey": "FOREIGN KEY (buyer) REFERENCES users(id)",
    }


def test_what_a_table_has_from_its_parents_is_told_apart(engine):
    child = table(
        engine,
        """
        CREATE TABLE one (a int, b int CHECK (b > 0));
        CREATE TABLE "Two" (c int, CONSTRAINT own CHECK (c > 0));
        CREATE TABLE child (c int, d int, CONSTRAINT own CHECK (c > 0)) INHERITS (one, "Two");
    """,
        "child",
    )

    assert child.options == (("inherits", 'one, "Two"'),)
    assert child.inherited == ("a", "b", "c")
    assert [one.name for one in child.columns] == ["a", "b", "c", "d"]
    assert definitions(child.constraints) == {"own": "CHECK ((c > 0))"}


def test_how_a_table_is_kept_is_told(engine):
    things = table(
        engine,
        """
        CREATE UNLOGGED TABLE things (a text)
          WITH (fillfactor = 70, toast.autovacuum_enabled = false);
        COMMENT ON TABLE things IS 'it''s';
    """,
        "things",
    )

    assert things.comment == "it's"
    assert things.options == (
        ("unlogged", "true"),
        ("with.fillfactor", "70"),
        ("with.toast.autovacuum_enabled", "false"),
    )
