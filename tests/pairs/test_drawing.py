"""What is drawn: the same again, possible, and smaller where it can be."""

import random
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.changes.rows import insert_rows, read_rows
from tests.pairs.draw import draw_pair
from tests.pairs.judging import Verdict, numbered_pair, smallest
from tests.pairs.models import Models
from tests.pairs.repair import repaired
from tests.pairs.rows import refusals, whole_rows
from tests.pairs.source import declaring, source
from tests.support.databases import DIALECTS

PAIRS = [(dialect, number) for dialect in DIALECTS for number in range(20)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_number_stands_for_a_pair(dialect):
    assert repr(numbered_pair(1, 7, dialect)) == repr(numbered_pair(1, 7, dialect))
    assert repr(numbered_pair(1, 7, dialect)) != repr(numbered_pair(1, 8, dialect))


@pytest.mark.parametrize(("dialect", "number"), PAIRS)
def test_what_is_possible_is_not_repaired_again(dialect, number):
    pair = numbered_pair("drawing", number, dialect)

    assert repaired(pair.before) == pair.before
    assert repaired(pair.after) == pair.after


@pytest.mark.parametrize(("dialect", "number"), PAIRS)
def test_every_table_and_column_is_declared(dialect, number):
    models = numbered_pair("drawing", number, dialect).after
    metadata = sa.MetaData()
    declaring(models)(metadata)

    assert {one.full_name for one in models.tables} == set(metadata.tables)
    for table in models.tables:
        names = [one.name for one in metadata.tables[table.full_name].columns]
        assert names == [one.name for one in table.columns]


def test_models_without_a_table_are_models():
    assert source("before", Models(dialect="sqlite")) == "def before(m):\n    pass"


@pytest.mark.parametrize("number", range(20))
def test_sqlite_takes_the_rows(number):
    pair = numbered_pair("rows", number, "sqlite")
    metadata = sa.MetaData(info={"dialect": "sqlite"})
    declaring(pair.before)(metadata)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        insert_rows(connection, metadata, pair.as_change().rows)
        counts = {name: len(rows) for name, rows in read_rows(connection, metadata).items()}
    engine.dispose()

    assert counts == {one.full_name: len(pair.rows[one.full_name]) for one in pair.before.tables}


@pytest.mark.parametrize(("dialect", "number"), PAIRS)
def test_no_row_is_refused_by_the_first_version(dialect, number):
    pair = numbered_pair("rows", number, dialect)

    assert not refusals(pair.before, whole_rows(pair.before, pair.rows))


def test_a_row_that_is_there_twice_is_refused():
    pair = next(
        one
        for one in (draw_pair(random.Random(number), "sqlite") for number in range(100))  # noqa: S311
        if any(table.key and one.rows[table.full_name] for table in one.before.tables)
    )
    twice = {name: [*rows, *rows] for name, rows in pair.rows.items()}

    assert refusals(pair.before, whole_rows(pair.before, twice))


def test_what_fails_is_made_smaller():
    pair = next(
        one
        for one in (numbered_pair("smaller", number, "sqlite") for number in range(100))
        if len(one.after.tables) > 2 and any(len(table.columns) > 2 for table in one.after.tables)
    )
    name = max(pair.after.tables, key=lambda one: len(one.columns)).full_name

    def judge(one):
        table = one.after.table(name)
        fails = table is not None and len(table.columns) > 1
        return Verdict(pair=one, failed={"applies": "It has a column."} if fails else {})

    small = smallest(judge(pair), judge, tries=500).pair

    assert [one.full_name for one in small.after.tables] == [name]
    assert len(small.after.table(name).columns) == 2
    assert small.rows in ({}, {name: []})


def test_another_failure_is_not_taken_for_a_smaller_one():
    pair = numbered_pair("smaller", 1, "sqlite")

    def judge(one):
        return Verdict(pair=one, failed={"silent": "Another reason."})

    first = replace(judge(pair), failed={"applies": "A reason."})

    assert smallest(first, judge) == first
