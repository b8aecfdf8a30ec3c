import pytest
import sqlalchemy as sa
from alembic.operations import ops

from flask_migrate.autogenerate.describe import describe_all
from flask_migrate.autogenerate.operations import CodeSQL
from flask_migrate.values.schema import Code, Name


def described(operation, target="default"):
    return [(one.kind, one.description) for one in describe_all([operation], target=target)]


@pytest.mark.parametrize(
    ("operation", "kind", "words"),
    [
        (ops.CreateTableOp("users", []), "create_table", "add table users"),
        (ops.DropTableOp("users", schema="shop"), "drop_table", "drop table shop.users"),
        (
            ops.AddColumnOp("users", sa.Column("phone", sa.String(20), nullable=False)),
            "add_column",
            "add column users.phone String(length=20) NOT NULL",
        ),
        (ops.DropColumnOp("users", "phone"), "drop_column", "drop column users.phone"),
        (
            ops.AlterColumnOp(
                "users",
                "phone",
                existing_type=sa.String(10),
                modify_type=sa.String(20),
                modify_nullable=False,
                modify_server_default=None,
                modify_comment="work",
                modify_name="number",
            ),
            "alter_column",
            (
                "alter column users.phone: type String(length=10) -> String(length=20), NOT NULL, "
                "default none, comment 'work', name number"
            ),
        ),
        (
            ops.CreateIndexOp("ix", "users", ["a", "b"], unique=True),
            "create_index",
            "add unique index ix on users (a, b)",
        ),
        (ops.DropIndexOp("ix", "users"), "drop_index", "drop index ix on users"),
        (
            ops.CreateUniqueConstraintOp("uq", "users", ["a"]),
            "create_unique_constraint",
            "add unique constraint uq on users",
        ),
        (
            ops.CreateForeignKeyOp(None, "users", "teams", ["a"], ["id"]),
            "create_foreign_key",
            "add foreign key without a name on users",
        ),
        (
            ops.DropConstraintOp("uq", "users", type_="unique"),
            "drop_constraint",
            "drop unique constraint uq on users",
        ),
        (ops.ExecuteSQLOp("SELECT 1"), "execute_sql", "run SELECT 1"),
        (
            ops.CreateTableCommentOp("users", "people"),
            "create_table_comment",
            "create table comment",
        ),
    ],
)
def test_an_operation_is_said_in_words(operation, kind, words):
    assert described(operation) == [(kind, words)]


def test_groups_are_opened_and_the_database_is_named():
    group = ops.ModifyTableOps("users", [ops.DropColumnOp("users", "phone")])

    assert described(group, target="archive") == [
        ("drop_column", "drop column users.phone on archive")
    ]


@pytest.mark.parametrize(
    ("kind", "verb", "said"),
    [
        ("view", "add", [("create_view", "add view shop.seen")]),
        (
            "materialized view",
            "change",
            [("alter_materialized_view", "change materialized view shop.seen")],
        ),
        ("function", "drop", [("drop_function", "drop function shop.seen")]),
        ("view", None, []),
    ],
)
def test_code_is_said_in_words_unless_it_only_makes_room(kind, verb, said):
    operation = CodeSQL("...", code=Code(kind=kind, name=Name("shop", "seen"), definition="..."))
    operation.verb = verb

    assert described(operation) == said
