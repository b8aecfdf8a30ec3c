"""Which column is meant, when columns change their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_migrate.database.sqlite.edit import PartMissing
from flask_migrate.database.sqlite.parse import parse_column, parse_constraint, parse_table
from flask_migrate.execution.sqlite.changes import (
    AddColumn,
    AddConstraint,
    ChangeColumn,
    CreateIndex,
    DropColumn,
    RenameColumn,
)
from flask_migrate.execution.sqlite.resolve import resolve

TABLE = parse_table("CREATE TABLE t (a, b, c)")


def rename(name, new_name):
    return RenameColumn(name=name, new_name=new_name)


def test_a_column_is_known_by_its_old_and_its_new_name():
    changes = [rename("a", "z"), ChangeColumn(name="A"), ChangeColumn(name="z")]
    resolved = resolve(TABLE, changes)

    assert resolved.first == (("a", "z"),)
    assert [change.name for change in resolved.changes] == ["z", "z"]
    assert resolved.original("Z") == "a"


def test_a_new_column_takes_over_the_old_name():
    changes = [
        rename("a", "old_a"),
        AddColumn(column=parse_column("a INT")),
        AddConstraint(constraint=parse_constraint("UNIQUE (a)")),
    ]
    resolved = resolve(TABLE, changes)

    assert resolved.changes[1].constraint.clause.body == "UNIQUE (a)"


def test_a_new_column_gets_its_last_name():
    changes = [AddColumn(column=parse_column("n INT")), rename("n", "m"), DropColumn(name="m")]
    resolved = resolve(TABLE, changes)

    assert resolved.first == ()
    assert [type(change) for change in resolved.changes] == [AddColumn, RenameColumn, DropColumn]


def test_an_index_is_on_the_column_that_is_meant():
    index = CreateIndex(sql="CREATE INDEX a ON t (lower(a), b) WHERE a > 'a'")

    assert resolve(TABLE, [rename("a", "z"), index]).changes[0].sql == (
        'CREATE INDEX a ON t (lower("z"), b) WHERE "z" > \'a\''
    )


@pytest.mark.parametrize("change", [ChangeColumn(name="x"), DropColumn(name="x"), rename("x", "y")])
def test_a_column_that_is_not_there_is_missed(change):
    with pytest.raises(PartMissing, match="No such column: 'x'"):
        resolve(TABLE, [change])


@given(st.permutations(["a", "b", "c", "d"]).map(lambda names: names[:3]))
def test_names_change_places_in_any_way(names):
    resolved = resolve(TABLE, [rename(old, new) for old, new in zip("abc", names, strict=True)])
    called = {"a": "a", "b": "b", "c": "c"}
    for old, new in (*resolved.first, *resolved.last):
        assert new not in called
        called[new] = called.pop(old)

    assert {was: now for now, was in called.items()} == dict(zip("abc", names, strict=True))
