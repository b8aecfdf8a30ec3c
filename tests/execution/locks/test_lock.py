"""One runner at a time, with real processes on real servers."""

import socket
import time

import pytest
import sqlalchemy as sa

from flask_migrate.database.urls import show_url

WAYS = (
    "postgresql",
    "pooled",
    "mariadb",
    *(pytest.param(way, marks=pytest.mark.soak) for way in ("asyncpg", "pooled-asyncpg")),
)
on_every_server = pytest.mark.parametrize("url", WAYS, indirect=True)


@on_every_server
def test_of_eight_at_once_one_does_it_and_the_others_wait(url, run, execute):
    execute(url, "CREATE TABLE done (number integer)")
    runners = [run(url, "once") for _ in range(8)]
    said = [runner.finish() for runner in runners]

    done = [line["done"] for lines in said for line in lines if "done" in line]
    assert sorted(done) == [False] * 7 + [True]
    assert execute(url, "SELECT count(*) FROM done") == [(1,)]
    waited = [line["waited"] for lines in said for line in lines if "waited" in line]
    assert waited.count(False) <= 1 or not all(waited)


@on_every_server
def test_who_waits_is_told_who_holds_the_lock(url, run):
    holder = run(url, "hold")
    assert holder.next("held")
    waiting = run(url, "hold", limit=30)

    said = waiting.next("waiting")

    start, _, end = said.partition(", since 2")
    assert start == f"process {holder.pid} on {socket.gethostname()}, application shop"
    assert end.endswith(" UTC, upgrade to 1975ea83b712")
    assert holder.finish() == []
    assert waiting.next("waited") is True
    assert waiting.finish() == []


@on_every_server
def test_after_the_limit_it_says_who_still_holds_the_lock(url, run):
    holder = run(url, "hold")
    holder.next("held")
    (*_, error) = run(url, "hold", limit=1.5).finish()

    message = error["message"]
    start, _, end = message.partition(", since 2")
    assert error["error"] == "lock-not-acquired"
    assert start == (
        f"Another process changes {show_url(sa.make_url(url))} and did not finish within 1.5 "
        f"seconds: process {holder.pid} on {socket.gethostname()}, application shop"
    )
    assert end.endswith(" UTC, upgrade to 1975ea83b712.")
    assert error["hint"].startswith(
        "Run the command again when it has finished, or let it wait longer: "
        "MIGRATE_RUN_LOCK_TIMEOUT. If the other one hangs, stop that process"
    )


@on_every_server
def test_without_patience_it_tries_once(url, run):
    holder = run(url, "hold")
    holder.next("held")
    started = time.monotonic()
    (error,) = run(url, "hold", limit=0).finish()

    assert error["error"] == "lock-not-acquired"
    assert "did not finish" not in error["message"]
    assert time.monotonic() - started < 10


@on_every_server
def test_a_holder_that_is_killed_frees_the_lock(url, run):
    holder = run(url, "hold", SHORT_LEASE="1")
    holder.next("held")
    waiting = run(url, "hold", SHORT_LEASE="1")
    waiting.next("waiting")

    started = time.monotonic()
    holder.kill()

    assert waiting.next("waited") is True
    assert time.monotonic() - started < 5
    assert waiting.finish() == []


@on_every_server
def test_nothing_is_left_behind(url, run, execute):
    for _ in range(2):
        runner = run(url, "hold", SHORT_LEASE="1")
        assert runner.next("waited") is False
        assert runner.finish() == []

    engine = sa.create_engine(url.replace("+asyncpg", "+psycopg"), poolclass=sa.NullPool)
    assert sa.inspect(engine).get_table_names() == []
    if engine.dialect.name == "postgresql":
        mine = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE "
        mine += "locktype = 'advisory' AND datname = current_database()"
        assert execute(url, mine) == [(0,)]


@pytest.mark.parametrize("url", ["pooled", "pooled-asyncpg"], indirect=True)
def test_a_lease_is_renewed_for_as_long_as_it_is_held(url, run):
    holder = run(url, "hold", SHORT_LEASE="1")
    assert holder.next("held") == "LeaseLock"
    (*_, error) = run(url, "hold", limit=5, SHORT_LEASE="1").finish()
    assert error["error"] == "lock-not-acquired"
    assert holder.finish() == []


@pytest.mark.parametrize(("first", "second"), [("direct", "pooled"), ("pooled", "direct")])
def test_who_comes_through_the_pooler_and_who_does_not_respect_each_other(
    first, second, run, postgresql_database, servers
):
    urls = {
        "direct": postgresql_database.url,
        "pooled": servers.pooled(postgresql_database).url,
    }
    holder = run(urls[first], "hold")
    holder.next("held")
    waiting = run(urls[second], "hold")
    assert waiting.next("waiting").startswith(f"process {holder.pid} on ")

    assert holder.finish() == []

    assert waiting.next("waited") is True
    assert waiting.finish() == []


def test_of_eight_by_both_ways_one_does_it(run, execute, postgresql_database, servers):
    urls = [postgresql_database.url, servers.pooled(postgresql_database).url]
    execute(urls[0], "CREATE TABLE done (number integer)")
    runners = [run(urls[number % 2], "once") for number in range(8)]
    said = [runner.finish() for runner in runners]

    done = [line["done"] for lines in said for line in lines if "done" in line]
    assert sorted(done) == [False] * 7 + [True]


@pytest.mark.parametrize("url", ["postgresql", "asyncpg", "pooled"], indirect=True)
def test_who_waits_is_not_in_the_way_of_an_index_that_is_built_concurrently(url, run, execute):
    execute(url, "CREATE TABLE big AS SELECT n FROM generate_series(1, 200000) n")
    holder = run(url, "statement", "CREATE INDEX CONCURRENTLY big_n ON big (n)")
    waiting = [run(url, "nothing") for _ in range(3)]

    assert [line for line in holder.finish() if "error" in line] == []

    for one in waiting:
        assert [line for line in one.finish() if "error" in line] == []
    assert execute(url, "SELECT indisvalid FROM pg_index WHERE indrelid = 'big'::regclass") == [
        (True,)
    ]


def test_the_server_stops_the_statement_of_a_killed_holder(postgresql_database, run):
    url = postgresql_database.url
    holder = run(url, "statement", "SELECT pg_sleep(30)")
    holder.next("session")
    waiting = run(url, "hold")
    waiting.next("waiting")

    started = time.monotonic()
    holder.kill()

    assert waiting.next("waited") is True
    assert time.monotonic() - started < 5


STILL_RUNS = {
    "postgresql": "SELECT pg_sleep(4)",
    "pooled": "CREATE TABLE slow AS SELECT 1 AS n FROM pg_sleep(8)",
    "mariadb": "SELECT SLEEP(4)",
}
STILL_SAID = {
    "postgresql": ", running SELECT pg_sleep(4)",
    "pooled": ", silent since, and a statement that it has begun still runs",
    "mariadb": ", running SELECT SLEEP(4)",
}


@pytest.mark.parametrize("url", STILL_RUNS, indirect=True)
def test_nobody_starts_while_the_last_statement_of_a_killed_holder_still_runs(
    url, request, run, execute
):
    way = request.node.callspec.params["url"]
    if way == "postgresql":  # as where a server cannot tell that its client has gone
        name = sa.make_url(url).database
        execute(url, f"ALTER DATABASE {name} SET client_connection_check_interval = '1h'")
    holder = run(url, "statement", STILL_RUNS[way], SHORT_LEASE="1")
    holder.next("session")
    time.sleep(0.5)
    holder.kill()
    waiting = run(url, "hold", SHORT_LEASE="1")

    said = waiting.next("waiting")
    while STILL_SAID[way] not in said:
        said = waiting.next("waiting")
    assert waiting.next("waited") is True

    if way == "pooled":
        assert execute(url, "SELECT count(*) FROM slow") == [(1,)]
    elif way == "postgresql":
        active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        assert execute(url, active) == [(0,)]
    else:
        assert (
            execute(url, "SELECT id FROM information_schema.processlist WHERE info LIKE '%(4)'")
            == []
        )
