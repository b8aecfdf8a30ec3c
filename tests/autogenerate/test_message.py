"""The message of a revision that nobody gave one."""

import pytest
import sqlalchemy as sa
from alembic.operations import ops

from flask_migrate.autogenerate.message import message_of
from flask_migrate.autogenerate.operations import CodeSQL
from flask_migrate.values.schema import Code, Name


def column(table, name):
    return ops.AddColumnOp(table, sa.Column(name, sa.Integer))


def code(kind, name, verb, **more):
    operation = CodeSQL("...", code=Code(kind=kind, name=Name("", name), definition="...", **more))
    operation.verb = verb
    return operation


INDEX = ops.CreateIndexOp("ix_users_phone", "users", ["phone"])


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ([column("users", "phone")], "add phone to users"),
        ([column("users", "phone"), INDEX], "add phone to users"),
        ([INDEX], "add ix_users_phone to users"),
        ([column("users", "phone"), column("users", "age")], "add phone and age to users"),
        ([ops.CreateTableOp("a", []), ops.CreateTableOp("b", [])], "create a and b"),
        (
            [ops.ModifyTableOps("users", [column("users", one) for one in "abcde"])],
            "add a, b, c and 2 more to users",
        ),
        (
            [ops.DropTableOp("old"), ops.DropColumnOp("users", "age")],
            "drop old, drop age from users",
        ),
        (
            [ops.AlterColumnOp(one, "id", modify_nullable=False) for one in "abcde"],
            "change id of a, change id of b, change id of c, and 2 more",
        ),
        ([code("view", "active_users", "add")], "add view active_users"),
        (
            [
                code("view", "seen", None),
                column("users", "phone"),
                code("view", "seen", None),
                code("trigger", "watch", "drop", table=Name("", "users")),
            ],
            "add phone to users, drop trigger watch on users",
        ),
        (
            [code("function", "one", "change", signature="a integer")],
            "change function one(a integer)",
        ),
        ([ops.ExecuteSQLOp("CREATE SCHEMA shop")], "change schema"),
    ],
)
def test_the_message_says_what_happens_to_tables_and_columns(operations, message):
    assert message_of(operations) == message
