from typing import NamedTuple

import pytest
import sqlalchemy as sa

from flask_migrate.database.snapshots.mysql import made_by_foreign_keys, named_by_server, read
from flask_migrate.database.snapshots.mysql.flavours import MySQL
from flask_migrate.values.schema import Code, Computed, Kind, Name, Sequence
from tests.database.scratch.mysql_models import every_feature

TABLES = """
CREATE TABLE parent (
  id INT PRIMARY KEY AUTO_INCREMENT,
  code INT NOT NULL UNIQUE,
  name VARCHAR(20) DEFAULT 'x' COMMENT 'called',
  at DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  kind ENUM('a','b') NOT NULL,
  body TEXT,
  twice INT AS (code * 2) VIRTUAL,
  plain INT,
  doc JSON,
  CONSTRAINT big CHECK (code > 10),
  KEY ix_name (name, code), FULLTEXT KEY ix_body (body)
) COMMENT 'all of them'
;;
CREATE TABLE child (
  id INT PRIMARY KEY, parent_id INT, code INT,
  CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE
)
;;
CREATE TABLE part (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2
;;
CREATE SEQUENCE numbers START WITH 5
"""
CODE = r"""
CREATE SQL SECURITY INVOKER VIEW names AS
  SELECT parent.name, p.code, 'x.parent' AS said FROM parent JOIN parent p USING (id)
  WHERE parent.name <> 'it''s 100% \\' WITH CHECK OPTION
;;
CREATE ALGORITHM=MERGE DEFINER=root@localhost VIEW far_names AS SELECT * FROM {here}.names
;;
CREATE VIEW nothing AS SELECT 1 AS one
;;
CREATE FUNCTION `add 100%`(a INT, b VARCHAR(10) CHARACTER SET latin1) RETURNS VARCHAR(20)
  DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s \\'
  BEGIN DECLARE c INT DEFAULT 1; RETURN CONCAT(a + c, b, '%'); END
;;
CREATE PROCEDURE `add 100%`(INOUT a INT, OUT b DECIMAL(10,2)) MODIFIES SQL DATA
  BEGIN SET a = a + 1; DELETE FROM child; END
;;
CREATE TRIGGER first BEFORE INSERT ON child FOR EACH ROW SET NEW.code = 1
;;
CREATE TRIGGER another BEFORE INSERT ON child FOR EACH ROW SET NEW.code = NEW.code + 1
;;
CREATE TRIGGER after_all AFTER DELETE ON child FOR EACH ROW
  BEGIN DELETE FROM part WHERE id = OLD.id; END
"""
CHANGES = [
    "ALTER TABLE parent MODIFY name VARCHAR(21) DEFAULT 'x' COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) NOT NULL DEFAULT 'x' COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) DEFAULT '' COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) DEFAULT 'x' COMMENT 'named'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) DEFAULT 'x'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) COLLATE utf8mb4_bin DEFAULT 'x' COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) CHARSET latin1 DEFAULT 'x' COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) INVISIBLE DEFAULT 'x' COMMENT 'called'",
    "ALTER TABLE parent MODIFY name VARCHAR(20) DEFAULT 'x' COMMENT 'called' CHECK (name > '')",
    "ALTER TABLE parent MODIFY at DATETIME DEFAULT CURRENT_TIMESTAMP",
    "ALTER TABLE parent MODIFY at DATETIME(3) DEFAULT NOW(3) ON UPDATE NOW(3)",
    "ALTER TABLE parent MODIFY kind ENUM('b','a') NOT NULL",
    "ALTER TABLE parent MODIFY kind VARCHAR(1) NOT NULL",
    "ALTER TABLE parent MODIFY id INT",
    "ALTER TABLE parent MODIFY code INT UNSIGNED NOT NULL",
    "ALTER TABLE parent MODIFY plain INT(5)",
    "ALTER TABLE parent MODIFY plain INT UNSIGNED",
    "ALTER TABLE parent MODIFY doc LONGTEXT",
    "ALTER TABLE parent DROP twice, ADD twice INT AS (code * 2) STORED AFTER body",
    "ALTER TABLE parent MODIFY twice INT AS (code * 3) VIRTUAL",
    "ALTER TABLE parent DROP twice, ADD twice INT AFTER body",
    "ALTER TABLE parent ADD more INT",
    "ALTER TABLE parent DROP COLUMN plain",
    "ALTER TABLE parent CHANGE plain plainer INT",
    "ALTER TABLE parent MODIFY plain INT FIRST",
    "ALTER TABLE parent DROP CONSTRAINT big",
    "ALTER TABLE parent DROP CONSTRAINT big, ADD CONSTRAINT big CHECK (code > 11)",
    "ALTER TABLE parent DROP CONSTRAINT big, ADD CONSTRAINT bigger CHECK (code > 10)",
    "ALTER TABLE parent DROP KEY code",
    "ALTER TABLE parent DROP KEY ix_name, ADD KEY ix_name (code, name)",
    "ALTER TABLE parent DROP KEY ix_name, ADD KEY ix_name (name(5), code)",
    "ALTER TABLE parent DROP KEY ix_name, ADD KEY ix_name (name DESC, code)",
    "ALTER TABLE parent DROP KEY ix_name, ADD UNIQUE KEY ix_name (name, code)",
    "ALTER TABLE parent DROP KEY ix_name, ADD KEY ix_name (name, code) COMMENT 'fast'",
    "ALTER TABLE parent ALTER INDEX ix_name IGNORED",
    "ALTER TABLE parent RENAME KEY ix_name TO ix_names",
    "ALTER TABLE parent DROP KEY ix_body, ADD KEY ix_body (body(10))",
    "ALTER TABLE parent COMMENT 'some of them'",
    "ALTER TABLE parent COMMENT ''",
    "ALTER TABLE parent DEFAULT CHARSET latin1",
    "ALTER TABLE parent CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    "ALTER TABLE parent ROW_FORMAT = COMPRESSED",
    "ALTER TABLE parent STATS_PERSISTENT = 1",
    "ALTER TABLE child DROP FOREIGN KEY fk_parent",
    "ALTER TABLE child DROP KEY fk_parent, ADD KEY mine (parent_id)",
    "ALTER TABLE child DROP PRIMARY KEY",
    "ALTER TABLE child DROP PRIMARY KEY, ADD PRIMARY KEY (id, code)",
    "ALTER TABLE child RENAME children",
    "ALTER TABLE child ADD SYSTEM VERSIONING",
    "ALTER TABLE part ENGINE = MyISAM",
    "ALTER TABLE part REMOVE PARTITIONING",
    "ALTER TABLE part PARTITION BY HASH (id) PARTITIONS 3",
    "ALTER TABLE part PARTITION BY LINEAR HASH (id) PARTITIONS 2",
    "DROP TABLE part",
    "CREATE TABLE more (id INT)",
    "ALTER SEQUENCE numbers INCREMENT BY 2",
    "ALTER SEQUENCE numbers MAXVALUE 100 CYCLE",
    "DROP SEQUENCE numbers",
    *(
        f"ALTER TABLE child DROP FOREIGN KEY fk_parent, ADD CONSTRAINT {instead}"
        for instead in (
            "fk_2 FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE",
            "fk FOREIGN KEY fk_parent (parent_id) REFERENCES parent (id)",
            "fk FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE SET NULL",
            "fk FOREIGN KEY (parent_id) REFERENCES parent (id) ON UPDATE CASCADE",
            "fk FOREIGN KEY (parent_id) REFERENCES parent (code) ON DELETE CASCADE",
            "fk FOREIGN KEY (parent_id) REFERENCES child (id) ON DELETE CASCADE",
        )
    ),
]
CODE_CHANGES = [
    "DROP VIEW nothing",
    "CREATE OR REPLACE VIEW nothing AS SELECT 2 AS one",
    "CREATE OR REPLACE SQL SECURITY INVOKER VIEW nothing AS SELECT 1 AS one",
    "DROP TRIGGER after_all",
    "DROP TRIGGER another",
    "CREATE OR REPLACE TRIGGER first BEFORE UPDATE ON child FOR EACH ROW SET NEW.code = 1",
    "CREATE OR REPLACE TRIGGER first BEFORE INSERT ON child FOR EACH ROW SET NEW.code = 2",
    "DROP FUNCTION `add 100%%`",
    "ALTER PROCEDURE `add 100%%` SQL SECURITY INVOKER",
    "ALTER PROCEDURE `add 100%%` COMMENT 'slow'",
]
LATER = ("FOLLOWS", "from `names`")
NOTHING = [
    "INSERT INTO parent (code, kind) VALUES (11, 'a'), (12, 'b')",
    "ALTER TABLE parent AUTO_INCREMENT = 77",
    "ALTER TABLE parent MODIFY plain INTEGER DEFAULT NULL",
    "ALTER TABLE parent MODIFY name VARCHAR(20) CHARSET utf8mb4 DEFAULT 'x' COMMENT 'called'",
    "ALTER TABLE parent DROP CONSTRAINT big, ADD CONSTRAINT big CHECK ((((`code`)) > 10))",
    "ALTER TABLE parent ENGINE = InnoDB",
    "ALTER TABLE child DROP KEY fk_parent, ADD KEY fk_parent (parent_id)",
    "SELECT nextval(numbers)",
    "CREATE OR REPLACE DEFINER = root@localhost VIEW nothing AS SELECT 1 one",
    "ANALYZE TABLE parent",
]


class Told(NamedTuple):
    """What MySQL says of a column."""

    column_default: str | None
    extra: str


@pytest.fixture
def engine(mariadb_database):
    engine = sa.create_engine(mariadb_database.url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def fill(engine, statements):
    name = engine.url.database
    with engine.connect() as connection:
        for statement in statements.split(";;"):
            connection.exec_driver_sql(statement.replace("{here}", name).replace("%", "%%"))


def snapshot_of(engine, schemas=("",)):
    with engine.connect() as connection:
        return read(connection, schemas)


def change(engine, statement):
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def filled(engine):
    fill(engine, TABLES)
    fill(engine, CODE)
    return engine


def test_two_databases_that_were_made_alike_are_equal(filled, make_database):
    other = sa.create_engine(make_database("mariadb").url, poolclass=sa.NullPool)
    fill(other, TABLES)
    fill(other, CODE)

    assert snapshot_of(filled) == snapshot_of(other)


@pytest.mark.parametrize("group", range(4))
def test_whatever_changes_in_tables_makes_a_difference(engine, make_database, group):
    fill(engine, TABLES)
    for statement in CHANGES[group::4]:
        other = sa.create_engine(make_database("mariadb").url, poolclass=sa.NullPool)
        fill(other, TABLES)
        change(other, statement)

        assert snapshot_of(other) != snapshot_of(engine), statement


def test_whatever_changes_in_code_makes_a_difference(filled):
    before = snapshot_of(filled)
    for statement in CODE_CHANGES:
        change(filled, statement)
        after = snapshot_of(filled)

        assert (after.tables, after.sequences) == (before.tables, before.sequences)
        assert after != before, statement
        before = after


def test_what_changes_nothing_makes_no_difference(filled):
    before = snapshot_of(filled)

    for statement in NOTHING:
        change(filled, statement)

        assert snapshot_of(filled) == before, statement


def test_what_is_read_of_views_triggers_and_routines_makes_them_again(filled):
    before = snapshot_of(filled)
    words = {"view": "VIEW", "trigger": "TRIGGER", "function": "FUNCTION", "procedure": "PROCEDURE"}
    for one in before.code:
        change(filled, f"DROP {words[one.kind]} `{one.name.name}`".replace("%", "%%"))
    assert snapshot_of(filled).code == ()

    # A view needs those that it reads, a trigger the one that it follows.
    for one in sorted(before.code, key=lambda one: any(on in one.definition for on in LATER)):
        change(filled, one.definition.replace("%", "%%"))

    assert snapshot_of(filled) == before


def test_a_view_says_which_columns_it_reads(filled):
    change(
        filled, "CREATE VIEW joined AS SELECT p.id FROM parent p JOIN names n ON n.code = p.name"
    )
    change(filled, "CREATE VIEW counted AS SELECT 1 AS one FROM parent")
    uses = {one.name.name: one.uses for one in snapshot_of(filled).code if one.kind == "view"}

    parent, names = Name("", "parent"), Name("", "names")
    assert uses == {
        "names": ((parent, "code"), (parent, "id"), (parent, "name")),
        "far_names": ((names, "code"), (names, "name"), (names, "said")),
        "joined": ((names, "code"), (parent, "id"), (parent, "name")),
        "counted": ((parent, ""),),
        "nothing": (),
    }


def test_a_table_that_a_view_calls_like_the_database_keeps_that_name(engine):
    here = engine.url.database
    change(engine, "CREATE TABLE a (id INT, b INT)")
    change(
        engine,
        f"CREATE VIEW v AS SELECT {here}.b FROM a {here} WHERE {here}.id IN (SELECT b FROM a)",
    )

    (view,) = snapshot_of(engine).code

    assert view.definition == (
        f"CREATE VIEW `v` AS select `{here}`.`b` AS `b` from `a` `{here}` "
        f"where `{here}`.`id` in (select `a`.`b` from `a`)"
    )


def test_triggers_of_one_event_stay_in_their_order(filled):
    triggers = [one for one in snapshot_of(filled).code if one.kind == "trigger"]

    assert triggers[1] == Code(
        kind="trigger",
        name=Name("", "another"),
        table=Name("", "child"),
        definition="CREATE TRIGGER `another` BEFORE INSERT ON `child` FOR EACH ROW "
        "FOLLOWS `first` SET NEW.code = NEW.code + 1",
    )


def test_a_column_is_told_in_the_words_of_the_server(filled):
    table = snapshot_of(filled).tables[Name("", "parent")]

    assert [(one.name, one.type, one.default) for one in table.columns] == [
        ("id", "int(11)", None),
        ("code", "int(11)", None),
        ("name", "varchar(20)", "'x'"),
        ("at", "datetime(3)", "current_timestamp(3)"),
        ("kind", "enum('a','b')", None),
        ("body", "text", None),
        ("twice", "int(11)", None),
        ("plain", "int(11)", None),
        ("doc", "json", None),
    ]
    assert table.column("id").is_numbered
    assert table.column("twice").computed == Computed(expression="`code` * 2", is_stored=False)
    assert table.comment == "all of them"
    assert {one.collation for one in table.columns} == {None}
    assert table.options == ()


def test_the_check_of_a_json_column_belongs_to_its_type(engine):
    change(engine, "CREATE TABLE a (j JSON, k LONGTEXT CHECK (json_valid(k)), `l``%%` JSON)")

    table = snapshot_of(engine).tables[Name("", "a")]

    assert [(one.type, one.options) for one in table.columns] == [
        ("json", ()),
        ("longtext", (("check", "json_valid(`k`)"),)),
        ("json", ()),
    ]
    assert table.constraints == ()


def test_a_check_of_a_column_is_part_of_the_column_as_it_is_to_the_server(engine):
    change(engine, "CREATE TABLE a (b INT CHECK (b > 1), c INT, CHECK (c > 1))")

    table = snapshot_of(engine).tables[Name("", "a")]

    assert table.column("b").options == (("check", "`b` > 1"),)
    assert [(one.name, one.definition) for one in table.constraints] == [
        ("CONSTRAINT_1", "CHECK (`c` > 1)")
    ]


def test_a_unique_constraint_and_a_unique_index_are_the_same(engine):
    change(engine, "CREATE TABLE a (b INT, c INT)")
    change(engine, "ALTER TABLE a ADD CONSTRAINT uq UNIQUE (b, c)")
    before = snapshot_of(engine)
    change(engine, "DROP INDEX uq ON a")
    change(engine, "CREATE UNIQUE INDEX uq ON a (b, c)")

    assert snapshot_of(engine) == before
    (index,) = before.tables[Name("", "a")].indexes
    assert (index.is_unique, index.columns) == (True, ("b", "c"))
    assert index.definition == "UNIQUE (`b`, `c`)"


def test_a_foreign_key_says_what_it_refers_to(filled):
    (key,) = snapshot_of(filled).tables[Name("", "child")].of_kind(Kind.FOREIGN_KEY)

    assert key.definition == (
        "FOREIGN KEY (`parent_id`) REFERENCES `parent` (`id`) ON DELETE CASCADE"
    )
    assert (key.target, key.target_columns) == (Name("", "parent"), ("id",))


def test_the_index_that_a_foreign_key_brought_along_is_told_from_others(engine):
    change(engine, "CREATE TABLE a (id INT PRIMARY KEY, b INT, UNIQUE (id, b))")
    change(
        engine,
        "CREATE TABLE c (a INT, b INT, d INT, e INT, f INT, KEY own (d), "
        "FOREIGN KEY (a) REFERENCES a (id), FOREIGN KEY (a, b) REFERENCES a (id, b), "
        "CONSTRAINT fk FOREIGN KEY (b) REFERENCES a (id), FOREIGN KEY (d) REFERENCES a (id), "
        "KEY e (e), UNIQUE KEY f (f), FOREIGN KEY (f) REFERENCES a (id))",
    )
    table = snapshot_of(engine).tables[Name("", "c")]

    assert [one.name for one in table.indexes] == ["a", "e", "f", "fk", "own"]
    assert made_by_foreign_keys(table) == {"a", "fk"}


def test_names_that_the_server_gave_are_told_from_others(engine):
    change(
        engine,
        "CREATE TABLE `a%%(` (id INT PRIMARY KEY, b INT UNIQUE, c INT, d INT, UNIQUE (b, c), "
        "UNIQUE mine (b, d), CHECK (b > 1), CONSTRAINT `mine too` CHECK (b > 2), "
        "FOREIGN KEY (c) REFERENCES `a%%(` (id), "
        "CONSTRAINT `mine also` FOREIGN KEY (d) REFERENCES `a%%(` (id))",
    )
    table = snapshot_of(engine).tables[Name("", "a%(")]

    parts = (*table.constraints, *table.indexes)
    assert {one.name for one in parts if not named_by_server(one, table)} == {
        "PRIMARY",
        "mine",
        "mine too",
        "mine also",
        "c",
    }


def test_a_sequence_says_what_is_unusual_about_it(filled):
    change(filled, "CREATE SEQUENCE down INCREMENT BY -2 CACHE 10")

    assert snapshot_of(filled).sequences == {
        Name("", "numbers"): Sequence(name=Name("", "numbers"), options=(("start", "5"),)),
        Name("", "down"): Sequence(
            name=Name("", "down"), options=(("cache", "10"), ("increment", "-2"))
        ),
    }


def test_other_databases_have_their_names_and_the_own_one_has_none(filled, make_database):
    other = sa.create_engine(make_database("mariadb").url, poolclass=sa.NullPool)
    here, there = filled.url.database, other.url.database
    change(other, f"CREATE TABLE a (b INT, FOREIGN KEY (b) REFERENCES {here}.parent (id))")
    change(other, f"CREATE TABLE c (b INT DEFAULT nextval({here}.numbers))")
    change(other, f"CREATE VIEW d AS SELECT id FROM {here}.parent")

    found = snapshot_of(filled, ["", there, "godwit_test_no_such_database"])

    assert found.schemas == {"", there}
    (key,) = found.tables[Name(there, "a")].constraints
    assert key.target == Name("", "parent")
    assert key.definition == "FOREIGN KEY (`b`) REFERENCES `parent` (`id`)"
    assert found.tables[Name(there, "c")].column("b").default == "nextval(`numbers`)"
    assert found.code[-1].name == Name(there, "d")
    assert found.code[-1].definition == (
        f"CREATE VIEW `{there}`.`d` AS select `parent`.`id` AS `id` from `parent`"
    )
    assert snapshot_of(filled, [here]) == snapshot_of(filled)
    change(other, "DROP TABLE a")


def test_the_same_number_of_queries_reads_any_number_of_tables(engine):
    assert count_queries(engine, 3) == count_queries(engine, 60) <= 12


def count_queries(engine, number):
    metadata = sa.MetaData()
    for one in range(number):
        sa.Table(
            f"t{one}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("other", sa.ForeignKey("t0.id")),
            sa.Column("flag", sa.Boolean(create_constraint=True)),
            sa.Column("json", sa.JSON, unique=False, index=False),
        )
    metadata.create_all(engine)
    queries = []
    with engine.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *a: queries.append(a[2]))
        assert len(read(connection, [""]).tables) == number
    return len(queries)


def test_what_a_session_says_of_quotes_makes_no_difference_between_names(engine, make_database):
    other = sa.create_engine(make_database("mariadb").url, poolclass=sa.NullPool)
    found = []
    for one in (engine, other):
        sa.event.listen(one, "connect", set_ansi_quotes)
        fill(one, TABLES)
        fill(one, "CREATE TABLE a (b INT DEFAULT nextval(`numbers`), c JSON)")
        found.append(snapshot_of(one))

    assert found[0] == found[1]
    assert found[0].tables[Name("", "a")].column("b").default == 'nextval("numbers")'
    assert found[0].tables[Name("", "a")].column("c").type == "json"


def set_ansi_quotes(connection, _record):
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')")


def test_models_with_every_feature_are_read_twice_alike(engine, make_database):
    other = sa.make_url(make_database("mariadb").url).database
    every_feature(other).create_all(engine)

    first = snapshot_of(engine, ["", other])

    assert first == snapshot_of(engine, ["", other])
    assert len(first.tables) == len(every_feature(other).tables)


@pytest.mark.parametrize(
    ("default", "extra", "expected"),
    [
        (None, "", None),
        ("", "", "''"),
        ("it's", "", "'it''s'"),
        ("NULL", "", "'NULL'"),
        ("7", "", "'7'"),
        ("b'101'", "", "b'101'"),
        ("0x6162", "", "0x6162"),
        ("uuid()", "DEFAULT_GENERATED", "(uuid())"),
        ("concat(_utf8mb4\\'a\\')", "DEFAULT_GENERATED", "(concat(_utf8mb4'a'))"),
        ("CURRENT_TIMESTAMP(6)", "DEFAULT_GENERATED", "CURRENT_TIMESTAMP(6)"),
    ],
)
def test_what_mysql_says_of_a_default_is_put_as_it_stands_in_a_statement(default, extra, expected):
    assert MySQL().default(Told(default, extra)) == expected
