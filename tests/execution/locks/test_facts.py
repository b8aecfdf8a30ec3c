"""What is told about a holder survives the way to those who wait."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flask_migrate.execution.locks.facts import NAME_LENGTH, as_name, from_name, this_process
from flask_migrate.execution.locks.keys import lock_key
from flask_migrate.values.locks import LockHolder

SINCE = datetime(2026, 11, 21, 10, 42, 11, tzinfo=UTC)

holders = st.builds(
    LockHolder,
    process=st.integers(1, 4_194_304).map(str),
    host=st.none() | st.text(max_size=80),
    application=st.none() | st.text(max_size=80),
    since=st.none()
    | st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    doing=st.none() | st.text(max_size=200),
)


@given(holders)
def test_whatever_the_facts_the_name_fits_and_can_be_read(holder):
    name = as_name(holder)
    assert len(name) <= NAME_LENGTH
    assert all(" " <= one <= "~" for one in name)

    read = from_name(name)
    assert read.process == holder.process
    since = holder.since and holder.since.replace(microsecond=0)
    assert read.since == since


def test_usual_facts_are_kept_whole():
    holder = LockHolder(
        process="4711",
        host="web-1",
        application="shop",
        since=SINCE,
        doing="downgrade to 1975ea83b712",
    )
    assert from_name(as_name(holder)) == holder


def test_of_a_long_host_both_ends_are_kept():
    holder = LockHolder(
        process="1",
        host="shop-migrate-7d9f8b6c5d-x2x9k",
        application="shop",
        since=SINCE,
        doing="upgrade to 1975ea83b712",
    )
    assert as_name(holder) == "1@shop-migrate~8b6c5d-x2x9k toulqb shop upgrade to 1975ea83b712"


def test_the_name_of_somebody_else_has_no_facts():
    for name in (None, "", "psql", "gunicorn: worker [shop]", "ada@web-1 upgrade"):
        assert from_name(name) is None


def test_this_process_is_known():
    me = this_process("shop", "upgrade to head")
    assert int(me.process) > 0
    assert me.host
    assert (me.application, me.doing) == ("shop", "upgrade to head")


def test_what_is_not_known_is_left_out_of_the_sentence():
    assert LockHolder().text() == "a session"
    assert LockHolder(host="10.0.0.7", since=SINCE).text() == (
        "a session from 10.0.0.7, since 2026-11-21 10:42:11 UTC"
    )


@given(st.text(), st.text(), st.text())
def test_a_key_fits_every_server(database, schema, table):
    key = lock_key(database, schema, table)
    assert len(f"{key.name}:client") <= 64
    numbers = [key.number(which) for which in range(4)]
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert len(set(numbers)) == 4


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), unique=True, min_size=2, max_size=2))
def test_two_version_tables_have_two_keys(places):
    one, other = (lock_key(*place) for place in places)
    if not any("\0" in part for place in places for part in place):
        assert one != other
