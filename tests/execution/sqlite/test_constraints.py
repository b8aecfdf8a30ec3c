"""Constraints come and go by their names, and without a name by what a convention calls them."""

import pytest
import sqlalchemy as sa
from alembic import op

from flask_migrate.errors import UnknownPart

CONVENTION = {
    "ck": "ck_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
TABLE = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY)",
    "CREATE TABLE t (a INT UNIQUE, b INT REFERENCES p (id), c INT CHECK (c > 0), d INT, "
    "PRIMARY KEY (d), UNIQUE (a, b), FOREIGN KEY (c) REFERENCES p, "
    "CONSTRAINT named UNIQUE (c), e INT)".replace(", e INT", ""),
    "INSERT INTO p VALUES (1)",
    "INSERT INTO t VALUES (1, 1, 1, 1)",
)
WHOLE = (
    'CREATE TABLE "t" (a INT UNIQUE, b INT REFERENCES p (id), c INT CHECK (c > 0), d INT, '
    "PRIMARY KEY (d), UNIQUE (a, b), FOREIGN KEY (c) REFERENCES p, CONSTRAINT named UNIQUE (c))"
)


@pytest.mark.parametrize(
    ("name", "type_", "gone"),
    [
        ("named", "unique", ", CONSTRAINT named UNIQUE (c)"),
        ("named", None, ", CONSTRAINT named UNIQUE (c)"),
        ("uq_t_a", "unique", " UNIQUE"),
        ("uq_t_a_b", "unique", ", UNIQUE (a, b)"),
        ("fk_t_b_p", "foreignkey", " REFERENCES p (id)"),
        ("fk_t_c_p", "foreignkey", ", FOREIGN KEY (c) REFERENCES p"),
        ("ck_t_c", "check", " CHECK (c > 0)"),
        ("pk_t", "primary", ", PRIMARY KEY (d)"),
        ("anything", "primary", ", PRIMARY KEY (d)"),
    ],
)
@pytest.mark.parametrize("where", ["the batch", "the models"])
def test_a_constraint_is_dropped_by_the_name_that_it_would_have(make_lab, name, type_, gone, where):
    metadata = sa.MetaData(naming_convention=CONVENTION if where == "the models" else None)
    lab = make_lab(target_metadata=metadata)
    lab.run(*TABLE)
    arguments = {"naming_convention": CONVENTION} if where == "the batch" else {}
    with lab.batch("t", **arguments) as batch:
        batch.drop_constraint(op.f(name), type_=type_)

    assert lab.sql_of("t") == WHOLE.replace(gone, "", 1)
    assert lab.rows("SELECT * FROM t") == [(1, 1, 1, 1)]


def test_the_name_may_be_of_before_the_batch_renames(lab):
    lab.run(*TABLE)
    with lab.batch("t", naming_convention=CONVENTION) as batch:
        batch.alter_column("a", new_column_name="z")
        batch.drop_constraint("uq_t_a_b", type_="unique")
        batch.drop_constraint("uq_t_z", type_="unique")

    assert "UNIQUE (" not in lab.sql_of("t").replace("named UNIQUE (c)", "")
    assert '"z" INT, b' in lab.sql_of("t")


def test_without_any_name_the_only_one_of_its_kind_is_meant(lab):
    lab.run("CREATE TABLE t (a INT UNIQUE, b INT, CONSTRAINT u UNIQUE (b))")
    with lab.batch("t") as batch:
        batch.drop_constraint(None, type_="unique")

    assert lab.sql_of("t") == 'CREATE TABLE "t" (a INT, b INT, CONSTRAINT u UNIQUE (b))'


def test_among_several_without_a_name_nobody_guesses(lab):
    lab.run(*TABLE)
    said = r"No such constraint: None. Without a name there are: a UNIQUE; UNIQUE \(a, b\)"
    with pytest.raises(UnknownPart, match=said), lab.batch("t") as batch:
        batch.drop_constraint(None, type_="unique")


def test_constraints_of_every_kind_are_added(lab):
    lab.run("CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE t (a INT, b INT)")
    with lab.batch("t") as batch:
        batch.create_primary_key("pk", ["a"])
        batch.create_unique_constraint("uq", ["b", "a"])
        batch.create_check_constraint("ck", sa.column("b") > 5)
        batch.create_foreign_key(
            "fk", "p", ["b"], ["id"], ondelete="CASCADE", deferrable=True, initially="DEFERRED"
        )
        batch.create_foreign_key(None, "t", ["b"], ["a"])

    assert lab.sql_of("t") == (
        'CREATE TABLE "t" (a INT, b INT, CONSTRAINT pk PRIMARY KEY (a), '
        "CONSTRAINT uq UNIQUE (b, a), CONSTRAINT ck CHECK (b > 5), "
        "CONSTRAINT fk FOREIGN KEY(b) REFERENCES p (id) "
        "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY(b) REFERENCES t (a))"
    )


def test_a_constraint_of_the_same_name_is_replaced(lab):
    lab.run("CREATE TABLE t (a INT, CONSTRAINT ck CHECK (a > 0))")
    with lab.batch("t") as batch:
        batch.create_check_constraint("ck", "a > 1")

    assert lab.sql_of("t") == 'CREATE TABLE "t" (a INT, CONSTRAINT ck CHECK (a > 1))'


def test_another_primary_key_replaces_the_first(lab):
    lab.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT)",
        "INSERT INTO t VALUES (3, 'x')",
    )
    with lab.batch("t") as batch:
        batch.create_primary_key("pk_t", ["code"])

    assert lab.sql_of("t") == (
        'CREATE TABLE "t" (id INTEGER, code TEXT, CONSTRAINT pk_t PRIMARY KEY (code))'
    )
    assert lab.rows("SELECT rowid, * FROM t") == [(3, 3, "x")]


def test_a_new_key_numbers_the_rows_that_are_there(lab):
    lab.run("CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x'), ('y')")
    with lab.batch("t") as batch:
        batch.add_column(sa.Column("id", sa.Integer(), primary_key=True, nullable=False))

    assert lab.rows("SELECT id, a FROM t") == [(1, "x"), (2, "y")]


@pytest.mark.parametrize("name", ["letter", None])
def test_the_check_of_an_enum_changes_with_it(lab, name):
    old = sa.Enum("a", "b", name=name, create_constraint=True)
    new = sa.Enum("a", "b", "c", name=name, create_constraint=True)
    table = sa.Table("t", sa.MetaData(), sa.Column("x", old), sa.Column("y", sa.Integer))
    table.create(lab.connection)
    lab.run("INSERT INTO t VALUES ('a', 1)")
    with lab.batch("t") as batch:
        batch.alter_column("x", type_=new, existing_type=old)
    lab.run("INSERT INTO t VALUES ('c', 2)")

    assert lab.sql_of("t").count("CHECK") == 1
    assert "CHECK (x IN ('a', 'b', 'c'))" in lab.sql_of("t")


def test_the_check_of_a_boolean_goes_with_the_type(lab):
    old = sa.Boolean(create_constraint=True)
    sa.Table("t", sa.MetaData(), sa.Column("x", old)).create(lab.connection)
    lab.run("INSERT INTO t VALUES (1)")
    with lab.batch("t") as batch:
        batch.alter_column("x", type_=sa.Integer(), existing_type=old)

    assert "CHECK" not in lab.sql_of("t")
    with lab.batch("t") as batch:
        batch.alter_column("x", type_=old, existing_type=sa.Integer())

    assert "CHECK (x IN (0, 1))" in lab.sql_of("t")


def test_a_check_of_a_type_that_the_database_has_not_is_not_missed(lab):
    lab.run("CREATE TABLE t (x BOOLEAN)")
    with lab.batch("t") as batch:
        batch.alter_column(
            "x", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="ck")
        )

    assert lab.sql_of("t") == 'CREATE TABLE "t" (x INTEGER)'


def test_a_check_on_the_column_alone_goes_with_it(lab):
    lab.run("CREATE TABLE t (a INT, x BOOLEAN, CONSTRAINT ck CHECK (x IN (0, 1)))")
    with lab.batch("t") as batch:
        batch.drop_column("x")

    assert lab.sql_of("t") == 'CREATE TABLE "t" (a INT)'


def test_collations_come_and_go_with_the_type(lab):
    lab.run("CREATE TABLE t (a TEXT)")
    nocase = sa.String(5, collation="NOCASE")
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=nocase)
    assert lab.sql_of("t") == 'CREATE TABLE "t" (a VARCHAR(5) COLLATE "NOCASE")'
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.String(6), existing_type=sa.String(5))
    assert lab.sql_of("t") == 'CREATE TABLE "t" (a VARCHAR(6) COLLATE "NOCASE")'
    with lab.batch("t") as batch:
        batch.alter_column("a", type_=sa.String(7), existing_type=nocase)
    assert lab.sql_of("t") == 'CREATE TABLE "t" (a VARCHAR(7))'


@pytest.mark.parametrize(
    ("default", "written"),
    [
        ("it's", "DEFAULT 'it''s'"),
        (sa.text("5"), "DEFAULT 5"),
        (sa.text("'x'"), "DEFAULT 'x'"),
        (sa.text("(1 + 2)"), "DEFAULT (1 + 2)"),
        (sa.Computed("b + 1", persisted=True), "GENERATED ALWAYS AS (b + 1) STORED"),
    ],
    ids=["text", "number", "string", "expression", "computed"],
)
def test_defaults_are_written_as_sqlalchemy_does(lab, default, written):
    lab.run("CREATE TABLE t (b INT, a INT DEFAULT 9)")
    with lab.batch("t") as batch:
        batch.alter_column("a", server_default=default)

    assert lab.sql_of("t") == f'CREATE TABLE "t" (b INT, a INT {written})'


def test_what_was_generated_becomes_a_value(lab):
    lab.run("CREATE TABLE t (b INT, a INT AS (b + 1))", "INSERT INTO t VALUES (1)")
    with lab.batch("t") as batch:
        batch.alter_column("a", server_default=None, existing_server_default=sa.Computed("b + 1"))

    assert lab.rows("SELECT * FROM t") == [(1, 2)]
    assert lab.sql_of("t") == 'CREATE TABLE "t" (b INT, a INT)'


def test_the_check_of_a_type_follows_a_column_that_gets_another_name(lab):
    old = sa.Enum("a", "b", create_constraint=True)
    new = sa.Enum("a", "c", create_constraint=True)
    sa.Table("t", sa.MetaData(), sa.Column("x", old)).create(lab.connection)
    lab.run("INSERT INTO t VALUES ('a')")
    with lab.batch("t") as batch:
        batch.alter_column("x", new_column_name="y", type_=new, existing_type=old)
        batch.create_check_constraint("one", "x <> 'z'")
        batch.create_check_constraint("two", "y <> 'z'")

    assert lab.sql_of("t").count("CHECK") == 3
    for check in ("(\"y\" IN ('a', 'c'))", "(\"y\" <> 'z')", "(y <> 'z')"):
        assert f"CHECK {check}" in lab.sql_of("t")
