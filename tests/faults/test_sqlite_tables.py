"""Tables of SQLite that are rebuilt, or changed in place, with rows: nothing else may change."""

import re
from dataclasses import dataclass

import pytest

from tests.support.envs import ANOTHERS, BOTH

# Every table here has a column `note`, which a revision changes so that the table is rebuilt.
REBUILD = """
with op.batch_alter_table("{table}") as batch:
    batch.alter_column("note", existing_type=sa.String(10), type_=sa.Text())
"""
FOREIGN_KEYS = ({}, {"FOREIGN_KEYS": "1"})


@dataclass(frozen=True, kw_only=True)
class Case:
    """A schema with rows, of which a table is rebuilt.

    Attributes:
        schema: Statements that make it, and its rows.
        table: The table that is rebuilt.
        kept: Texts that its definition must still have, spaces and capitals aside.
        also: Statements that must still be refused.
        check: A query, and what it must answer.
    """

    schema: tuple[str, ...]
    table: str = "t"
    kept: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    check: tuple[str, list[tuple]] | None = None


def parent_and_child(action, **more):
    return Case(
        schema=(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY, note VARCHAR(10))",
            f"CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER {action})",
            "INSERT INTO parent VALUES (1, 'a'), (2, 'b')",
            "INSERT INTO child VALUES (10, 1), (11, 1), (12, 2)",
        ),
        table="parent",
        check=("SELECT id, parent_id FROM child", [(10, 1), (11, 1), (12, 2)]),
        **more,
    )


CASES = {
    "cascade": parent_and_child("REFERENCES parent(id) ON DELETE CASCADE"),
    "set-null": parent_and_child("REFERENCES parent(id) ON DELETE SET NULL ON UPDATE CASCADE"),
    "restrict": parent_and_child("NOT NULL REFERENCES parent(id) ON DELETE RESTRICT"),
    "child-itself": Case(
        schema=(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), parent_id INTEGER, "
                "FOREIGN KEY (parent_id) REFERENCES parent (id) "
                "ON DELETE SET DEFAULT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED)"
            ),
            "INSERT INTO parent VALUES (1)",
            "INSERT INTO t VALUES (1, 'a', 1)",
        ),
        kept=("ON DELETE SET DEFAULT", "ON UPDATE CASCADE", "DEFERRABLE INITIALLY DEFERRED"),
    ),
    "self-reference": Case(
        schema=(
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), "
                "parent_id INTEGER REFERENCES t(id) ON DELETE CASCADE)"
            ),
            "INSERT INTO t VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2)",
        ),
        check=("SELECT id, parent_id FROM t", [(1, None), (2, 1), (3, 2)]),
        kept=('REFERENCES "?t"? ?\\("?id"?\\) ON DELETE CASCADE',),
    ),
    "trigger": Case(
        schema=(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10))",
            "CREATE TABLE log (id INTEGER, what TEXT)",
            "INSERT INTO t VALUES (1, 'a')",
            (
                "CREATE TRIGGER on_t AFTER INSERT ON t "
                "BEGIN INSERT INTO log VALUES (new.id, 'in'); END"
            ),
            (
                "CREATE TRIGGER gone_t AFTER DELETE ON t "
                "BEGIN INSERT INTO log VALUES (old.id, 'out'); END"
            ),
            "CREATE TRIGGER on_log AFTER INSERT ON log BEGIN UPDATE t SET note = 'logged'; END",
        ),
        check=("SELECT count(*) FROM log", [(0,)]),
    ),
    "view": Case(
        schema=(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10))",
            "INSERT INTO t VALUES (1, 'a')",
            "CREATE VIEW v AS SELECT id, upper(note) AS note FROM t",
            "CREATE VIEW w AS SELECT note FROM v JOIN t USING (id, note)",
        ),
        check=("SELECT id, note FROM v", [(1, "A")]),
    ),
    "autoincrement": Case(
        schema=(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, note VARCHAR(10))",
            "INSERT INTO t VALUES (1, 'a'), (41, 'b')",
            "DELETE FROM t WHERE id = 41",
        ),
        kept=("PRIMARY KEY AUTOINCREMENT",),
        check=("SELECT seq FROM sqlite_sequence WHERE name = 't'", [(41,)]),
    ),
    "collate": Case(
        schema=(
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), "
                "name VARCHAR(10) COLLATE NOCASE UNIQUE)"
            ),
            "INSERT INTO t VALUES (1, 'a', 'Bird')",
        ),
        kept=("COLLATE NOCASE",),
        also=("INSERT INTO t (name) VALUES ('bIRD')",),
    ),
    "indexes": Case(
        schema=(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), size INTEGER)",
            "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', -1), (3, 'c', -1)",
            "CREATE INDEX ix_desc ON t (size DESC, note COLLATE NOCASE)",
            "CREATE INDEX ix_expression ON t (lower(note))",
            "CREATE UNIQUE INDEX ix_partial ON t (size) WHERE size > 0",
        ),
        also=("INSERT INTO t (size) VALUES (1)",),
    ),
    "checks": Case(
        schema=(
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), "
                "size INTEGER CHECK (size < 100), CONSTRAINT positive CHECK (size > 0), "
                "CHECK (size <> 13))"
            ),
            "INSERT INTO t VALUES (1, 'a', 1)",
        ),
        kept=('CONSTRAINT "?positive"? CHECK',),
        also=tuple(f"INSERT INTO t (size) VALUES ({size})" for size in (100, 0, 13)),
    ),
    "generated": Case(
        schema=(
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), size INTEGER, "
                "twice INTEGER GENERATED ALWAYS AS (size * 2) STORED, "
                "half REAL AS (size / 2.0) VIRTUAL)"
            ),
            "INSERT INTO t (id, note, size) VALUES (1, 'a', 5)",
        ),
        check=("SELECT size, twice, half FROM t", [(5, 10, 2.5)]),
        kept=("STORED", "VIRTUAL"),
    ),
    "strict": Case(
        schema=(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT, size INT NOT NULL) STRICT",
            "INSERT INTO t VALUES (1, 'a', 5)",
        ),
        kept=("STRICT",),
        also=("INSERT INTO t (size) VALUES ('five')",),
    ),
    "without-rowid": Case(
        schema=(
            "CREATE TABLE t (code TEXT PRIMARY KEY, note VARCHAR(10)) WITHOUT ROWID",
            "INSERT INTO t VALUES ('x', 'a')",
        ),
        kept=("WITHOUT ROWID",),
        also=("INSERT INTO t (code) VALUES (NULL)",),
    ),
    "on-conflict": Case(
        schema=(
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), "
                "code TEXT UNIQUE ON CONFLICT REPLACE, must TEXT NOT NULL ON CONFLICT IGNORE)"
            ),
            "INSERT INTO t VALUES (1, 'a', 'x', 'm')",
        ),
        kept=("UNIQUE ON CONFLICT REPLACE", "NOT NULL ON CONFLICT IGNORE"),
    ),
    "values": Case(
        schema=(
            (
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), day DATE, at DATETIME, "
                "uuid CHAR(32), free NUMERIC(10, 2), any_of BLOB, flag BOOLEAN)"
            ),
            (
                "INSERT INTO t VALUES "
                "(1, '2024-02-03', '2024-02-03', '2024-02-03 04:05:06.000007', "
                "'00000000000000000000000000000012', '12.10', x'00ff', 1)"
            ),
            "INSERT INTO t VALUES (2, '007', 'unknown', NULL, '1e5', 'n/a', 'text', 'yes')",
        ),
        check=("SELECT typeof(note), typeof(uuid) FROM t", [("text", "text"), ("text", "text")]),
    ),
    "defaults-and-names": Case(
        schema=(
            (
                'CREATE TABLE "order" ("group" INTEGER PRIMARY KEY, note VARCHAR(10), '
                "\"with space\" TEXT DEFAULT 'it''s', made TEXT DEFAULT (datetime('now')), "
                'rest INTEGER DEFAULT -1, CONSTRAINT "u q" UNIQUE ("with space", rest))'
            ),
            "INSERT INTO \"order\" VALUES (1, 'a', 'b', 'c', 4)",
        ),
        table="order",
        kept=("DEFAULT 'it''s'", "DEFAULT -1", "datetime\\('now'\\)", 'CONSTRAINT "u q" UNIQUE'),
        also=('INSERT INTO "order" ("with space", rest) VALUES (\'b\', 4)',),
    ),
}


def definition(deployed, table):
    ((sql,),) = deployed.execute(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
    return " ".join(sql.split())


def others(deployed, table):
    """Return every definition but that of a table, and that no index is left out."""
    rows = deployed.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master "
        f"WHERE name NOT IN ('{table}', 'alembic_version') ORDER BY 1, 2"
    )
    return [row for row in rows if row[3] is not None], len(rows)


def contents(deployed):
    """Return the rows of every table, with the type that each value has."""
    found = {}
    for table in sorted(deployed.tables() - {"alembic_version"}):
        columns = ", ".join(
            f'quote("{name}")'
            for (name,) in deployed.execute(f"SELECT name FROM pragma_table_xinfo('{table}')")
        )
        found[table] = deployed.execute(f'SELECT {columns} FROM "{table}" ORDER BY 1')
    return found


def made(make_deployed, case, *, env="ours", rebuild=REBUILD):
    """Return an application on the schema of a case, and write the revision that rebuilds."""
    deployed = make_deployed("sqlite", env=env)
    # As from a person's client; an address may not have to do with it.
    deployed.revision(
        "t1", "\n".join(f"op.get_bind().exec_driver_sql({sql!r})" for sql in case.schema)
    )
    deployed.db("upgrade")
    deployed.revision("t2", rebuild.replace("{table}", case.table))
    return deployed


@pytest.mark.parametrize(
    ("name", "env", "variables"),
    [
        pytest.param(
            name,
            env,
            variables,
            id=f"{name}-{env}-{'on' if variables else 'off'}",
            # Each with foreign keys on, and with one env.py; the rest takes minutes.
            marks=() if variables and env == BOTH[number % 2] else pytest.mark.soak,
        )
        for number, name in enumerate(CASES)
        for env in BOTH
        for variables in FOREIGN_KEYS
    ],
)
def test_a_rebuild_keeps_everything(make_deployed, name, env, variables):
    case = CASES[name]
    deployed = made(make_deployed, case, env=env)
    before = contents(deployed), others(deployed, case.table)

    deployed.db("upgrade", **variables)

    assert (contents(deployed), others(deployed, case.table)) == before
    new = definition(deployed, case.table)
    if name != "strict":
        assert re.search(r"note\"? TEXT", new, re.IGNORECASE), "it was not rebuilt"
    for text in case.kept:
        assert re.search(text, new, re.IGNORECASE), new
    if case.check:
        query, rows = case.check
        assert deployed.execute(query) == rows
    for statement in case.also:
        with pytest.raises(Exception, match=r"(?i)constraint|cannot store"):
            deployed.execute(statement)
    assert deployed.execute("PRAGMA foreign_key_check") == []
    assert deployed.execute("PRAGMA integrity_check") == [("ok",)]


def test_triggers_and_conflict_clauses_work_after_a_rebuild(make_deployed):
    deployed = made(make_deployed, CASES["trigger"])
    deployed.db("upgrade")
    deployed.execute("INSERT INTO t (id) VALUES (9)")
    assert deployed.execute("SELECT id, what FROM log") == [(9, "in")]
    assert deployed.execute("SELECT DISTINCT note FROM t") == [("logged",)]


LOSSES = {
    "text-to-integer": ("VARCHAR(10)", "sa.Integer()", ["'12'", "'twelve'", "'1 2'"], "twelve"),
    "date-to-integer": ("VARCHAR(10)", "sa.Integer()", ["'2024-02-03'"], "2024-02-03"),
    "text-to-date": ("VARCHAR(10)", "sa.Date()", ["'2024-02-03'", "'soon'"], "soon"),
}


@pytest.mark.parametrize(("old", "new", "values", "lost"), LOSSES.values(), ids=LOSSES)
def test_a_conversion_that_loses_a_value_stops(make_deployed, old, new, values, lost):
    rows = ", ".join(f"({number}, {value})" for number, value in enumerate(values, 101))
    case = Case(
        schema=(
            f"CREATE TABLE t (id INTEGER PRIMARY KEY, value {old})",
            f"INSERT INTO t VALUES {rows}",
        )
    )
    rebuild = f"""
with op.batch_alter_table("t") as batch:
    batch.alter_column("value", existing_type=sa.String(10), type_={new})
"""
    deployed = made(make_deployed, case, rebuild=rebuild)
    before = deployed.dump()

    said = deployed.db("upgrade", exit_code=1)

    assert "Traceback" not in said.stderr
    assert lost in said.problems
    assert str(100 + next(n for n, value in enumerate(values, 1) if lost in value)) in said.problems
    assert "t2" in said.problems
    assert deployed.dump() == before


def test_a_conversion_that_loses_nothing_converts(make_deployed):
    case = Case(
        schema=(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, value VARCHAR(10))",
            "INSERT INTO t VALUES (1, '12'), (2, NULL), (3, '-7')",
        )
    )
    rebuild = """
with op.batch_alter_table("t") as batch:
    batch.alter_column("value", existing_type=sa.String(10), type_=sa.Integer())
"""
    deployed = made(make_deployed, case, rebuild=rebuild)
    deployed.db("upgrade")
    assert deployed.execute("SELECT value FROM t ORDER BY id") == [(12,), (None,), (-7,)]


def test_a_rebuild_that_breaks_a_reference_is_not_committed(make_deployed):
    case = CASES["restrict"]
    rebuild = """
with op.batch_alter_table("parent") as batch:
    batch.alter_column("note", existing_type=sa.String(10), type_=sa.Text())
op.execute("DELETE FROM parent WHERE id = 2")
"""
    deployed = made(make_deployed, case, rebuild=rebuild)
    before = deployed.dump()
    said = deployed.db("upgrade", exit_code=1, FOREIGN_KEYS="1")
    assert "child" in said.problems
    assert "Traceback" not in said.stderr
    assert deployed.dump() == before


@pytest.mark.parametrize("env", ANOTHERS)
def test_what_a_killed_predecessor_left_is_explained_and_removed(make_deployed, env):
    case = CASES["cascade"]
    deployed = made(make_deployed, case, env=env)
    deployed.execute("CREATE TABLE _alembic_tmp_parent (id INTEGER PRIMARY KEY, note TEXT)")
    deployed.execute("INSERT INTO _alembic_tmp_parent VALUES (1, 'a')")

    said = deployed.db("upgrade", FOREIGN_KEYS="1")

    assert "_alembic_tmp_parent" in said.stderr
    assert deployed.tables() == {"alembic_version", "child", "parent"}
    assert deployed.execute(case.check[0]) == case.check[1]


def test_the_only_copy_of_the_rows_is_not_removed(make_deployed):
    """The predecessor was killed after it dropped the table, and before it renamed the copy."""
    case = CASES["cascade"]
    deployed = made(make_deployed, case)
    deployed.execute("ALTER TABLE parent RENAME TO _alembic_tmp_parent")
    rows = deployed.execute("SELECT * FROM _alembic_tmp_parent")

    said = deployed.db("upgrade", exit_code=None)

    assert "Traceback" not in said.stderr
    assert "_alembic_tmp_parent" in said.stderr
    kept = "parent" if "parent" in deployed.tables() else "_alembic_tmp_parent"
    assert deployed.execute(f"SELECT * FROM {kept}") == rows


NATIVE = {
    "add-column": 'batch.add_column(sa.Column("more", sa.Integer))',
    "add-column-with-default": 'batch.add_column(sa.Column("more", sa.Integer, '
    'server_default=sa.text("7")))',
    "drop-column": 'batch.drop_column("spare")',
    "rename-column": 'batch.alter_column("spare", new_column_name="rest")',
}
IN_USE = Case(
    schema=(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10), spare INTEGER)",
        "INSERT INTO t VALUES (1, 'a', 2)",
    )
)


def traced(deployed):
    """Upgrade, and return the statements that copy rows into another table."""
    trace = deployed.path / "trace"
    deployed.db("upgrade", TRACE=str(trace))
    statements = trace.read_text("utf-8").splitlines()
    assert any("alembic_version" in statement for statement in statements)
    return [each for each in statements if re.match(r"INSERT .*INTO .*SELECT", each)]


@pytest.mark.parametrize("operation", NATIVE.values(), ids=NATIVE)
def test_what_sqlite_does_natively_copies_no_table(make_deployed, operation):
    rebuild = f'with op.batch_alter_table("t") as batch:\n    {operation}'
    deployed = made(make_deployed, IN_USE, rebuild=rebuild)
    assert traced(deployed) == []
    assert deployed.execute("SELECT id, note FROM t") == [(1, "a")]


def test_a_table_is_copied_if_the_script_says_so(make_deployed):
    rebuild = (
        f'with op.batch_alter_table("t", recreate="always") as batch:\n    {NATIVE["add-column"]}'
    )
    deployed = made(make_deployed, IN_USE, rebuild=rebuild)
    assert len(traced(deployed)) == 1
    assert deployed.columns("t") == ["id", "note", "spare", "more"]
