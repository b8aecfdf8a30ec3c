"""Every argument of `batch_alter_table` does what it does with Alembic."""

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations, MigrateOperation, Operations

TABLE = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE, c INT CHECK (c > 0))",
    "INSERT INTO t VALUES (1, 'x', 'y', 2)",
)


def columns(lab):
    return [row[1] for row in lab.rows("PRAGMA table_xinfo(t)")]


def test_columns_are_put_in_order(lab):
    lab.run(*TABLE)
    with lab.batch("t", recreate="always", partial_reordering=[("c", "b", "a", "id")]):
        pass

    assert columns(lab) == ["c", "b", "a", "id"]
    assert lab.rows("SELECT * FROM t") == [(2, "y", "x", 1)]


def test_new_columns_have_their_place(lab):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        batch.add_column(sa.Column("n1", sa.Integer()), insert_before="a")
        batch.add_column(sa.Column("n2", sa.Integer()), insert_after="n1")
        batch.add_column(sa.Column("n3", sa.Integer()))

    assert columns(lab) == ["id", "n1", "n2", "a", "b", "c", "n3"]


def test_a_changed_column_may_get_another_place(lab):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        batch.alter_column("a", insert_after="c")

    assert columns(lab) == ["id", "b", "c", "a"]


@pytest.mark.parametrize("argument", ["table_args", "reflect_args"])
def test_constraints_that_reflection_would_miss_are_there_once(lab, argument):
    lab.run(*TABLE)
    arguments = (
        sa.CheckConstraint("c>0", name="positive"),
        sa.UniqueConstraint("b"),
        sa.ForeignKeyConstraint(["a"], ["parent.id"], name="fk"),
        sa.Column("a", sa.Integer()),
    )
    with lab.batch("t", **{argument: arguments}) as batch:
        batch.alter_column("a", nullable=False)

    assert lab.sql_of("t") == (
        'CREATE TABLE "t" (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT UNIQUE, c INT, '
        "CONSTRAINT positive CHECK (c>0), CONSTRAINT fk FOREIGN KEY(a) REFERENCES parent (id))"
    )


def test_options_of_the_table_change(lab):
    lab.run(*TABLE)
    with lab.batch("t", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
        pass
    lab.run("DELETE FROM t", "INSERT INTO t (a) VALUES ('new')")

    assert "PRIMARY KEY AUTOINCREMENT" in lab.sql_of("t")
    assert lab.rows("SELECT id FROM t") == [(2,)]


def test_without_rowid_comes_and_goes(lab):
    lab.run("CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES ('k', 'x')")
    with lab.batch("t", recreate="always", reflect_kwargs={"sqlite_with_rowid": False}):
        pass
    assert lab.sql_of("t").endswith(") WITHOUT ROWID")
    with lab.batch("t", recreate="always", table_kwargs={"sqlite_with_rowid": True}):
        pass

    assert lab.sql_of("t") == 'CREATE TABLE "t" (k TEXT PRIMARY KEY, a TEXT)'
    assert lab.rows("SELECT * FROM t") == [("k", "x")]


def test_a_model_to_copy_from_gives_names_and_takes_nothing_away(lab):
    lab.run(*TABLE)
    model = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("b", sa.Text),
        sa.Column("parent_id", sa.ForeignKey("parent.id")),
        sa.UniqueConstraint("b", name="one_b"),
    )
    model.constraints = {one for one in model.constraints if one.name == "one_b"}
    with lab.batch("t", copy_from=model) as batch:
        batch.drop_constraint("one_b", type_="unique")

    assert lab.sql_of("t") == (
        'CREATE TABLE "t" (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INT CHECK (c > 0))'
    )


def test_statements_of_a_batch_run_at_once_as_with_alembic(lab):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        batch.alter_column("a", nullable=False)
        batch.execute("UPDATE t SET a = 'first'")
        assert batch.f("name") == "name"

    assert lab.rows("SELECT a FROM t") == [("first",)]


def test_operations_of_other_packages_work_in_a_batch_and_outside(lab):
    @Operations.register_operation("upper_case")
    @BatchOperations.register_operation("upper_case", "batch_upper_case")
    class UpperCase(MigrateOperation):
        def __init__(self, table, column):
            self.table, self.column = table, column

        @classmethod
        def upper_case(cls, operations, table, column):
            return operations.invoke(cls(table, column))

        @classmethod
        def batch_upper_case(cls, operations, column):
            return operations.invoke(cls(operations.impl.table_name, column))

    @Operations.implementation_for(UpperCase)
    def upper_case(operations, operation):
        operations.migration_context.impl.execute(
            f"UPDATE {operation.table} SET {operation.column} = upper({operation.column})"
        )

    lab.run(*TABLE)
    with lab.revision(), op.batch_alter_table("t") as batch:
        op.upper_case("t", "a")
        batch.upper_case("b")

    assert lab.rows("SELECT a, b FROM t") == [("X", "Y")]


def test_a_unique_column_gets_its_index(lab):
    lab.run("CREATE TABLE t (a INT)")
    with lab.batch("t") as batch:
        batch.add_column(sa.Column("n", sa.Integer(), index=True, unique=True))
        batch.add_column(sa.Column("m", sa.Integer(), index=True))

    assert lab.copied == []
    assert lab.rows("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY 1") == [
        ("ix_t_m",),
        ("ix_t_n",),
    ]


def test_the_transaction_that_a_batch_needs_is_its_own(lab):
    lab.run("CREATE TABLE t (a INT)")
    assert not lab.connection.in_transaction()
    with lab.revision(), op.batch_alter_table("t") as batch:
        batch.alter_column("a", nullable=False)
        lab.connection.rollback()

    assert lab.sql_of("t") == 'CREATE TABLE "t" (a INT NOT NULL)'


def test_an_attribute_is_missing_as_before(lab):
    lab.run(*TABLE)
    with pytest.raises(NotImplementedError), lab.revision(), op.batch_alter_table("t") as batch:
        batch.impl.create_table(None)


def test_if_exists_and_if_not_exists_are_heeded(lab):
    lab.run(*TABLE)
    with lab.batch("t") as batch:
        batch.add_column(sa.Column("a", sa.Integer()), if_not_exists=True)
        batch.drop_column("missing", if_exists=True)
        batch.drop_index("missing", if_exists=True)
        batch.drop_column("c", if_exists=True)

    assert columns(lab) == ["id", "a", "b"]
    assert lab.copied == []
