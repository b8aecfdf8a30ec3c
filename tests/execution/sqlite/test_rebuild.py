"""A table that is built anew keeps what nobody asked to change. Each case has rows."""

import pytest
import sqlalchemy as sa

NOTHING = ("", "")

# Name: statements, with rows. Each table t has a column a, which gets another type.
KEPT = {
    "its own text": (
        (
            "CREATE TABLE t (  -- what it is\n  id INTEGER PRIMARY KEY, -- the number\n"
            "  a VARCHAR(5), /* changed */\n  b TEXT\n)"
        ),
        "INSERT INTO t VALUES (1, 'x', 'y'), (9, NULL, '')",
    ),
    "triggers": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5))",
        "CREATE TABLE log (id INT)",
        "CREATE TRIGGER noted AFTER UPDATE OF a ON t BEGIN INSERT INTO log VALUES (new.id); END",
        "CREATE TRIGGER \"it's mine\" BEFORE DELETE ON t WHEN old.a = 'x' BEGIN SELECT 1; END",
        "INSERT INTO t VALUES (1, 'x')",
    ),
    "triggers of other tables that speak of it": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5))",
        "CREATE TABLE other (id INTEGER)",
        "CREATE TRIGGER follow AFTER INSERT ON other BEGIN INSERT INTO t (a) VALUES ('f'); END",
        "INSERT INTO other VALUES (1), (2)",
    ),
    "views, and views on views, and their triggers": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5))",
        "CREATE VIEW v AS SELECT a, id FROM t WHERE a <> ''",
        "CREATE VIEW w AS SELECT v.a FROM v JOIN t ON t.id = v.id",
        "CREATE TRIGGER through INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a); END",
        "INSERT INTO v (a) VALUES ('x'), ('y')",
    ),
    "AUTOINCREMENT and the last number": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a VARCHAR(5))",
        "INSERT INTO t VALUES (7, 'x'), (41, 'y')",
        "DELETE FROM t WHERE id = 41",
    ),
    "the last number of a table without rows": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a VARCHAR(5))",
        "INSERT INTO t VALUES (41, 'y')",
        "DELETE FROM t",
    ),
    "collations": (
        "CREATE TABLE t (a VARCHAR(5), b TEXT COLLATE NOCASE UNIQUE, c TEXT COLLATE RTRIM)",
        "INSERT INTO t VALUES ('x', 'Ada', 'c ')",
    ),
    "descending keys": (
        "CREATE TABLE t (a VARCHAR(5), b INT, c INT, PRIMARY KEY (b DESC, c), UNIQUE (c DESC))",
        "INSERT INTO t VALUES ('x', 1, 2), ('y', 2, 3)",
    ),
    "indexes of every sort": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5), b TEXT, c INT)",
        "CREATE INDEX plain ON t (b)",
        'CREATE UNIQUE INDEX "the unique one" ON t (b COLLATE NOCASE DESC, c)',
        "CREATE INDEX by_expression ON t (lower(b) || c)",
        "CREATE INDEX some ON t (c) WHERE b IS NOT NULL AND c > 5",
        "INSERT INTO t VALUES (1, 'x', 'B', 6), (2, 'y', 'C', 7)",
    ),
    "CHECKs with and without a name": (
        (
            "CREATE TABLE t (a VARCHAR(5), b INT CHECK (b > 0), "
            "c INT CONSTRAINT pos CHECK (c > 0), "
            'CHECK (b <> c), CONSTRAINT "big one" CHECK (b + c < 99))'
        ),
        "INSERT INTO t VALUES ('x', 1, 2)",
    ),
    "generated columns": (
        (
            "CREATE TABLE t (a VARCHAR(5), b INT, twice INT GENERATED ALWAYS AS (b * 2) STORED, "
            "thrice AS (b * 3))"
        ),
        "INSERT INTO t (a, b) VALUES ('x', 1), ('y', 5)",
    ),
    "actions and times of foreign keys": (
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        (
            "CREATE TABLE t (a VARCHAR(5), "
            "b INT REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE, c INT, "
            "FOREIGN KEY (c) REFERENCES p (id) MATCH FULL DEFERRABLE INITIALLY DEFERRED)"
        ),
        "INSERT INTO p VALUES (1)",
        "INSERT INTO t VALUES ('x', 1, 1)",
    ),
    "references of others": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5))",
        "CREATE TABLE child (id INTEGER, t_id INT REFERENCES t (id) ON DELETE CASCADE)",
        "INSERT INTO t VALUES (1, 'x')",
        "INSERT INTO child VALUES (1, 1)",
    ),
    "references to itself": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5), boss INT REFERENCES t (id))",
        "INSERT INTO t VALUES (1, 'x', NULL), (2, 'y', 1)",
    ),
    "STRICT": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b ANY) STRICT",
        "INSERT INTO t VALUES (1, 'x', '007')",
    ),
    "WITHOUT ROWID": (
        "CREATE TABLE t (id TEXT PRIMARY KEY, a VARCHAR(5)) WITHOUT ROWID",
        "INSERT INTO t VALUES ('k', 'x')",
    ),
    "ON CONFLICT": (
        (
            "CREATE TABLE t (a VARCHAR(5), b INT UNIQUE ON CONFLICT REPLACE, "
            "c INT NOT NULL ON CONFLICT IGNORE, UNIQUE (c) ON CONFLICT ROLLBACK)"
        ),
        "INSERT INTO t VALUES ('x', 1, 2)",
    ),
    "odd types, odd names, and none": (
        'CREATE TABLE t (a VARCHAR(5), "select" [my type], `b "c`, d DATE DEFAULT CURRENT_DATE)',
        "INSERT INTO t VALUES ('x', 1, x'00ff', '2024-02-03')",
    ),
    "values that look like others": (
        "CREATE TABLE t (a VARCHAR(5), d DATE, u UUID, n NUMERIC, v VARCHAR(5), b)",
        "INSERT INTO t VALUES ('x', '2024-02-03', '1e5f', 1.5, '007', '1.0')",
        "INSERT INTO t VALUES ('x', 2024, x'31', 'abc', x'ff', 1e300)",
    ),
}
CHANGED = {"STRICT": ("a TEXT", "a BLOB")}


def blob_or_text(name):
    return sa.LargeBinary() if name == "STRICT" else sa.String(77)


@pytest.mark.parametrize("name", KEPT)
def test_a_rebuilt_table_keeps(lab, name):
    lab.run(*KEPT[name])
    if name == "STRICT":
        lab.run("UPDATE t SET a = NULL")
    rowids = "" if name == "WITHOUT ROWID" else "rowid, "
    before, rows = lab.snapshot()
    numbered = lab.rows(f"SELECT {rowids}* FROM t")
    types = lab.rows("SELECT * FROM pragma_table_xinfo('t') ORDER BY cid")
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=blob_or_text(name))
    after, rows_after = lab.snapshot()

    assert lab.copied == ['"main"."_godwit_t"']
    assert rows_after == rows
    assert lab.rows(f"SELECT {rowids}* FROM t") == numbered
    assert after == [_changed(name, part) for part in before]
    changed = lab.rows("SELECT * FROM pragma_table_xinfo('t') ORDER BY cid")
    assert [row for row in types if row[1] != "a"] == [row for row in changed if row[1] != "a"]
    assert lab.rows("PRAGMA integrity_check") == [("ok",)]


def _changed(name, part):
    """A part of the schema as it is to be: one type is another, and SQLite quotes the name."""
    kind, part_name, table, sql = part
    if (kind, part_name) == ("table", "t"):
        sql = sql.replace("CREATE TABLE t ", 'CREATE TABLE "t" ', 1)
        sql = sql.replace(*CHANGED.get(name, ("a VARCHAR(5)", "a VARCHAR(77)")), 1)
    return kind, part_name, table, sql


def test_triggers_and_views_still_do_their_work(lab):
    lab.run(*KEPT["views, and views on views, and their triggers"])
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.Text())
    lab.run("INSERT INTO v (a) VALUES ('z')")

    assert lab.rows("SELECT a FROM w") == [("x",), ("y",), ("z",)]


def test_numbers_never_come_again(lab):
    lab.run(*KEPT["the last number of a table without rows"])
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.Text())
    lab.run("INSERT INTO t (a) VALUES ('new')")

    assert lab.rows("SELECT * FROM t") == [(42, "new")]


def test_all_operations_of_a_batch_are_one_copy(lab):
    lab.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5), b TEXT, c INT CHECK (c > 0))",
        "CREATE INDEX on_b ON t (b)",
        "CREATE INDEX on_c ON t (c)",
        "INSERT INTO t VALUES (1, 'x', 'y', 3)",
    )
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.String(20), nullable=False, server_default="new")
        batch.alter_column("b", new_column_name="name")
        batch.drop_column("c")
        batch.add_column(sa.Column("d", sa.Integer(), server_default="4"))
        batch.create_unique_constraint("one_name", ["name"])
        batch.create_index("on_d", ["d"])

    assert lab.copied == ['"main"."_godwit_t"']
    assert lab.sql_of("t") == (
        "CREATE TABLE \"t\" (id INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL DEFAULT 'new', "
        "\"name\" TEXT, d INTEGER DEFAULT '4', CONSTRAINT one_name UNIQUE (name))"
    )
    assert lab.rows("SELECT * FROM t") == [(1, "x", "y", 4)]
    assert lab.rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''") == [
        ("on_b", 'CREATE INDEX on_b ON t ("name")'),
        ("on_d", "CREATE INDEX on_d ON t (d)"),
    ]


def test_names_are_swapped_and_everything_follows(lab):
    lab.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT CHECK (b <> ''))",
        "CREATE INDEX on_a ON t (a)",
        "CREATE VIEW v AS SELECT a FROM t",
        "INSERT INTO t VALUES (1, 'was a', 'was b')",
    )
    with lab.batch("t") as batch:
        batch.alter_column("a", new_column_name="b")
        batch.alter_column("b", new_column_name="a", nullable=False)

    assert lab.rows("SELECT a, b FROM t") == [("was b", "was a")]
    assert lab.rows("SELECT * FROM v") == [("was a",)]
    assert lab.sql_of("on_a") == 'CREATE INDEX on_a ON t ("b")'
    assert lab.sql_of("t").endswith('"b" TEXT, "a" TEXT CHECK ("a" <> \'\') NOT NULL)')


def test_a_column_takes_the_name_of_one_that_goes(lab):
    lab.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT)")
    lab.run("INSERT INTO t VALUES (1, 'old', 'kept')")
    with lab.batch("t") as batch:
        batch.drop_column("a")
        batch.alter_column("b", new_column_name="a")

    assert lab.rows("SELECT id, a FROM t") == [(1, "kept")]


def test_a_column_that_is_dropped_and_added_again_begins_empty(lab):
    lab.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE)", "INSERT INTO t VALUES (1, 'x')"
    )
    with lab.batch("t") as batch:
        batch.drop_column("a")
        batch.add_column(sa.Column("a", sa.Integer()))

    assert lab.rows("SELECT * FROM t") == [(1, None)]


def test_a_table_of_an_attached_database_is_rebuilt_there(lab, tmp_path):
    lab.connection.exec_driver_sql(f"ATTACH '{tmp_path}/other.db' AS other")
    lab.connection.commit()
    lab.run(
        "CREATE TABLE t (a TEXT)",
        "CREATE TABLE other.t (a VARCHAR(5), b TEXT)",
        "CREATE INDEX other.on_b ON t (b)",
        "CREATE TRIGGER other.tr AFTER INSERT ON t BEGIN SELECT 1; END",
        "INSERT INTO other.t VALUES ('x', 'y')",
    )
    with lab.batch("t", schema="other") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.copied == ['"other"."_godwit_t"']
    assert lab.rows("SELECT * FROM other.t") == [("x", "y")]
    assert lab.rows("SELECT name, sql FROM other.sqlite_master ORDER BY name") == [
        ("on_b", "CREATE INDEX on_b ON t (b)"),
        ("t", 'CREATE TABLE "t" (a VARCHAR(5) NOT NULL, b TEXT)'),
        ("tr", "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END"),
    ]
    assert lab.sql_of("t") == "CREATE TABLE t (a TEXT)"


@pytest.mark.parametrize("name", ['say "hi"', "order", "it's", "tab.le", "näme", "a`b]"])
def test_a_table_of_any_name_is_rebuilt(lab, name):
    quoted = '"' + name.replace('"', '""') + '"'
    lab.run(f"CREATE TABLE {quoted} (a VARCHAR(5))", f"INSERT INTO {quoted} VALUES ('x')")
    with lab.batch(name) as batch:
        batch.alter_column("a", nullable=False)

    assert lab.rows(f"SELECT * FROM {quoted}") == [("x",)]


def test_the_name_in_between_is_one_that_nobody_has(lab):
    lab.run(
        "CREATE TABLE t (a TEXT)", "CREATE TABLE _godwit_t (b TEXT)", "INSERT INTO t VALUES (1)"
    )
    with lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.copied == ['"main"."_godwit_t_2"']
    assert lab.rows("SELECT name FROM sqlite_master ORDER BY name") == [("_godwit_t",), ("t",)]


def test_temporary_triggers_come_back(lab):
    lab.run(
        "CREATE TABLE t (a TEXT)",
        "CREATE TEMP TABLE log (a TEXT)",
        "CREATE TEMP TRIGGER tr AFTER INSERT ON main.t BEGIN INSERT INTO log VALUES (new.a); END",
    )
    with lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)
    lab.run("INSERT INTO t VALUES ('x')")

    assert lab.rows("SELECT * FROM log") == [("x",)]


def test_functions_and_collations_of_the_application_are_no_obstacle(lab):
    driver = lab.connection.connection.driver_connection
    driver.create_function("twice", 1, lambda value: value * 2, deterministic=True)
    driver.create_collation("backwards", lambda one, other: (one < other) - (one > other))
    lab.run(
        "CREATE TABLE t (a TEXT, b INT AS (twice(1)) STORED, c TEXT UNIQUE COLLATE backwards)",
        "CREATE INDEX i ON t (twice(a))",
        "CREATE VIEW v AS SELECT twice(a) FROM t",
        "INSERT INTO t (a, c) VALUES (2, 'x')",
    )
    with lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.rows("SELECT * FROM t") == [("2", 2, "x")]


def test_a_view_that_was_broken_before_stays_as_it_is(lab):
    lab.run("CREATE TABLE t (a TEXT)", "CREATE VIEW broken AS SELECT x FROM nowhere")
    with lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)

    assert lab.sql_of("broken") == "CREATE VIEW broken AS SELECT x FROM nowhere"
    assert lab.sql_of("t") == 'CREATE TABLE "t" (a TEXT NOT NULL)'
