"""What SQLite does by itself copies no table, in whichever way a migration asks for it."""

import inspect

import pytest
import sqlalchemy as sa
from alembic.operations import BatchOperations

TABLE = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY)",
    (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT DEFAULT 'x', "
        "c INT CHECK (c > 0), u TEXT UNIQUE)"
    ),
    "CREATE INDEX on_b ON t (b)",
    "CREATE INDEX on_lower_b ON t (lower(b)) WHERE a <> ''",
    "INSERT INTO t VALUES (1, 'a', 'b', 3, 'u')",
)
BOOLEAN = sa.Boolean(create_constraint=True, name="flag_is_boolean")


def add_with_key(batch):
    batch.add_column(sa.Column("p_id", sa.Integer(), nullable=True))
    batch.create_foreign_key("fk_t_p", "p", ["p_id"], ["id"], ondelete="CASCADE")


def rename_and_index(batch):
    batch.alter_column("b", new_column_name="name", existing_type=sa.Text(), existing_nullable=True)
    batch.create_index("on_name", ["name"], unique=True)


def replace_column(batch):
    batch.drop_column("b")
    batch.add_column(sa.Column("b", sa.Integer(), nullable=False, server_default="7"))


def change_nothing(batch):
    batch.alter_column("a", nullable=False, type_=sa.Text(), existing_type=sa.String())
    batch.alter_column("b", server_default="x")


# Name: the operations, and the statements of ALTER TABLE that they come to.
NATIVE = {
    "add": (
        lambda batch: batch.add_column(sa.Column("n", sa.String(5))),
        ['ALTER TABLE "main"."t" ADD COLUMN n VARCHAR(5)'],
    ),
    "add NOT NULL with a constant": (
        lambda batch: batch.add_column(
            sa.Column("n", sa.Integer(), nullable=False, server_default=sa.text("0"))
        ),
        ['ALTER TABLE "main"."t" ADD COLUMN n INTEGER DEFAULT 0 NOT NULL'],
    ),
    "add with a foreign key": (
        add_with_key,
        [
            (
                'ALTER TABLE "main"."t" ADD COLUMN p_id INTEGER CONSTRAINT "fk_t_p" '
                "REFERENCES p (id) ON DELETE CASCADE"
            )
        ],
    ),
    "add with a foreign key of the column": (
        lambda batch: batch.add_column(sa.Column("p_id", sa.Integer(), sa.ForeignKey("p.id"))),
        ['ALTER TABLE "main"."t" ADD COLUMN p_id INTEGER REFERENCES p (id)'],
    ),
    "add with the CHECK of a type": (
        lambda batch: batch.add_column(sa.Column("flag", BOOLEAN)),
        [
            (
                'ALTER TABLE "main"."t" ADD COLUMN flag BOOLEAN CONSTRAINT "flag_is_boolean" '
                "CHECK (flag IN (0, 1))"
            )
        ],
    ),
    "add generated": (
        lambda batch: batch.add_column(sa.Column("n", sa.Integer(), sa.Computed("c * 2"))),
        ['ALTER TABLE "main"."t" ADD COLUMN n INTEGER GENERATED ALWAYS AS (c * 2)'],
    ),
    "add behind the last": (
        lambda batch: batch.add_column(sa.Column("n", sa.Integer()), insert_after="u"),
        ['ALTER TABLE "main"."t" ADD COLUMN n INTEGER'],
    ),
    "drop": (
        lambda batch: batch.drop_column("c"),
        ['ALTER TABLE "main"."t" DROP COLUMN "c"'],
    ),
    "drop with its indexes": (
        lambda batch: batch.drop_column("b"),
        [
            'DROP INDEX "main"."on_b"',
            'DROP INDEX "main"."on_lower_b"',
            'ALTER TABLE "main"."t" DROP COLUMN "b"',
        ],
    ),
    "rename": (
        lambda batch: batch.alter_column("a", new_column_name="z"),
        ['ALTER TABLE "main"."t" RENAME COLUMN "a" TO "z"'],
    ),
    "rename, then an index on the new name": (
        rename_and_index,
        [
            'ALTER TABLE "main"."t" RENAME COLUMN "b" TO "name"',
            "CREATE UNIQUE INDEX on_name ON t (name)",
        ],
    ),
    "replace": (
        replace_column,
        [
            'DROP INDEX "main"."on_b"',
            'DROP INDEX "main"."on_lower_b"',
            'ALTER TABLE "main"."t" DROP COLUMN "b"',
            'ALTER TABLE "main"."t" ADD COLUMN b INTEGER DEFAULT \'7\' NOT NULL',
        ],
    ),
    "change nothing": (change_nothing, []),
    "rename the table": (
        lambda batch: batch.impl.rename_table("t", "t2"),
        ['ALTER TABLE "main"."t" RENAME TO "t2"'],
    ),
    "comments": (lambda batch: batch.create_table_comment("what it is"), []),
}


@pytest.mark.parametrize("name", NATIVE)
def test_sqlite_does_by_itself(lab, name):
    change, expected = NATIVE[name]
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        change(batch)
    words = ("ALTER", "DROP", "CREATE", "INSERT")
    ran = [sql for sql in lab.statements if sql.startswith(words)]

    assert ran == expected
    assert lab.rows("PRAGMA integrity_check") == [("ok",)]
    assert lab.rows("PRAGMA foreign_key_check") == []


# Name: the operations, for each of which SQLite needs the table anew.
COPIED = {
    "add NOT NULL with an expression": lambda batch: batch.add_column(
        sa.Column("n", sa.DateTime(), nullable=False, server_default=sa.func.now())
    ),
    "add STORED": lambda batch: batch.add_column(
        sa.Column("n", sa.Integer(), sa.Computed("c * 2", persisted=True))
    ),
    "add UNIQUE": lambda batch: batch.add_column(sa.Column("n", sa.Integer(), unique=True)),
    "add before another": lambda batch: batch.add_column(
        sa.Column("n", sa.Integer()), insert_before="a"
    ),
    "drop UNIQUE": lambda batch: batch.drop_column("u"),
    "drop the key": lambda batch: batch.drop_column("id"),
    "forbid NULL": lambda batch: batch.alter_column("b", nullable=False),
    "another default": lambda batch: batch.alter_column("b", server_default="y"),
    "another type": lambda batch: batch.alter_column("b", type_=sa.String(50)),
}


@pytest.mark.parametrize("name", COPIED)
def test_the_table_is_copied_once_to(lab, name):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        COPIED[name](batch)

    assert lab.copied == ['"main"."_godwit_t"']
    assert lab.rows("SELECT a, c FROM t") == [("a", 3)]


@pytest.mark.skipif(
    "inline_references" not in inspect.signature(BatchOperations.add_column).parameters,
    reason="this Alembic writes no foreign keys inline",
)
def test_a_foreign_key_that_alembic_leaves_to_the_definition_is_not_lost(lab):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        column = sa.Column("p_id", sa.Integer(), sa.ForeignKey("p.id", ondelete="CASCADE"))
        batch.add_column(column, inline_references=True)

    assert lab.copied == []
    assert "p_id INTEGER REFERENCES p (id) ON DELETE CASCADE" in lab.sql_of("t")


@pytest.mark.parametrize("default", [sa.true(), sa.text("(5)"), sa.text("-1"), "x"], ids=str)
def test_a_constant_is_one_in_parentheses_too(lab, default):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        batch.add_column(sa.Column("n", sa.Integer(), nullable=False, server_default=default))

    assert lab.copied == []
    assert lab.rows("SELECT typeof(n) FROM t") != [("null",)]


def test_an_empty_table_takes_a_column_without_a_default(lab):
    lab.run("CREATE TABLE t (a INT)")
    with lab.batch("t") as batch:
        batch.add_column(sa.Column("n", sa.Integer(), nullable=False))

    assert lab.copied == []
    assert lab.sql_of("t") == "CREATE TABLE t (a INT, n INTEGER NOT NULL)"


def test_always_means_always(lab):
    lab.run(*TABLE)
    with lab.batch("t", recreate="always"):
        pass

    assert lab.copied == ['"main"."_godwit_t"']


def test_never_means_never(lab):
    lab.run(*TABLE)
    with pytest.raises(sa.exc.OperationalError), lab.batch("t", recreate="never") as batch:
        batch.alter_column("b", nullable=False)

    assert lab.copied == []


def test_indexes_alone_are_left_to_alembic(lab):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        batch.drop_index("on_b")
        batch.create_index("on_c", ["c"])
        batch.drop_index("missing", if_exists=True)

    assert [sql.strip() for sql in lab.statements if " INDEX " in sql] == [
        "DROP INDEX on_b",
        "CREATE INDEX on_c ON t (c)",
        "DROP INDEX IF EXISTS missing",
    ]


def test_nothing_is_left_of_a_batch_that_fails(lab):
    lab.run(*TABLE)
    before = lab.snapshot()
    with pytest.raises(sa.exc.IntegrityError), lab.batch("t") as batch:  # noqa: PT012
        batch.drop_column("c")
        batch.add_column(sa.Column("n", sa.Integer(), server_default="1"))
        batch.impl.rename_table("t", "p2")
        lab.run("INSERT INTO t VALUES (1, 'again', '', 1, '')")
    lab.connection.rollback()

    assert lab.snapshot() == before
