"""Which code is there to stay, and in which order it is made."""

from dataclasses import replace
from itertools import permutations

import pytest

from flask_migrate.autogenerate.compare.code import (
    Gone,
    compare_code,
    in_order,
    is_declared,
    lost_with,
    with_sources,
)
from flask_migrate.declarations.events import Declared
from flask_migrate.values.schema import Code, Name

USERS, OTHERS = Name("", "users"), Name("", "others")
NOTHING = Gone(tables=frozenset(), columns=frozenset())


def view(name, *uses, definition="", **more):
    return Code(kind="view", name=Name("", name), definition=definition or name, uses=uses, **more)


def function(name, body="", **more):
    return Code(kind="function", name=Name("", name), definition=f"{name} {body}", **more)


def trigger(name, table, body=""):
    return Code(kind="trigger", name=Name("", name), table=table, definition=f"{name} {body}")


BASE = view("base", (USERS, "id"), definition="one()")
MIDDLE = view("middle", (BASE.name, "id"))
TOP = view("top", (MIDDLE.name, ""), (BASE.name, "id"))
ONE = function("one")
WATCH = trigger("watch", USERS, "EXECUTE FUNCTION one()")
ON_VIEW = trigger("on_view", TOP.name)


@pytest.mark.parametrize("given", list(permutations([BASE, MIDDLE, TOP, ONE, ON_VIEW])))
def test_what_others_need_is_made_before_them(given):
    assert in_order(given) == (ONE, BASE, MIDDLE, TOP, ON_VIEW)


def test_otherwise_the_order_stays():
    one, two, three = view("c"), view("a"), view("b")

    assert in_order([one, two, three]) == (one, two, three)
    assert in_order([WATCH, ONE]) == (ONE, WATCH)


def test_a_trigger_that_follows_another_one_is_made_after_it():
    first = trigger("z", USERS)
    second = trigger("a", USERS, "FOR EACH ROW FOLLOWS `z` SET @a = 1")

    assert in_order([second, first]) == (first, second)


def test_what_needs_each_other_has_functions_first():
    rows = function("rows", "RETURNS SETOF seen")
    seen = view("seen", (USERS, ""), definition="SELECT FROM rows()")

    assert in_order([seen, rows]) == (rows, seen)


def test_what_reads_what_goes_is_lost_and_what_reads_that():
    gone = Gone(tables=frozenset(), columns=frozenset({(USERS, "id")}))
    others = [TOP, MIDDLE, BASE, ONE, WATCH, ON_VIEW, view("free", (USERS, ""), (OTHERS, "id"))]

    lost = lost_with(others, (), gone=gone, views=())

    assert set(map(str, lost)) == set(map(str, [BASE, MIDDLE, TOP, ON_VIEW]))


def test_what_belongs_to_a_table_goes_with_it():
    gone = Gone(tables=frozenset({USERS}), columns=frozenset())
    reader = view("reader", (USERS, ""))

    lost = lost_with([WATCH, ONE, reader], (), gone=gone, views=())

    assert lost == [WATCH, reader]


def test_what_reads_a_view_that_is_dropped_is_lost_unless_another_takes_its_place():
    old = replace(BASE, kind="materialized view")

    assert lost_with([MIDDLE], [old], gone=NOTHING, views=()) == [MIDDLE]
    assert lost_with([MIDDLE], [old], gone=NOTHING, views=(BASE.name,)) == []


def test_rights_and_comments_are_no_difference():
    there = replace(BASE, further=("GRANT SELECT ON base TO ada",), source="...")

    def found(before, after):
        same = compare_code(
            before, after, is_same=lambda one, two: one.definition == two.definition
        )
        return [(one.before, one.after) for one in same]

    assert found([there], [BASE]) == []
    other = replace(BASE, definition="other")
    assert found([BASE, ONE], [other, TOP]) == [(BASE, other), (None, TOP), (ONE, None)]
    overload = replace(ONE, signature="a text")
    assert found([ONE], [ONE, overload]) == [(None, overload)]


def declared(code, text):
    return Declared(kind=code.kind, name=code.name, table=code.table, text=text)


def test_code_of_the_models_has_their_statements_in_their_order():
    statements = [declared(TOP, "CREATE VIEW top"), declared(WATCH, "CREATE TRIGGER watch")]

    made = with_sources([WATCH, TOP], statements)

    assert [one.source for one in made] == ["CREATE VIEW top", "CREATE TRIGGER watch"]
    assert made == (TOP, WATCH)


def test_of_several_functions_of_a_name_nobody_knows_which_is_which():
    overload = replace(ONE, signature="a text")

    made = with_sources([ONE, overload], [declared(ONE, "CREATE FUNCTION one")])

    assert [one.source for one in made] == [None, None]


def test_a_trigger_of_another_table_is_another_one():
    statements = [declared(WATCH, "..."), declared(view("SEEN"), "...")]

    assert is_declared(WATCH, statements)
    assert is_declared(view("seen"), statements)
    assert not is_declared(replace(WATCH, table=OTHERS), statements)
    assert not is_declared(replace(view("seen"), kind="function"), statements)
