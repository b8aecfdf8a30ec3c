import sqlalchemy as sa

from flask_migrate.autogenerate.compare.schemas import compare_snapshots
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.mysql.counted import keys_as_called
from flask_migrate.autogenerate.write.mysql.settle import settle
from flask_migrate.values.schema import Column, Constraint, Index, Kind, Name, Snapshot, Table

THINGS = Name("", "things")
GROUPS = Name("", "groups")


def check(name, condition):
    return Constraint(kind=Kind.CHECK, name=name, columns=(), definition=f"CHECK ({condition})")


def key(name, column="group_id"):
    return Constraint(
        kind=Kind.FOREIGN_KEY,
        name=name,
        columns=(column,),
        definition=f"FOREIGN KEY (`{column}`) REFERENCES `groups` (`id`)",
        target=GROUPS,
        target_columns=("id",),
    )


def index(name, *columns, is_unique=False):
    listed = ", ".join(f"`{one}`" for one in columns)
    definition = f"UNIQUE ({listed})" if is_unique else f"({listed})"
    return Index(name=name, is_unique=is_unique, columns=columns, definition=definition)


def unique(name, *columns):
    return index(name, *columns, is_unique=True)


def settled(before, after, *models):
    """Return what is left between two tables: each part before and after."""
    old = _snapshot(before)
    new = keys_as_called(old, _snapshot(after))
    table = sa.Table("things", sa.MetaData(), *_columns(), *models)
    side = Side(snapshot=new, tables={THINGS: table})
    found = settle(compare_snapshots(old, new), side)
    return [
        (one.before and one.before.name, one.after and one.after.name)
        for table in found.tables
        for one in (*table.constraints, *table.indexes)
    ]


def _snapshot(parts):
    table = Table(
        name=THINGS,
        columns=tuple(Column(name=one, type="int(11)", nullable=True) for one in ("a", "group_id")),
        constraints=tuple(one for one in parts if isinstance(one, Constraint)),
        indexes=tuple(one for one in parts if isinstance(one, Index)),
    )
    return Snapshot(schemas=frozenset({""}), tables={THINGS: table})


def _columns():
    return [sa.Column("a", sa.Integer), sa.Column("group_id", sa.Integer)]


def test_a_check_that_only_has_another_number_is_the_same():
    assert settled([check("CONSTRAINT_2", "`a` > 1")], [check("CONSTRAINT_1", "`a` > 1")]) == []


def test_a_check_without_a_name_gets_a_number_that_is_free():
    old = [check("CONSTRAINT_1", "`a` > 1")]
    new = [check("CONSTRAINT_1", "`a` < 9"), check("CONSTRAINT_2", "`a` > 1")]

    assert settled(old, new) == [(None, "CONSTRAINT_2")]


def test_a_check_that_gets_a_name_changes():
    found = settled([check("CONSTRAINT_1", "`a` > 1")], [check("positive", "`a` > 1")])

    assert found == [("CONSTRAINT_1", "positive")]


def test_a_unique_constraint_without_a_name_keeps_the_one_it_has():
    model = sa.UniqueConstraint("a")

    assert settled([unique("once", "a")], [unique("a", "a")], model) == []


def test_a_unique_constraint_that_gets_a_name_changes():
    model = sa.UniqueConstraint("a", name="once")

    assert settled([unique("a", "a")], [unique("once", "a")], model) == [("a", "once")]


def test_a_second_unique_constraint_of_a_column_gets_a_name_that_is_free():
    models = [sa.UniqueConstraint("a", "group_id"), sa.UniqueConstraint("a")]
    new = [unique("a", "a", "group_id"), unique("a_2", "a")]

    assert settled([unique("a", "a")], new, *models) == [(None, "a_2")]


def test_an_index_that_a_foreign_key_brings_along_may_have_any_of_its_names():
    old = [key("things_ibfk_1"), index("things_ibfk_1", "group_id")]
    new = [key("things_ibfk_1"), index("group_id", "group_id")]

    assert settled(old, new) == []


def test_an_index_keeps_the_name_of_a_foreign_key_that_only_has_another_number():
    old = [key("things_ibfk_2"), index("things_ibfk_2", "group_id")]
    new = [key("things_ibfk_1"), index("group_id", "group_id")]

    assert settled(old, new) == []


def test_an_index_goes_with_the_old_name_of_a_foreign_key():
    old = [key("old_key"), index("old_key", "group_id")]
    new = [key("new_key"), index("new_key", "group_id")]

    assert settled(old, new) == [("old_key", "new_key"), ("old_key", "new_key")]


def test_an_index_that_the_models_declare_is_not_the_one_of_a_foreign_key():
    old = [key("things_ibfk_1"), index("group_id", "group_id")]
    new = [key("things_ibfk_1"), index("ix_things_group_id", "group_id")]
    model = sa.Index("ix_things_group_id", "group_id")

    assert settled(old, new, model) == [("group_id", "ix_things_group_id")]


def test_the_index_of_a_new_foreign_key_has_the_name_that_the_server_gives_it():
    new = [key("things_ibfk_1"), index("group_id", "group_id")]

    assert settled([], new) == [(None, "things_ibfk_1"), (None, "things_ibfk_1")]
