"""Columns."""

import sqlalchemy as sa

from tests.changes.change import change, of_table, things


def name(**options):
    return sa.Column("name", sa.String(20), **options)


def phone(*arguments, **options):
    return sa.Column("phone", sa.String(20), *arguments, **options)


CHANGES = (
    of_table("a column is added", lambda: [name()], lambda: [name(), phone()]),
    of_table("a column is dropped", lambda: [name(), phone()], lambda: [name()]),
    of_table(
        "a column is added between others",
        lambda: [name()],
        lambda: [phone(), name()],
    ),
    of_table(
        "several columns are added",
        lambda: [name()],
        lambda: [name(), phone(), sa.Column("age", sa.Integer), sa.Column("born", sa.Date)],
    ),
    of_table(
        "several columns are dropped",
        lambda: [name(), phone(), sa.Column("age", sa.Integer), sa.Column("born", sa.Date)],
        lambda: [name()],
    ),
    of_table(
        "columns only change their order",
        lambda: [name(), phone(), sa.Column("old", sa.Integer)],
        lambda: [phone(), name()],
    ),
    of_table(
        "a column gets another name: what looks like that is a drop and an add",
        lambda: [name()],
        lambda: [sa.Column("full_name", sa.String(20))],
    ),
    of_table(
        "a column is added with an index",
        lambda: [name()],
        lambda: [name(), phone(index=True)],
    ),
    of_table(
        "a column is dropped with its index",
        lambda: [name(), phone(index=True)],
        lambda: [name()],
    ),
    of_table(
        "a column is added with a unique index",
        lambda: [name()],
        lambda: [name(), phone(index=True, unique=True)],
    ),
    of_table(
        "a column is added that is unique",
        lambda: [name()],
        lambda: [name(), phone(unique=True)],
    ),
    of_table(
        "a column that is unique is dropped",
        lambda: [name(), phone(unique=True)],
        lambda: [name()],
    ),
    of_table(
        "a column is added with a CHECK",
        lambda: [name()],
        lambda: [name(), phone(), sa.CheckConstraint("phone <> ''", name="phone_is_something")],
    ),
    of_table(
        "a column is dropped with its CHECK",
        lambda: [name(), phone(), sa.CheckConstraint("phone <> ''", name="phone_is_something")],
        lambda: [name()],
    ),
    of_table(
        "a column is dropped with a CHECK of the table that names it",
        lambda: [name(), phone(), sa.CheckConstraint("phone <> name", name="differ")],
        lambda: [name()],
    ),
    of_table(
        "a column is dropped that an index has with another",
        lambda: [name(), phone(), sa.Index("ix_both", "name", "phone")],
        lambda: [name()],
    ),
    of_table(
        "a column is dropped that an index has with another, which keeps one",
        lambda: [name(), phone(), sa.Index("ix_both", "name", "phone")],
        lambda: [name(), sa.Index("ix_both", "name")],
    ),
    of_table(
        "a column is dropped that a unique constraint has with another",
        lambda: [name(), phone(), sa.UniqueConstraint("name", "phone", name="both")],
        lambda: [name()],
    ),
    change(
        "a column is added that refers to another table",
        lambda m: (things(m, name="groups"), things(m)),
        lambda m: (
            things(m, name="groups"),
            things(m, sa.Column("group_id", sa.ForeignKey("groups.id"))),
        ),
    ),
    change(
        "a column that refers to another table is dropped",
        lambda m: (
            things(m, name="groups"),
            things(m, sa.Column("group_id", sa.ForeignKey("groups.id"))),
        ),
        lambda m: (things(m, name="groups"), things(m)),
    ),
    of_table(
        "a column is added that refers to its own table",
        lambda: [name()],
        lambda: [name(), sa.Column("parent_id", sa.ForeignKey("things.id"))],
    ),
    of_table(
        "a column that refers to its own table is dropped",
        lambda: [name(), sa.Column("parent_id", sa.ForeignKey("things.id"))],
        lambda: [name()],
    ),
    of_table(
        "a column is added that only Python fills",
        lambda: [name()],
        lambda: [name(), phone(default="unknown")],
    ),
    of_table(
        "a column is added whose name in Python is another",
        lambda: [name()],
        lambda: [name(), sa.Column("phone_number", sa.String(20), key="phone")],
    ),
)
