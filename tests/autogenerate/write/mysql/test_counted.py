import pytest
import sqlalchemy as sa

from flask_migrate.autogenerate.write.mysql.counted import keys_as_called
from flask_migrate.autogenerate.write.mysql.sides import CountedSide
from flask_migrate.values.schema import Constraint, Kind, Name, Snapshot, Table

LINKS = Name("", "links")


def key(name, column, rest=""):
    target = Name("", f"{column}s")
    return Constraint(
        kind=Kind.FOREIGN_KEY,
        name=name,
        columns=(column,),
        definition=f"FOREIGN KEY (`{column}`) REFERENCES `{target}` (`id`){rest}",
        target=target,
        target_columns=("id",),
    )


def links(*keys):
    table = Table(name=LINKS, columns=(), constraints=keys)
    return Snapshot(schemas=frozenset({""}), tables={LINKS: table})


FIRST, SECOND = "links_ibfk_1", "links_ibfk_2"
THERE = links(key(FIRST, "a"), key(SECOND, "b"))


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ([key(FIRST, "b"), key(SECOND, "a")], [key(SECOND, "b"), key(FIRST, "a")]),
        (
            [key(FIRST, "b", " ON DELETE CASCADE"), key(SECOND, "a")],
            [key(SECOND, "b", " ON DELETE CASCADE"), key(FIRST, "a")],
        ),
        ([key("to_b", "b"), key(FIRST, "a")], [key("to_b", "b"), key(FIRST, "a")]),
        ([key(SECOND, "c")], [key(SECOND, "c")]),
    ],
)
def test_what_the_server_has_named_keeps_its_name(models, expected):
    assert keys_as_called(THERE, links(*models)) == links(*expected)


def test_the_same_key_twice_keeps_both_names():
    there = links(key(FIRST, "a"), key(SECOND, "a"))
    models = links(key(SECOND, "a"), key(FIRST, "a"))

    assert keys_as_called(there, models) == models


def test_a_new_table_is_called_as_the_models_say():
    assert keys_as_called(links(), links(key(SECOND, "a"))) == links(key(SECOND, "a"))


def test_a_key_that_the_models_call_by_another_number_is_found_by_its_columns():
    columns = [sa.Column(one, sa.Integer, sa.ForeignKey(f"{one}s.id")) for one in "ab"]
    table = sa.Table("links", sa.MetaData(), *columns)
    by_column = {next(iter(one.columns)).name: one for one in table.foreign_key_constraints}
    by_column["a"].name, by_column["b"].name = SECOND, FIRST
    side = CountedSide(snapshot=THERE, tables={LINKS: table})

    assert side.constraint(LINKS, key(FIRST, "a")) is by_column["a"]
    assert side.constraint(LINKS, key(SECOND, "b")) is by_column["b"]
