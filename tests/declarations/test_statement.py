"""What is read of the beginning of a statement."""

import pytest

from flask_migrate.declarations.statement import arguments_of, creation_of, or_replaced, split


def read(sql):
    made = creation_of(sql, fold=str.lower)
    return made and (
        made.kind,
        made.target.schema,
        made.target.name,
        made.table and made.table.name,
    )


@pytest.mark.parametrize(
    ("sql", "made"),
    [
        ("create view Seen as select 1", ("view", None, "seen", None)),
        ('CREATE OR REPLACE VIEW "Far"."a""b" AS SELECT 1', ("view", "Far", 'a"b', None)),
        (
            "CREATE DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `x`.`y``z` AS SELECT 1",
            ("view", "x", "y`z", None),
        ),
        (
            "CREATE ALGORITHM = MERGE DEFINER = CURRENT_USER() SQL SECURITY INVOKER VIEW v AS ...",
            ("view", None, "v", None),
        ),
        ("CREATE VIEW IF NOT EXISTS [a b] AS SELECT 1", ("view", None, "a b", None)),
        (
            "/* FUNCTION */ -- VIEW\nCREATE MATERIALIZED VIEW kept AS SELECT 1",
            ("materialized view", None, "kept", None),
        ),
        ("CREATE RECURSIVE VIEW v (n) AS SELECT 1", ("view", None, "v", None)),
        ("CREATE FUNCTION f() RETURNS int", ("function", None, "f", None)),
        ("CREATE DEFINER = root@localhost PROCEDURE p()", ("procedure", None, "p", None)),
        (
            "CREATE CONSTRAINT TRIGGER w AFTER UPDATE OF a ON ONLY s.t FOR EACH ROW ...",
            ("trigger", None, "w", "t"),
        ),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON v (a)", ("index", None, "i", "v")),
    ],
)
def test_what_is_made_is_read_from_the_statement(sql, made):
    assert read(sql) == made


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- CREATE VIEW v AS SELECT 1",
        "INSERT INTO logs VALUES ('CREATE VIEW v')",
        "GRANT SELECT ON v TO ada",
        "CREATE EXTENSION hstore",
        "CREATE ROLE ada",
        "CREATE TABLE t (a int)",
        "CREATE TEMP VIEW v AS SELECT 1",
        "CREATE TEMPORARY TRIGGER w AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE EVENT TRIGGER w ON ddl_command_start EXECUTE FUNCTION f()",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
        "CREATE VIEW",
        "CREATE VIEW 'v' AS SELECT 1",
        "CREATE TRIGGER w",
        "DROP VIEW v",
    ],
)
def test_nothing_else_is_taken_for_code(sql):
    assert read(sql) is None


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("SELECT 1", ["SELECT 1"]),
        (" SELECT ';' ; ; SELECT \";\" ;\n", ["SELECT ';'", 'SELECT ";"']),
        (r"SELECT '\'; DROP TABLE t; --'", [r"SELECT '\'", "DROP TABLE t"]),
        (r"SELECT E'\'; DROP TABLE t; --'", [r"SELECT E'\'; DROP TABLE t; --'"]),
        ("DO $a$ ;$$; $a$; SELECT 2", ["DO $a$ ;$$; $a$", "SELECT 2"]),
        (
            "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN 1 THEN 2 END; END; GRANT x",
            ["CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN 1 THEN 2 END; END", "GRANT x"],
        ),
    ],
)
def test_a_text_is_split_where_a_statement_ends(sql, statements):
    found = list(split(sql))

    assert [one.partition(" --")[0] for one in found] == [
        one.partition(" --")[0] for one in statements
    ]


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ("()", "()"),
        ("(a int)", "(a int)"),
        ("(a numeric(4, 2) DEFAULT (1 + 2), b text = ',')", "(a numeric(4, 2), b text)"),
        ("(VARIADIC a text[] DEFAULT array[')'])", "(VARIADIC a text[])"),
    ],
)
def test_a_function_is_dropped_by_its_arguments_without_their_defaults(arguments, kept):
    sql = f"CREATE FUNCTION f{arguments} RETURNS int AS $$ ) $$"

    assert arguments_of(sql, creation_of(sql)) == kept


def test_what_is_there_may_be_replaced():
    assert or_replaced(" create view v") == " CREATE OR REPLACE view v"
    assert or_replaced("create or replace view v") == "create or replace view v"
