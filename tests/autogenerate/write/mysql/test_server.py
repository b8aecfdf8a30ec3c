import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.mysql.server import MySQL
from flask_migrate.values.schema import (
    Column,
    Computed,
    Constraint,
    Kind,
    Name,
    Sequence,
    Snapshot,
    Table,
)

SERVER = MySQL(mysql.dialect())
NOTHING = Side(snapshot=Snapshot(schemas=frozenset({""})), tables={})
THINGS = Name("", "things")
KEY = Constraint(
    kind=Kind.FOREIGN_KEY,
    name="to_things",
    columns=("thing_id",),
    definition="FOREIGN KEY (`thing_id`) REFERENCES `things` (`id`)",
    target=THINGS,
    target_columns=("id",),
)


def column(name="v", type_="int(11)", **options):
    return Column(**{"name": name, "type": type_, "nullable": True, **options})


def altered(before, after):
    """Return what is written for a column that changes, the statement if it is one."""
    old, new = sa.Column("v", sa.Integer), sa.Column("v", sa.BigInteger)
    difference = Difference(before=before, after=after)
    return [
        str(getattr(one, "sqltext", type(one).__name__))
        for one in SERVER.alter(THINGS, difference, old, new)
    ]


def sequences(before, after):
    differences = Differences(sequences=(Difference(before=before, after=after),))
    written = [
        *SERVER.first(differences, NOTHING, NOTHING),
        *SERVER.last(differences, NOTHING, NOTHING),
    ]
    return [str(one.sqltext) for one in written]


def numbers(**options):
    return Sequence(name=Name("", "numbers"), options=tuple(sorted(options.items())))


def test_a_column_changes_by_alembic_where_that_says_all_of_it():
    assert altered(column(), column(type_="bigint(20)")) == ["AlterColumn"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((("check", "`v` > 0"),), "CHECK (`v` > 0)"),
        ((("invisible", "yes"),), "INVISIBLE"),
    ],
)
def test_a_column_that_alembic_knows_by_half_is_defined_anew(options, expected):
    found = altered(column(options=options), column(type_="bigint(20)", options=options))

    assert found == [f"ALTER TABLE `things` MODIFY COLUMN `v` bigint(20) NULL {expected}"]


def test_a_virtual_column_is_stored_before_it_is_plain_so_that_it_keeps_its_values():
    virtual = column(computed=Computed(expression="`a` + 1", is_stored=False))

    assert altered(virtual, column()) == [
        "DropColumn",
        "ALTER TABLE `things` ADD COLUMN `v` int(11) AS (`a` + 1) STORED",
        "ALTER TABLE `things` MODIFY COLUMN `v` int(11) NULL",
    ]


@pytest.mark.parametrize(
    ("before", "after", "is_anew"),
    [
        (None, True, False),
        (None, False, True),
        (True, None, False),
        (False, None, False),
        (True, False, True),
        (False, True, True),
    ],
)
def test_a_column_goes_and_comes_where_the_server_cannot_compute_it_otherwise(
    before, after, is_anew
):
    def computed(is_stored):
        return None if is_stored is None else Computed(expression="1", is_stored=is_stored)

    old, new = column(computed=computed(before)), column(computed=computed(after))

    assert SERVER.makes_anew(old, new) is is_anew


def test_a_foreign_key_is_in_the_way_of_another_type_at_either_end():
    def changed(name, type_="bigint(20)"):
        old, new = column(name), column(name, type_)
        table = Table(name=THINGS, columns=(old,))
        return TableDifference(
            before=table, after=table, columns=(Difference(before=old, after=new),)
        )

    assert SERVER.is_in_the_way(KEY, changed("thing_id"), None)
    assert SERVER.is_in_the_way(KEY, None, changed("id"))
    assert not SERVER.is_in_the_way(KEY, changed("other"), changed("other"))


def test_sequences_are_made_changed_and_dropped():
    plain, other = numbers(), numbers(start="5", increment="2", cycle="1")

    assert sequences(None, other) == ["CREATE SEQUENCE `numbers` INCREMENT BY 2 START WITH 5 CYCLE"]
    assert sequences(other, plain) == [
        "ALTER SEQUENCE `numbers` INCREMENT BY 1 NOCYCLE START WITH 1"
    ]
    assert sequences(plain, None) == ["DROP SEQUENCE `numbers`"]
