from alembic.operations import ops

from flask_migrate.autogenerate.dropped import without_indexes_of_dropped_tables

GONE = ops.DropTableOp("reviews")
INDEX = ops.DropIndexOp("ix_reviews_book_id", "reviews")


def test_the_indexes_of_a_dropped_table_are_not_dropped_before():
    assert list(without_indexes_of_dropped_tables([INDEX, GONE])) == [GONE]
    grouped = ops.ModifyTableOps("reviews", [INDEX])
    assert list(without_indexes_of_dropped_tables([grouped, GONE])) == [GONE]


def test_other_operations_on_a_dropped_table_stay():
    foreign_key = ops.DropConstraintOp("fk", "reviews", type_="foreignkey")
    grouped = ops.ModifyTableOps("reviews", [INDEX, foreign_key])

    kept, last = without_indexes_of_dropped_tables([grouped, GONE])

    assert (kept.ops, last) == ([foreign_key], GONE)


def test_indexes_of_other_tables_and_of_other_schemas_are_dropped():
    other = ops.DropIndexOp("ix", "books")
    elsewhere = ops.ModifyTableOps("reviews", [INDEX], schema="archive")

    assert list(without_indexes_of_dropped_tables([other, elsewhere, GONE])) == [
        other,
        elsewhere,
        GONE,
    ]
