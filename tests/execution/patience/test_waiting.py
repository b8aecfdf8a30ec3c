"""How long to wait, and when to give up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_migrate.errors import SessionOpen, TableLocked
from flask_migrate.execution.patience.blockers import describe
from flask_migrate.execution.patience.waiting import Waiting, spread, timeout_of_try
from flask_migrate.values.patience import Blocker, Limits

seconds = st.floats(0.01, 1000)


@given(st.builds(Limits, first=seconds, longest=seconds, total=seconds))
def test_every_wait_ends_and_no_pause_is_shorter_than_its_timeout(limits):
    slept, timeouts = [], []
    waiting = Waiting(limits=limits, say=lambda _: None, sleep=slept.append, jitter=lambda: 1.25)

    def wait():
        while True:
            timeouts.append(waiting.timeout)
            waiting.count("ALTER", seconds=timeouts[-1], timeout=timeouts[-1], blockers=())
            waiting.pause()

    with pytest.raises(TableLocked):
        wait()

    assert timeouts == sorted(timeouts)
    assert max(timeouts) <= max(limits.first, limits.longest)
    assert all(pause >= timeout for pause, timeout in zip(slept, timeouts, strict=False))
    assert sum(slept) < limits.total + 1


@given(st.integers(0, 10_000))
def test_a_timeout_never_passes_the_longest(tries):
    assert timeout_of_try(tries, limits=Limits()) <= Limits().longest


def test_a_pause_is_never_shortened():
    assert all(1.0 <= spread() <= 1.5 for _ in range(100))


def test_what_works_for_long_is_tried_twice():
    waiting = Waiting(limits=Limits(total=60), say=lambda _: None, sleep=lambda _: None)
    waiting.count("ALTER", seconds=3600, timeout=0.5, blockers=())

    with pytest.raises(TableLocked, match="in 2 tries"):
        waiting.count("ALTER", seconds=3600, timeout=1, blockers=())


def test_what_has_been_had_is_forgotten():
    waiting = Waiting(limits=Limits(), say=lambda _: None, sleep=lambda _: None)
    waiting.count("ALTER", seconds=0.5, timeout=0.5, blockers=(Blocker(session=1),))
    waiting.forget()

    assert (waiting.tries, waiting.spent, waiting.timeout, waiting.blockers) == (0, 0, 0.5, ())


@pytest.mark.parametrize(
    ("blockers", "refused"),
    [
        ([Blocker(session=1, is_here=True, is_idle=True)], True),
        ([Blocker(session=1, is_here=True, is_idle=True), Blocker(session=2)], True),
        ([Blocker(session=1, is_here=True, is_idle=False)], False),
        ([Blocker(session=1, is_here=True, is_idle=True, is_certain=False)], True),
        (
            [
                Blocker(session=1, is_here=True, is_idle=True, is_certain=False),
                Blocker(session=2, is_certain=False),
            ],
            False,
        ),
    ],
)
def test_this_process_is_not_waited_for_if_it_is_surely_that(blockers, refused):
    waiting = Waiting(limits=Limits(), say=lambda _: None, sleep=lambda _: None)
    waiting.count("ALTER", seconds=0.5, timeout=0.5, blockers=blockers)
    try:
        waiting.count("ALTER", seconds=0.5, timeout=0.5, blockers=blockers)
    except SessionOpen:
        assert refused
    else:
        assert not refused


def test_sessions_are_described_by_what_is_known():
    known = Blocker(
        session=7,
        user="app",
        application="gunicorn",
        host="10.0.0.3",
        is_idle=True,
        seconds=61.4,
        query="SELECT  1",
    )
    others = [
        Blocker(session=8, query="VACUUM users", seconds=1.0, is_here=True),
        Blocker(session=0),
        Blocker(session=9),
    ]

    assert describe([]) == "by a session that the server did not name"
    assert describe([known, *others]) == (
        "by session 7 of user 'app' ('gunicorn' from 10.0.0.3), idle in a transaction open for "
        "61 s, its last query was: SELECT 1; by session 8 (this very process), in a "
        "transaction open for 1 s, it runs: VACUUM users; by a prepared transaction, which no "
        "session holds (see pg_prepared_xacts); and by 1 more"
    )
