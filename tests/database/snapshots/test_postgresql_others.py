from flask_migrate.values.schema import Code, Domain, Name
from tests.database.postgresql import found


def test_a_table_says_to_which_extension_it_belongs(engine):
    snapshot = found(
        engine,
        """
        CREATE EXTENSION citext;
        CREATE TABLE hers (id serial);
        CREATE TYPE its AS ENUM ('a');
        CREATE TABLE ours (id serial, name citext DEFAULT 'A', CHECK (name = 'a'));
        ALTER EXTENSION citext ADD TABLE hers;
        ALTER EXTENSION citext ADD TYPE its;
    """,
    )

    owners = {name.name: one.owner for name, one in snapshot.tables.items()}
    assert owners == {"hers": "citext", "ours": None}
    ours = snapshot.tables[Name("", "ours")]
    assert [one.definition for one in ours.constraints] == ["CHECK ((name = 'a'::citext))"]
    assert (snapshot.enums, snapshot.sequences, snapshot.code) == ({}, {}, ())


def test_labels_of_an_enum_are_in_its_order(engine):
    snapshot = found(
        engine,
        """
        CREATE TYPE state AS ENUM ('z', 'it''s');
        ALTER TYPE state ADD VALUE 'between' BEFORE 'it''s';
        COMMENT ON TYPE state IS 'how';
    """,
    )

    state = snapshot.enums[Name("", "state")]
    assert (state.labels, state.comment) == (("z", "between", "it's"), "how")


def test_a_domain_is_told_in_all_its_parts(engine):
    snapshot = found(
        engine,
        """
        CREATE DOMAIN code AS varchar(9) COLLATE "C" DEFAULT 'x' NOT NULL CHECK (VALUE <> '');
        CREATE DOMAIN other AS code;
    """,
    )

    default = "'x'::character varying"
    assert snapshot.domains == {
        Name("", "code"): Domain(
            name=Name("", "code"),
            type="character varying(9)",
            collation='"C"',
            default=default,
            is_required=True,
            conditions=(("code_check", "CHECK (((VALUE)::text <> ''::text))"),),
        ),
        Name("", "other"): Domain(name=Name("", "other"), type="code", default=default),
    }


def test_a_sequence_says_only_what_is_particular(engine):
    snapshot = found(
        engine,
        """
        CREATE SEQUENCE plain;
        CREATE SEQUENCE down INCREMENT -1;
        CREATE SEQUENCE small AS smallint MINVALUE 5 CYCLE;
        CREATE SEQUENCE odd START 7 MAXVALUE 99 CACHE 4;
    """,
    )

    assert {name.name: one.options for name, one in snapshot.sequences.items()} == {
        "plain": (),
        "down": (("increment", "-1"),),
        "small": (("as", "smallint"), ("cycle", "true"), ("minvalue", "5")),
        "odd": (("cache", "4"), ("maxvalue", "99"), ("start", "7")),
    }


def test_a_view_says_what_it_reads(engine):
    snapshot = found(
        engine,
        """
        CREATE TABLE users (id int, name text);
        CREATE VIEW one WITH (security_barrier) AS SELECT id FROM users;
        CREATE VIEW "Two" AS SELECT count(*) AS n FROM one, users WHERE name <> '';
        CREATE MATERIALIZED VIEW three AS SELECT count(*) AS n FROM users;
        CREATE UNIQUE INDEX three_n ON three (n);
    """,
    )

    users, name = Name("", "users"), "name"
    index, three, two, one = snapshot.code
    assert " ".join(one.definition.split()) == (
        "CREATE VIEW one WITH (security_barrier=true) AS SELECT users.id FROM users"
    )
    assert one.uses == ((users, "id"),)
    assert (two.kind, two.name) == ("view", Name("", "Two"))
    assert two.uses == ((Name("", "one"), ""), (users, name))
    assert (three.kind, three.uses) == ("materialized view", ((users, ""),))
    assert index == Code(
        kind="index",
        name=Name("", "three_n"),
        definition="CREATE UNIQUE INDEX three_n ON public.three USING btree (n)",
        table=Name("", "three"),
    )


def test_functions_and_triggers_are_told_as_statements(engine):
    code = found(
        engine,
        """
        CREATE TYPE span AS RANGE (subtype = float8);
        CREATE TABLE users (id int REFERENCES users, PRIMARY KEY (id));
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE FUNCTION add(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1';
        CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2';
        CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int);
        CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM users';
        CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
    """,
    ).code

    assert [(one.kind, one.name.name) for one in code] == [
        ("function", "add"),
        ("function", "add"),
        ("function", "touch"),
        ("procedure", "tidy"),
        ("trigger", "touched"),
    ]
    assert code[2].definition.startswith("CREATE OR REPLACE FUNCTION public.touch()")
    assert code[4].table == Name("", "users")
    assert code[4].definition == (
        "CREATE TRIGGER touched BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION touch()"
    )
