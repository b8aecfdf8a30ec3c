"""A process that takes the lock of a database: python -m tests.execution.locks.runner URL JOB ...

It says what happens, one line of JSON each, and stops when its standard input ends.
"""

import asyncio
import json
import os
import sys
import time
import uuid

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from flask_migrate.errors import MigrateError
from flask_migrate.execution.locks.facts import this_process
from flask_migrate.execution.locks.lease import Terms
from flask_migrate.execution.locks.lock import migration_lock

VERSIONS = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32)))


# A lease that ends sooner, so that a test need not wait for it.
TERMS = Terms(seconds=2, heartbeat=0.5) if "SHORT_LEASE" in os.environ else None


def say(**facts):
    sys.stdout.write(json.dumps(facts, default=str) + "\n")
    sys.stdout.flush()


def hold(connection, lock, _):
    """Hold the lock until the other end of standard input is closed."""
    sys.stdin.read()


def nothing(connection, lock, _):
    """Let go at once."""


def statement(connection, lock, sql):
    """Run a statement in autocommit mode."""
    connection.execution_options(isolation_level="AUTOCOMMIT")
    say(session=session_of(connection))
    connection.execute(sa.text(sql))


def once(connection, lock, _):
    """Do what may be done once, if nobody did it; slowly, so that others come in between."""
    with connection.begin():
        lock.guard_transaction()
        done = connection.scalar(sa.text("SELECT count(*) FROM done"))
        time.sleep(0.2)
        if not done:
            connection.execute(sa.text("INSERT INTO done VALUES (1)"))
    say(done=not done)


JOBS = {"nothing": nothing, "hold": hold, "statement": statement, "once": once}


def session_of(connection):
    name = "pg_backend_pid" if connection.dialect.name == "postgresql" else "connection_id"
    return connection.scalar(sa.text(f"SELECT {name}()"))


def work(connection, job, limit, *arguments):
    def waiting(holder, seconds):
        say(waiting=holder.text() if holder else None)

    try:
        with migration_lock(
            connection,
            version_table=VERSIONS,
            me=this_process("shop", "upgrade to 1975ea83b712"),
            limit=float(limit),
            waiting=waiting,
            terms=TERMS,
        ) as lock:
            say(held=type(lock).__name__, waited=lock.waited)
            JOBS[job](connection, lock, *arguments or (None,))
            lock.verify()
    except MigrateError as error:
        say(error=error.code, message=error.message, hint=error.hint)


async def work_on_async_engine(url, *arguments):
    # What its documentation tells everybody who has a pooler.
    arguments_of_driver = {
        "statement_cache_size": 0,
        "prepared_statement_cache_size": 0,
        "prepared_statement_name_func": lambda: f"__{uuid.uuid4()}__",
    }
    engine = create_async_engine(url, connect_args=arguments_of_driver)
    async with engine.connect() as connection:
        await connection.run_sync(work, *arguments)
    await engine.dispose()


def main(url, *arguments):
    if "+asyncpg" in url:
        asyncio.run(work_on_async_engine(url, *arguments))
        return
    engine = sa.create_engine(url, pool_size=1, max_overflow=0)
    with engine.connect() as connection:
        work(connection, *arguments)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
