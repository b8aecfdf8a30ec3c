"""Ask a server which sessions keep a statement waiting, while it waits."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Engine

from flask_migrate._sqlalchemy import pool_without_memory, run_in_own_loop
from flask_migrate.execution.drivers import error_number
from flask_migrate.execution.faults import shortened
from flask_migrate.execution.patience.here import is_here
from flask_migrate.values.patience import Blocker

Ask = Callable[[int], tuple[Blocker, ...]]
"""Returns the sessions that keep a session, given by its number, waiting; from another thread."""

_SHOWN = 3

_POSTGRESQL = """
SELECT pid, usename, application_name, host(client_addr), client_port,
    state LIKE 'idle in transaction%', extract(epoch FROM clock_timestamp() - xact_start)::float8,
    query
FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids({session}))) AS blocking (pid)
LEFT JOIN pg_catalog.pg_stat_activity USING (pid)
ORDER BY xact_start
"""

# Who holds a metadata lock that a statement waits for.
_MYSQL_LOCKS = """
SELECT DISTINCT holder.PROCESSLIST_ID
FROM performance_schema.metadata_locks AS wanted
JOIN performance_schema.threads AS waiter ON waiter.THREAD_ID = wanted.OWNER_THREAD_ID
JOIN performance_schema.metadata_locks AS held
    ON held.OBJECT_TYPE = wanted.OBJECT_TYPE
    AND held.OBJECT_SCHEMA <=> wanted.OBJECT_SCHEMA AND held.OBJECT_NAME <=> wanted.OBJECT_NAME
JOIN performance_schema.threads AS holder ON holder.THREAD_ID = held.OWNER_THREAD_ID
WHERE waiter.PROCESSLIST_ID = {session} AND wanted.LOCK_STATUS = 'PENDING'
    AND held.LOCK_STATUS = 'GRANTED' AND holder.PROCESSLIST_ID <> {session}
"""
# A plugin of MariaDB that shows only what is granted: on which tables that the statement names.
_MARIADB_LOCKS = """
SELECT DISTINCT held.THREAD_ID
FROM information_schema.METADATA_LOCK_INFO AS held
JOIN information_schema.PROCESSLIST AS waiter ON waiter.ID = {session}
WHERE held.THREAD_ID <> {session} AND held.TABLE_NAME <> ''
    AND held.LOCK_TYPE = 'Table metadata lock' AND LOCATE(held.TABLE_NAME, waiter.INFO) > 0
"""
_MYSQL_WAITS = """
SELECT 1 FROM information_schema.PROCESSLIST
WHERE ID = {session} AND STATE LIKE 'Waiting for%lock%'
"""
_INNODB_WAITS = """
SELECT 1 FROM information_schema.INNODB_TRX
WHERE trx_mysql_thread_id = {session} AND trx_state = 'LOCK WAIT'
"""
# The best guess without either: who is in a transaction, and uses the same database.
_OPEN_TRANSACTIONS = """
SELECT t.trx_mysql_thread_id FROM information_schema.INNODB_TRX AS t
JOIN information_schema.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id
JOIN information_schema.PROCESSLIST AS waiter ON waiter.ID = {session}
WHERE p.ID <> {session} AND p.DB <=> waiter.DB
"""
_MYSQL = """
SELECT p.ID, p.USER, p.HOST, p.COMMAND = 'Sleep',
    TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), p.INFO
FROM information_schema.PROCESSLIST AS p
LEFT JOIN information_schema.INNODB_TRX AS t ON t.trx_mysql_thread_id = p.ID
WHERE p.ID IN ({sessions})
ORDER BY t.trx_started IS NULL, t.trx_started
"""

Query = Callable[[str], Sequence[Any]]
"""Runs a statement and returns its rows."""


def describe(blockers: Sequence[Blocker]) -> str:
    """Return who the sessions are, as what comes after "held"."""
    if not blockers:
        return "by a session that the server did not name"
    more = len(blockers) - _SHOWN
    named = [_describe_one(blocker) for blocker in blockers[:_SHOWN]]
    return "; ".join([*named, f"and by {more} more"] if more > 0 else named)


def find_blockers(engine: Engine, own: object, session: int) -> tuple[Blocker, ...]:
    """Ask on a connection of its own which sessions keep another one waiting.

    May be called from any thread, while the statement waits in its own.

    Args:
        engine: Where to get a connection that no pool has.
        own: The driver's connection on which the statement waits.
        session: Its number on the server.

    Raises:
        Exception: Whatever a driver raises if it cannot connect, or the server if it may
            not tell.
    """
    read = _read_postgresql if engine.dialect.name == "postgresql" else _read_mysql
    if engine.dialect.is_async:
        return run_in_own_loop(lambda: _ask(engine, own, read, session))
    return _ask(engine, own, read, session)


def _ask(
    engine: Engine, own: object, read: Callable[[Query, int], Iterable[Blocker]], session: int
) -> tuple[Blocker, ...]:
    other = pool_without_memory(engine).connect()
    if other.dbapi_connection is own:
        # The engine of a test that gives everybody one connection, which is not ours to close.
        other.detach()
        return ()
    try:
        cursor = other.cursor()

        def query(statement: str) -> Sequence[Any]:
            cursor.execute(statement)
            return cursor.fetchall()

        return tuple(read(query, session))
    finally:
        other.close()


def _read_postgresql(query: Query, session: int) -> Iterable[Blocker]:
    for number, user, application, host, port, is_idle, seconds, text in query(
        _POSTGRESQL.format(session=session)
    ):
        yield Blocker(
            session=number,
            user=user,
            application=application or None,
            host=host,
            port=port,
            is_idle=is_idle,
            seconds=seconds,
            query=text if text != "<insufficient privilege>" else None,
            is_here=is_here(host, port),
        )


def _read_mysql(query: Query, session: int) -> Iterable[Blocker]:
    waits = (_MYSQL_WAITS, _INNODB_WAITS)
    if not any(query(statement.format(session=session)) for statement in waits):
        return
    sessions, is_certain = _mysql_sessions(query, session)
    if not sessions:
        return
    numbers = ", ".join(map(str, sessions))
    for number, user, address, is_idle, seconds, text in query(_MYSQL.format(sessions=numbers)):
        host, _, port = str(address or "").rpartition(":")
        yield Blocker(
            session=int(number),
            user=user,
            host=host or address or None,
            port=int(port) if port.isdecimal() and host else None,
            is_idle=bool(is_idle),
            seconds=seconds,
            query=text,
            is_here=is_here(host or None, int(port) if port.isdecimal() else None),
            is_certain=is_certain,
        )


def _mysql_sessions(query: Query, session: int) -> tuple[list[int], bool]:
    for statement in (_MYSQL_LOCKS, _MARIADB_LOCKS):
        try:
            found = query(statement.format(session=session))
        except Exception as error:
            if error_number(error) is None:
                raise
            # The server answered: it has no such table, or not for this user.
            continue
        if found:
            return [int(row[0]) for row in found], True
    return [int(row[0]) for row in query(_OPEN_TRANSACTIONS.format(session=session))], False


def _describe_one(blocker: Blocker) -> str:
    if not blocker.session:
        return "by a prepared transaction, which no session holds (see pg_prepared_xacts)"
    doubt = "" if blocker.is_certain else "probably "
    return f"{doubt}by session {blocker.session}{_origin(blocker)}{_doing(blocker)}"


def _origin(blocker: Blocker) -> str:
    user = f" of user {blocker.user!r}" if blocker.user else ""
    application = repr(blocker.application) if blocker.application else ""
    host = f"from {blocker.host}" if blocker.host else ""
    here = "this very process" if blocker.is_here else ""
    origin = ", ".join(filter(None, (" ".join(filter(None, (application, host))), here)))
    return f"{user} ({origin})" if origin else user


def _doing(blocker: Blocker) -> str:
    idle = "idle " if blocker.is_idle else ""
    since = f" open for {blocker.seconds:.0f} s" if blocker.seconds is not None else ""
    transaction = f", {idle}in a transaction{since}" if idle or since else ""
    verb = "its last query was" if blocker.is_idle else "it runs"
    return f"{transaction}{f', {verb}: {shortened(blocker.query)}' if blocker.query else ''}"
