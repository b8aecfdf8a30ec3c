import sqlite3
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import assume, given

from flask_migrate.database.snapshots.sqlite import read, read_through
from flask_migrate.database.sqlite.pragmas import read_understood
from flask_migrate.values.schema import Computed, Constraint, Index, Kind, Name
from tests.database.snapshots.sqlite_models import everything
from tests.database.sqlite.statements import create_tables

PARENT = "CREATE TABLE parent (id INTEGER PRIMARY KEY, Code TEXT UNIQUE)"
T = Name("", "t")

# Statements that make the same table.
SAME = {
    "keywords, space and quotes": [
        "CREATE TABLE t (a INTEGER NOT NULL, b TEXT)",
        'create table "t"("a" integer not null,[b] text)',
        "CREATE TABLE `t` (\n  `a` Integer -- the first\n  NOT /* */ NULL,\n  b TEXT)",
        "CREATE TABLE IF NOT EXISTS main.t (a INTEGER NOT NULL NULL, b TEXT NULL)",
    ],
    "types": [
        "CREATE TABLE t (a VARCHAR(20), b NUMERIC(10, 2), c DOUBLE PRECISION)",
        'CREATE TABLE t (a varchar ( 20 ), b "numeric"(10,2), c double   precision)',
    ],
    "defaults": [
        "CREATE TABLE t (a INT DEFAULT 1, b TEXT DEFAULT 'x', c DEFAULT -5, d INT)",
        "CREATE TABLE t (a INT DEFAULT +1, b TEXT DEFAULT ('x'), c DEFAULT (- 5), d INT)",
        "CREATE TABLE t (a INT DEFAULT (1), b TEXT DEFAULT x, c DEFAULT ((-5)), d INT)",
        'CREATE TABLE t (a INT DEFAULT TRUE, b TEXT DEFAULT "x", c DEFAULT -5, d INT DEFAULT null)',
    ],
    "expressions as defaults": [
        "CREATE TABLE t (a DEFAULT CURRENT_TIMESTAMP, b DEFAULT (lower('X')||1), c DEFAULT X'0A')",
        (
            "CREATE TABLE t (a DEFAULT (current_timestamp), b DEFAULT ((LOWER ('X') || 1)), "
            "c DEFAULT x'0a')"
        ),
    ],
    "a key that is the number of the row": [
        "CREATE TABLE t (a INTEGER PRIMARY KEY)",
        "CREATE TABLE t (a INTEGER NOT NULL, PRIMARY KEY (a))",
        'CREATE TABLE t (a "integer", PRIMARY KEY ("A" DESC))',
        "CREATE TABLE t (a INTEGER PRIMARY KEY ASC ON CONFLICT ABORT)",
    ],
    "a key that is not": [
        "CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL)",
        "CREATE TABLE t (a TEXT NOT NULL, PRIMARY KEY (a ASC))",
        "CREATE TABLE t (a TEXT NOT NULL, PRIMARY KEY ('a' COLLATE BINARY))",
    ],
    "a key without rows that have a number": [
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INT) WITHOUT ROWID, STRICT",
        "CREATE TABLE t (a TEXT NOT NULL, b INT, PRIMARY KEY (a)) strict, without /* */ rowid",
    ],
    "AUTOINCREMENT": [
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE t (a INTEGER NOT NULL, PRIMARY KEY (a AUTOINCREMENT))",
    ],
    "unique constraints": [
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INT, UNIQUE (a), CONSTRAINT u UNIQUE (b, a))",
        "CREATE TABLE t (a TEXT UNIQUE COLLATE nocase, b INT, CONSTRAINT [u] UNIQUE (B, A ASC))",
        (
            'CREATE TABLE t (a TEXT COLLATE "nocase" UNIQUE ON CONFLICT ABORT, b INT, UNIQUE (a), '
            "CONSTRAINT u UNIQUE (b, a COLLATE NOCASE))"
        ),
    ],
    "foreign keys": [
        "CREATE TABLE t (a INT REFERENCES parent)",
        "CREATE TABLE t (a INT REFERENCES Parent (ID) ON DELETE NO ACTION NOT DEFERRABLE)",
        "CREATE TABLE t (a INT, FOREIGN KEY (A) REFERENCES parent ON UPDATE NO ACTION)",
        "CREATE TABLE t (a INT REFERENCES parent MATCH SIMPLE NOT DEFERRABLE INITIALLY DEFERRED)",
    ],
    "what foreign keys do": [
        (
            "CREATE TABLE t (a INT REFERENCES parent (Code) ON DELETE SET NULL ON UPDATE CASCADE "
            "DEFERRABLE INITIALLY DEFERRED NOT NULL)"
        ),
        (
            "CREATE TABLE t (a INT NOT NULL, FOREIGN KEY (a) REFERENCES parent (code) "
            "on update cascade on delete restrict on delete set null deferrable initially deferred)"
        ),
        (
            "CREATE TABLE t (a INT REFERENCES parent (code) ON UPDATE CASCADE ON DELETE SET NULL "
            "NOT NULL DEFERRABLE INITIALLY DEFERRED)"
        ),
    ],
    "checks": [
        'CREATE TABLE t (a INT, "b c" TEXT, CHECK (a > -1 AND "b c" != \'x\'))',
        "CREATE TABLE t (a INT CHECK ((A>-1 and [b c]<>'x')), `b c` TEXT)",
        'CREATE TABLE t (a INT, "b c" TEXT, CHECK (a > - 1 AND "B C" <> "x"))',
    ],
    "computed columns": [
        "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) VIRTUAL, c AS (a) STORED)",
        "CREATE TABLE t (a INT, b INT AS ((A*2)), c GENERATED ALWAYS AS ([a]) stored)",
    ],
}
# Each is another table than any of the others.
OTHER = [
    "CREATE TABLE t (a INT, b TEXT)",
    "CREATE TABLE t (a INTEGER, b TEXT)",
    "CREATE TABLE t (a INT, c TEXT)",
    "CREATE TABLE t (a INT, b TEXT, c)",
    "CREATE TABLE t (a INT NOT NULL, b TEXT)",
    "CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE, b TEXT)",
    "CREATE TABLE t (a INT, b VARCHAR(20))",
    "CREATE TABLE t (a INT, b VARCHAR(21))",
    "CREATE TABLE t (a INT DEFAULT 1, b TEXT)",
    "CREATE TABLE t (a INT DEFAULT '1', b TEXT)",
    "CREATE TABLE t (a INT DEFAULT 2, b TEXT)",
    "CREATE TABLE t (a INT, b TEXT DEFAULT '')",
    "CREATE TABLE t (a INT, b TEXT DEFAULT 'null')",
    "CREATE TABLE t (a INT, b TEXT DEFAULT 'X')",
    "CREATE TABLE t (a INT, b TEXT DEFAULT 'x')",
    "CREATE TABLE t (a INT, b TEXT DEFAULT (lower('X')))",
    "CREATE TABLE t (a INT, b TEXT DEFAULT (lower('x')))",
    "CREATE TABLE t (a INT, b TEXT COLLATE NOCASE)",
    "CREATE TABLE t (a INT, b TEXT COLLATE RTRIM)",
    "CREATE TABLE t (a INT PRIMARY KEY, b TEXT)",
    "CREATE TABLE t (a INT PRIMARY KEY NOT NULL, b TEXT)",
    "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a DESC))",
    "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (a, b))",
    "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (b, a))",
    "CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (b, a) ON CONFLICT REPLACE)",
    "CREATE TABLE t (a INT, b TEXT, CONSTRAINT k PRIMARY KEY (b, a))",
    "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
    "CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b TEXT)",
    "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT)",
    "CREATE TABLE t (a INT PRIMARY KEY, b TEXT) WITHOUT ROWID",
    "CREATE TABLE t (a INT, b TEXT) STRICT",
    "CREATE TABLE t (a INT PRIMARY KEY, b TEXT) STRICT",
    "CREATE TABLE t (a INT UNIQUE, b TEXT)",
    "CREATE TABLE t (a INT UNIQUE ON CONFLICT FAIL, b TEXT)",
    "CREATE TABLE t (a INT, b TEXT, UNIQUE (a, b))",
    "CREATE TABLE t (a INT, b TEXT, UNIQUE (b, a))",
    "CREATE TABLE t (a INT, b TEXT, UNIQUE (b COLLATE NOCASE, a))",
    "CREATE TABLE t (a INT, b TEXT, CONSTRAINT u UNIQUE (b, a))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (a > 1))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (a >= 1))",
    "CREATE TABLE t (a INT, b TEXT, CONSTRAINT c CHECK (a >= 1))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (a - -1))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (a - 1))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (b = 'a'))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (b = 'A'))",
    "CREATE TABLE t (a INT, b TEXT, CHECK (b = a))",
    "CREATE TABLE t (a INT REFERENCES parent, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent (code), b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent ON DELETE CASCADE, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent ON UPDATE CASCADE, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent ON DELETE RESTRICT, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent ON DELETE SET NULL, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent ON DELETE SET DEFAULT, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent DEFERRABLE, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent DEFERRABLE INITIALLY DEFERRED, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES parent MATCH FULL, b TEXT)",
    "CREATE TABLE t (a INT CONSTRAINT f REFERENCES parent, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES missing, b TEXT)",
    "CREATE TABLE t (a INT REFERENCES missing (id), b TEXT)",
    "CREATE TABLE t (a INT, b TEXT AS (a))",
    "CREATE TABLE t (a INT, b TEXT AS (a) STORED)",
    "CREATE TABLE t (a INT, b TEXT AS (a + 1))",
]
# Statements that make the same index.
SAME_INDEX = {
    "columns": [
        'CREATE INDEX i ON t (a, "Order")',
        'create index if not exists main."i" on [t]("a" ASC , `order`)',
        "CREATE INDEX i ON t ('a' COLLATE binary, ((\"order\")))",
    ],
    "order and collation": [
        "CREATE UNIQUE INDEX i ON t (a DESC, b, a COLLATE NOCASE DESC)",
        (
            "CREATE UNIQUE INDEX i ON t (a COLLATE BINARY DESC, b COLLATE NOCASE, (a) COLLATE "
            '"nocase" DESC)'
        ),
    ],
    "expressions": [
        "CREATE INDEX i ON t (lower(a), a + 1 DESC) WHERE b != '' AND a > 1",
        "CREATE INDEX i ON t (LOWER (A), ( [a]+1 ) DESC) WHERE (B<>'' and a>1)",
    ],
}
OTHER_INDEX = [
    "CREATE INDEX i ON t (a)",
    "CREATE UNIQUE INDEX i ON t (a)",
    "CREATE INDEX j ON t (a)",
    "CREATE INDEX i ON t (b)",
    "CREATE INDEX i ON t (b COLLATE BINARY)",
    "CREATE INDEX i ON t (a, b)",
    "CREATE INDEX i ON t (b, a)",
    "CREATE INDEX i ON t (a DESC)",
    "CREATE INDEX i ON t (a COLLATE NOCASE)",
    "CREATE INDEX i ON t (lower(a))",
    "CREATE INDEX i ON t (upper(a))",
    "CREATE INDEX i ON t (a || b COLLATE NOCASE)",
    "CREATE INDEX i ON t ((a || b) COLLATE NOCASE)",
    "CREATE INDEX i ON t (a) WHERE a > 1",
    "CREATE INDEX i ON t (a) WHERE a > 2",
]


@pytest.fixture
def connection(sqlite_database):
    engine = sa.create_engine(sqlite_database.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def after(*statements):
    """Return what there is in a new database after some statements."""
    memory = sqlite3.connect(":memory:")
    try:
        for sql in statements:
            memory.execute(sql)
        return read_through(lambda sql: memory.execute(sql).fetchall(), [""])
    finally:
        memory.close()


def made_by(sql):
    return after(PARENT, sql).tables[T]


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_equal(name):
    first, *others = map(made_by, SAME[name])

    assert [one for one in others if one != first] == []


def test_what_means_something_else_is_not_equal():
    found = {}
    for sql in OTHER:
        assert found.setdefault(str(made_by(sql)), sql) == sql


@pytest.mark.parametrize("name", SAME_INDEX)
def test_indexes_that_are_the_same_are_equal(name):
    table = 'CREATE TABLE t (a TEXT, b TEXT COLLATE NOCASE, "Order" INT)'
    first, *others = (after(table, sql).tables[T] for sql in SAME_INDEX[name])

    assert [one for one in others if one != first] == []


def test_indexes_that_differ_are_not_equal():
    table = "CREATE TABLE t (a TEXT, b TEXT COLLATE NOCASE)"
    found = {}
    for sql in OTHER_INDEX:
        assert found.setdefault(str(after(table, sql).tables[T]), sql) == sql


def test_a_table_says_everything():
    table = after(
        PARENT,
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a varchar (20) NOT NULL DEFAULT "
        "'x' COLLATE nocase, b CONSTRAINT f REFERENCES parent ON DELETE CASCADE, c AS (id+1) "
        "STORED, UNIQUE (b, A) ON CONFLICT IGNORE, CHECK ((b>1)))",
        "CREATE UNIQUE INDEX i ON t (b DESC, lower(a)) WHERE b>1",
    ).tables[T]
    identity, a, b, c = table.columns

    assert (identity.type, identity.nullable, identity.is_numbered) == ("INTEGER", False, True)
    assert (a.type, a.nullable, a.default, a.collation) == ("VARCHAR(20)", False, "'x'", "NOCASE")
    assert (b.type, b.nullable, b.default) == ("", True, None)
    assert c.computed == Computed(expression="id + 1", is_stored=True)
    assert table.constraints == (
        Constraint(kind=Kind.CHECK, name=None, columns=(), definition="CHECK (b > 1)"),
        Constraint(
            kind=Kind.FOREIGN_KEY,
            name="f",
            columns=("b",),
            definition="FOREIGN KEY (b) REFERENCES parent (id) ON DELETE CASCADE",
            target=Name("", "parent"),
            target_columns=("id",),
        ),
        Constraint(
            kind=Kind.PRIMARY_KEY, name=None, columns=("id",), definition="PRIMARY KEY (id)"
        ),
        Constraint(
            kind=Kind.UNIQUE,
            name=None,
            columns=("b", "a"),
            definition="UNIQUE (b, a) ON CONFLICT IGNORE",
        ),
    )
    assert table.indexes == (
        Index(
            name="i",
            is_unique=True,
            columns=("b", None),
            definition="UNIQUE (b DESC, lower(a)) WHERE b > 1",
        ),
    )


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b)",
        "CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b)",
        "CREATE TABLE t (a INT PRIMARY KEY, b NOT NULL)",
        "CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b))",
        "CREATE TABLE t (a INTEGER, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b INT) WITHOUT ROWID",
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b INT) STRICT",
        "CREATE TABLE t (a TEXT PRIMARY KEY, b INT) STRICT",
    ],
)
def test_a_column_is_nullable_where_sqlite_stores_null(sql):
    memory = sqlite3.connect(":memory:")
    memory.execute(sql)
    for column in made_by(sql).columns:
        others = [one for one in ("a", "b") if one != column.name]
        values = {column.name: "NULL", **dict.fromkeys(others, "1")}
        memory.execute("DELETE FROM t")
        try:
            memory.execute(f"INSERT INTO t (a, b) VALUES ({values['a']}, {values['b']})")
            ((stored,),) = memory.execute(f"SELECT {column.name} FROM t").fetchall()
        except sqlite3.IntegrityError:
            stored = "refused"
        assert column.nullable is (stored is None)
    memory.close()


def test_what_is_nobodys_is_left_out(connection):
    for sql in (
        "CREATE VIRTUAL TABLE docs USING fts5(a)",
        "CREATE VIRTUAL TABLE area USING rtree(id, x1, x2)",
        "CREATE TABLE docs_users (id INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE _alembic_tmp_t (a)",
        "CREATE TEMP TABLE t (a)",
        "ANALYZE",
    ):
        connection.exec_driver_sql(sql)

    assert list(read(connection, [""]).tables) == [Name("", "docs_users")]


def test_attached_databases_are_schemas(connection):
    connection.exec_driver_sql("ATTACH ':memory:' AS Other")
    for schema in ("main", "other"):
        connection.exec_driver_sql(f"CREATE TABLE {schema}.p (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(f"CREATE TABLE {schema}.t (a REFERENCES p)")
        connection.exec_driver_sql(f"CREATE INDEX {schema}.i ON t (a)")
        connection.exec_driver_sql(f"CREATE TRIGGER {schema}.tr DELETE ON t BEGIN SELECT 1; END")
    both = read(connection, ["", "Other", "missing"])

    assert both.schemas == {"", "Other"}
    assert set(both.tables) == {Name(one, two) for one in ("", "Other") for two in ("p", "t")}
    for schema in both.schemas:
        table = both.tables[Name(schema, "t")]
        (key,) = table.constraints
        assert (key.target, key.target_columns) == (Name(schema, "p"), ("id",))
        assert [index.name for index in table.indexes] == ["i"]
    assert {one.table for one in both.code} == {Name("", "t"), Name("Other", "t")}
    assert read(connection, ["other"]).tables == {
        replace_schema(name, "other"): moved(table, "other")
        for name, table in both.tables.items()
        if name.schema == "Other"
    }


def replace_schema(name, schema):
    return Name(schema, name.name)


def moved(table, schema):
    keys = (
        replace(one, target=one.target and replace_schema(one.target, schema))
        for one in table.constraints
    )
    return replace(table, name=replace_schema(table.name, schema), constraints=tuple(keys))


def test_views_and_triggers_are_as_they_were_written():
    view = 'CREATE VIEW V AS SELECT "a"+1, COUNT( * ) -- all\n FROM t WHERE b > 1'
    trigger = "CREATE TRIGGER tr AFTER UPDATE OF a ON t BEGIN SELECT 1 ; END"
    star = "CREATE VIEW w AS SELECT x.* FROM V AS x, parent"
    found = after(PARENT, "CREATE TABLE t (a, b, c)", view, trigger, star).code

    assert [(one.kind, one.name, one.table, one.definition) for one in found] == [
        ("trigger", Name("", "tr"), T, trigger),
        ("view", Name("", "V"), None, view),
        ("view", Name("", "w"), None, star),
    ]
    assert [one.uses for one in found] == [
        (),
        ((T, "a"), (T, "b")),
        ((Name("", "V"), ""), (Name("", "parent"), "")),
    ]


def test_the_number_of_queries_does_not_grow(connection):
    def queries():
        statements = []
        sa.event.listen(connection.engine, "before_cursor_execute", counted := note(statements))
        read(connection, [""])
        sa.event.remove(connection.engine, "before_cursor_execute", counted)
        return len(statements)

    connection.exec_driver_sql("CREATE TABLE t (a GENERATED ALWAYS)")
    few = queries()
    everything().create_all(connection)
    for number in range(20):
        connection.exec_driver_sql(f"CREATE TABLE t{number} (a GENERATED ALWAYS)")

    assert queries() == few <= 5


def note(statements):
    return lambda *arguments: statements.append(arguments[2])


# SQLite reads this; we do not know what it is to mean.
UNREADABLE = "a INT GENERATED ALWAYS"


def test_a_table_that_cannot_be_read_is_as_sqlite_understands_it():
    rest = (
        "b VARCHAR(20) NOT NULL DEFAULT 'x', c AS (b) STORED, d REFERENCES parent (code) ON "
        "DELETE CASCADE, UNIQUE (b COLLATE NOCASE DESC), PRIMARY KEY (b, a)"
    )
    index = "CREATE INDEX i ON t (lower(b))"
    table = after(PARENT, f"CREATE TABLE t ({UNREADABLE}, {rest})", index).tables[T]
    readable = after(PARENT, f"CREATE TABLE t (a INT, {rest})", index).tables[T]

    assert table.columns[2].computed == Computed(expression="", is_stored=True)
    assert lesser(table) == lesser(readable)


@given(create_tables())
def test_what_sqlite_understands_is_what_we_read(sql):
    memory = sqlite3.connect(":memory:")
    memory.execute(PARENT)
    try:
        memory.execute(sql)
    except sqlite3.OperationalError:
        assume(False)

    def query(sql):
        return memory.execute(sql).fetchall()

    read = read_through(query, [""]).tables[T]
    understood = read_understood(query, "main", {"t": T})["t"]
    parent = read_understood(query, "main", {"parent": Name("", "parent")})["parent"]
    memory.close()

    known = {"t": understood.known, "parent": parent.known}
    assert lesser(understood.table(known, ())) == lesser(read)


def lesser(table):
    """Return a table without what SQLite does not tell of it."""
    columns = (
        replace(
            one,
            computed=one.computed and replace(one.computed, expression=""),
            is_numbered=False,
            collation=None,
            options=(),
        )
        for one in table.columns
    )
    primary = {one.columns for one in table.of_kind(Kind.PRIMARY_KEY)}
    constraints = {
        (one.kind, one.columns, one.target, one.target_columns)
        for one in table.constraints
        if one.kind is not Kind.CHECK
        and (one.kind is not Kind.UNIQUE or one.columns not in primary)
    }
    return tuple(columns), constraints, table.indexes
