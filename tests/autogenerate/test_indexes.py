from alembic.operations import ops

from flask_migrate.autogenerate.indexes import leave_to_table

INDEX = ops.DropIndexOp("ix_books_author_id", "books")
TABLE = ops.DropTableOp("books")


def test_an_index_goes_with_its_table():
    assert list(leave_to_table([INDEX, TABLE])) == [TABLE]
    assert list(leave_to_table([ops.ModifyTableOps("books", [INDEX]), TABLE])) == [TABLE]


def test_an_index_of_a_table_that_stays_is_dropped():
    other = ops.DropTableOp("books", schema="old")

    assert list(leave_to_table([INDEX, other])) == [INDEX, other]


def test_other_changes_of_the_table_are_kept():
    constraint = ops.DropConstraintOp("fk_books_author_id", "books", type_="foreignkey")
    group = ops.ModifyTableOps("books", [constraint, INDEX])

    assert list(leave_to_table([group, TABLE])) == [group, TABLE]
