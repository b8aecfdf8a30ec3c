import pytest
import sqlalchemy as sa
from alembic.operations import ops

from flask_migrate.autogenerate.native import lift_native_operations

METADATA = sa.MetaData()
USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("plain", sa.String(20)),
    sa.Column("indexed", sa.String(20), index=True),
    sa.Column("unique", sa.String(20), unique=True),
    sa.Column("parent_id", sa.ForeignKey("users.id")),
    sa.Column("checked", sa.Integer, sa.CheckConstraint("checked > 0")),
)


def group(*operations):
    return ops.ModifyTableOps("users", list(operations))


def added(*arguments, **options):
    return ops.AddColumnOp("users", sa.Column("new", *arguments, **options))


def dropped(name):
    return ops.DropColumnOp.from_column_and_tablename(None, "users", USERS.c[name])


@pytest.mark.parametrize(
    "operation",
    [
        added(sa.String(20)),
        added(sa.Integer, server_default="0"),
        added(sa.Integer, server_default=sa.text("0"), nullable=True),
        added(sa.String, server_default=sa.text("'it''s'"), nullable=True),
        dropped("plain"),
        ops.CreateIndexOp("ix", "users", ["plain"]),
        ops.DropIndexOp("ix", "users"),
    ],
)
def test_what_no_database_copies_a_table_for_stands_alone(operation):
    assert list(lift_native_operations([group(operation)])) == [operation]


@pytest.mark.parametrize(
    "operation",
    [
        added(sa.String(20), nullable=False),
        added(sa.DateTime, server_default=sa.func.now()),
        added(sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),
        added(sa.Integer, server_default=sa.text("(1 + 1)")),
        added(sa.Integer, primary_key=True),
        added(sa.Integer, sa.Computed("id * 2")),
        added(sa.Boolean(create_constraint=True)),
        dropped("id"),
        dropped("unique"),
        dropped("parent_id"),
        dropped("checked"),
        dropped("indexed"),
        ops.AlterColumnOp("users", "plain", modify_nullable=False),
    ],
)
def test_what_sqlite_copies_a_table_for_stays_a_group(operation):
    both = group(added(sa.String(20)), operation)

    assert list(lift_native_operations([both])) == [both]


def test_an_indexed_column_can_go_after_its_index():
    operations = [ops.DropIndexOp("ix_users_indexed", "users"), dropped("indexed")]

    assert list(lift_native_operations([group(*operations)])) == operations


def test_other_operations_keep_their_place():
    first, last = ops.ExecuteSQLOp("SELECT 1"), ops.DropTableOp("old")
    column = added(sa.String(20))

    assert list(lift_native_operations([first, group(column), last])) == [first, column, last]
