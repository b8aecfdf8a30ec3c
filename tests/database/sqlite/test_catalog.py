import pytest
import sqlalchemy as sa

from flask_migrate.database.sqlite.catalog import Reference, read_catalog


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def run(connection, *statements):
    for sql in statements:
        connection.exec_driver_sql(sql)


def test_everything_about_a_table_is_found(connection):
    run(
        connection,
        'CREATE TABLE "it\'s" '
        '(id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE, boss REFERENCES "IT\'S")',
        'CREATE TABLE child (x, y, FOREIGN KEY (x, y) REFERENCES "it\'s" (id, a))',
        'CREATE INDEX i ON "it\'s" (a)',
        'CREATE TRIGGER tr AFTER INSERT ON "it\'s" BEGIN SELECT 1; END',
        'CREATE TEMP TRIGGER tmp AFTER INSERT ON main."it\'s" BEGIN SELECT 1; END',
        'INSERT INTO "it\'s" (id) VALUES (41)',
    )
    catalog = read_catalog(connection, "it's", schema=None)

    assert (catalog.schema, catalog.has_rows, catalog.sequence) == ("main", True, 41)
    assert catalog.references == (
        Reference(table="child", columns=("id", "a")),
        Reference(table="it's", columns=()),
    )
    assert [entry.name for entry in catalog.of_table("index", "IT'S")] == ["i"]
    triggers = [(entry.schema, entry.name) for entry in catalog.of_table("trigger", "it's")]
    assert triggers == [("main", "tr"), ("temp", "tmp")]
    assert catalog.find("table", "CHILD").sql.startswith("CREATE TABLE child")
    assert catalog.has_code


def test_a_missing_table_has_nothing(connection):
    catalog = read_catalog(connection, "t", schema=None)

    assert (catalog.entries, catalog.references, catalog.has_rows) == ((), (), False)
    assert catalog.find("table", "t") is None
    assert not catalog.has_code


def test_the_temporary_schema_is_one_of_its_own(connection):
    run(
        connection, "CREATE TABLE t (a)", "CREATE TEMP TABLE t (b)", "INSERT INTO temp.t VALUES (1)"
    )
    main, temp = (read_catalog(connection, "t", schema=name) for name in ("main", "temp"))

    assert (main.find("table", "t").sql, main.has_rows) == ("CREATE TABLE t (a)", False)
    assert (temp.find("table", "t").sql, temp.has_rows) == ("CREATE TABLE t (b)", True)


def test_virtual_tables_and_what_belongs_to_them_are_told_from_others(connection):
    run(connection, "CREATE VIRTUAL TABLE docs USING fts5(a)", "CREATE TABLE docs_users (a)")
    catalog = read_catalog(connection, "docs", schema=None)

    assert catalog.find("table", "docs").is_virtual
    assert catalog.is_shadow("docs_content")
    assert not catalog.is_shadow("docs_users")


def test_a_free_name_is_nobodys(connection):
    run(connection, "CREATE TABLE T (a)", "CREATE VIEW t_2 AS SELECT 1")

    assert read_catalog(connection, "t", schema=None).free_name("t") == "t_3"


SEVERAL = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
    "CREATE INDEX t_a ON t (a)",
    "CREATE TABLE other (b REFERENCES t (id))",
    "CREATE INDEX other_b ON other (b)",
    "CREATE TABLE _godwit_t (a)",
)


def test_what_can_concern_a_table_is_enough(connection):
    run(
        connection,
        *SEVERAL,
        "CREATE VIRTUAL TABLE docs USING fts5(a)",
        "INSERT INTO t(a) VALUES (1)",
    )
    part = read_catalog(connection, "T", schema=None, beside=["OTHER_B"])
    whole = read_catalog(connection, "T", schema=None)

    assert [
        one.name for one in whole.entries if one not in part.entries if "docs_" not in one.name
    ] == ["other"]
    assert (part.references, part.has_rows, part.sequence) == (
        (Reference(table="other", columns=("id",)),),
        True,
        1,
    )
    assert part.free_name("_godwit_t") == whole.free_name("_godwit_t") == "_godwit_t_2"
    assert part.is_shadow("docs_content")


@pytest.mark.parametrize(
    "code",
    [
        "CREATE VIEW v AS SELECT * FROM other",
        "CREATE TRIGGER g AFTER INSERT ON other BEGIN DELETE FROM t; END",
    ],
)
def test_where_a_view_or_a_trigger_may_speak_of_any_table_all_of_them_are_read(connection, code):
    run(connection, *SEVERAL, code)

    assert read_catalog(connection, "t", schema=None, beside=[]) == read_catalog(
        connection, "t", schema=None
    )
