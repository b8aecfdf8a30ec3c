"""Every command that reads or runs a history answers as the peer does, whatever its shape."""

import pytest

from tests.peer.histories import HISTORIES, write_history

SYMBOLS = (
    *("head", "heads", "base", "current", "aaaa1", "bb", "bbb", "bbbb", "cccc", "zzzz", ""),
    *("head-1", "aaaa1+1", "left", "left@head", "left@base", "main@head", "main@heads"),
    *("other@base", "other@head", "right@head", "bbbb2:dddd4", "aaaa1@head"),
)
RANGES = (
    *("aaaa1:dddd4", "aaaa1:", ":bbbb2", "bbbb2:", "base:heads", "base:", ":head", ":", "-2:"),
    *("bbbb2:+1", "aaaa1:head", "dddd4:aaaa1", "aaaa1", "zz:", ":zz", "a:b:c", "aaaa1+1:heads"),
    *("left@base:left@head", "left@base:heads", "main@base:main@head", ":other@head"),
)
LISTS = (
    *(["history"], ["history", "-v"], ["history", "-i"], ["history", "-i", "-v"]),
    *(["heads"], ["heads", "-v"], ["branches"], ["branches", "-v"]),
    *(["heads", "--resolve-dependencies"], ["heads", "--resolve-dependencies", "-v"]),
    *(["current"], ["current", "-v"], ["show"], ["show", "current"]),
)
AT_A_PLACE = (
    *(["history", "-i"], ["history", "-i", "-v"], ["show", "current"]),
    *(["history", "-r", "current:"], ["history", "-r", "current:head"]),
    *(["history", "-r", ":current"], ["history", "-r", "-2:current"]),
)


ON_A_SERVER = ("merge", "several bases")


@pytest.fixture(params=HISTORIES)
def history(request):
    """The name of a history."""
    return request.param


@pytest.fixture(
    params=[
        *(("sqlite", name) for name in HISTORIES),
        *(("postgresql", name) for name in ON_A_SERVER),
        *(("mariadb", name) for name in ON_A_SERVER),
    ],
    ids=": ".join,
)
def twins(request, make_twins):
    """Both sides with a history: each shape on SQLite, the richest on the servers too."""
    dialect, name = request.param
    made = make_twins(dialect)
    write_history(made, name)
    return made


def test_lists_of_revisions_are_the_same(sqlite_twins, history):
    write_history(sqlite_twins, history)

    said = sqlite_twins.agree(*LISTS)

    assert "step aaaa1" in said


def test_a_revision_is_found_by_the_same_symbols(sqlite_twins, history):
    write_history(sqlite_twins, history)

    said = sqlite_twins.agree(*(["show", symbol] for symbol in SYMBOLS))

    assert "exit code 0" in said
    assert "exit code 1" in said


def test_ranges_of_the_history_are_the_same(sqlite_twins, history):
    write_history(sqlite_twins, history)

    said = sqlite_twins.agree(*(["history", "-r", range_] for range_ in RANGES))

    assert "exit code 0" in said
    assert "exit code 1" in said


@pytest.mark.parametrize("place", ["aaaa1", "bbbb2", "heads"])
def test_where_the_database_is_shows_in_the_same_places(sqlite_twins, history, place):
    write_history(sqlite_twins, history)

    said = sqlite_twins.agree(["upgrade", place], *AT_A_PLACE)

    assert "(current)" in said


UPGRADES = ("+1", "bbbb", "+1", "heads", "head", "zzzz", "+99", "aaaa1:head", "left@head")
DOWNGRADES = ("aaaa1", "zzzz", "base")
RELATIVE = ("aaaa1+1", "base+2", "head-1", "left@head-1", "bbbb2+1", "main@+1", "main@head")
STAMPS = ("head", "heads", "base", "aaaa1", "bbbb2", "cccc", "zzzz", "heads", "left@head")


def test_the_same_way_up_and_down(twins):
    twins.agree(
        *(["upgrade", revision] for revision in UPGRADES),
        ["downgrade"],
        *(["downgrade", revision] for revision in DOWNGRADES),
        ["downgrade"],
    )


def test_relative_revisions_lead_to_the_same_place(sqlite_twins, history):
    write_history(sqlite_twins, history)

    sqlite_twins.agree(
        *(["upgrade", revision] for revision in RELATIVE),
        ["upgrade", "heads"],
        ["downgrade", "--", "-2"],
        ["downgrade", "head-1"],
        ["downgrade", "bbbb2-1"],
        ["downgrade", "main@-1"],
        ["downgrade", "--", "-99"],
        ["downgrade", "-1"],
    )


def test_stamps_leave_the_same_versions(twins):
    twins.agree(
        *(["stamp", revision] for revision in STAMPS),
        ["stamp", "--purge", "bbbb2"],
        ["stamp", "--purge", "heads"],
        ["stamp", "--purge", "base"],
        ["stamp"],
    )


SQL = (
    *(["upgrade", "--sql"], ["upgrade", "heads", "--sql"], ["upgrade", "aaaa1:bbbb2", "--sql"]),
    *(["upgrade", "base:heads", "--sql"], ["upgrade", "--sql", "zz"], ["upgrade", "--sql", "+1"]),
    *(["upgrade", "--sql", "aaaa1:+1"], ["upgrade", "--sql", "--tag", "any", "bbbb2"]),
    *(["upgrade", "--sql", ":aaaa1"], ["upgrade", "--sql", "aaaa1:"]),
    *(["downgrade", "--sql"], ["downgrade", "bbbb2:aaaa1", "--sql"]),
    *(["downgrade", "bbbb2:base", "--sql"], ["downgrade", "--sql", "bbbb2"]),
    *(["downgrade", "--sql", "dddd4:-1"], ["downgrade", "--sql", "heads:base"]),
    *(["stamp", "--sql"], ["stamp", "--sql", "aaaa1"], ["stamp", "--sql", "heads"]),
    *(["stamp", "--sql", "aaaa1:bbbb2"], ["stamp", "--sql", "--purge", "heads"]),
)


def test_statements_are_the_same(twins):
    said = twins.agree(*SQL)

    assert "INSERT INTO alembic_version" in said
