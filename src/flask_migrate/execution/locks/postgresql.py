"""The lock of a session on PostgreSQL: an advisory lock, polled."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from flask_migrate.execution.drivers import literal
from flask_migrate.execution.locks.asking import ask, no_transaction_left
from flask_migrate.execution.locks.facts import as_name, from_name, with_statement
from flask_migrate.execution.locks.keys import LockKey, lock_key
from flask_migrate.execution.locks.lease_row import LeaseRow
from flask_migrate.execution.locks.servers import SessionChanges
from flask_migrate.execution.transactions import is_autocommit
from flask_migrate.values.locks import LockHolder

# Which of the locks of a key.
RUN, CLIENT, FENCE = 0, 1, 2

CHECK_INTERVAL = "client_connection_check_interval"  # PostgreSQL 14 has it
_EVERY = "1s"

_HERE = """
SELECT current_database() AS database, current_schema() AS schema, pg_backend_pid() AS session,
       current_setting('application_name') AS name
"""
# In one statement: a pooler could give the second one to another session, which would keep
# the lock without anybody to free it.
_TAKE = """
SELECT CASE WHEN pg_backend_pid() = CAST(:session AS integer)
            THEN {function}(CAST(:number AS bigint)) END AS taken
"""
_LOCKS = """
SELECT CAST(objid AS bigint) - CAST(:low AS bigint) AS which, pid, application_name,
       host(client_addr) AS host, state, query
FROM pg_catalog.pg_locks LEFT JOIN pg_catalog.pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND classid = CAST(CAST(:high AS bigint) AS oid)
  AND CAST(objid AS bigint) - CAST(:low AS bigint) BETWEEN 0 AND 3
ORDER BY pid
"""
# Several may hold it: whoever has the other lock is the last one who took it. If this is the
# very session that has the other lock, it is nobody's, and this frees it.
_INTRODUCE = """
SELECT CASE WHEN pg_backend_pid() = CAST(:session AS integer)
            THEN pg_advisory_unlock(CAST(:lock AS bigint))
            ELSE pg_try_advisory_lock_shared(CAST(:number AS bigint)) END AS done,
       clock_timestamp() AS now, pg_backend_pid() AS session
"""
_TELL = "SELECT set_config('application_name', :name, false)"
# For each revision, and so a part of another statement, with values in it instead of parameters.
_CONDITION = """
pg_catalog.set_config('application_name', {name}, false) = {name} AND EXISTS (
    SELECT 1 FROM pg_catalog.pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid = pg_catalog.pg_backend_pid()
      AND database = (
          SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
      )
      AND CAST(classid AS bigint) = {high} AND CAST(objid AS bigint) = {low}
)
"""
_INTERVAL = f"SELECT current_setting('{CHECK_INTERVAL}', true) AS value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a version table is, and the session that looks at it.

    Attributes:
        key: The key of its locks.
        schema: Its schema; None if the connection has none.
        session: The process id of the server's end of the connection.
        name: What the session says that it is for.
        is_pooled: Whether a pooler is known to be between, which may give the next
            statement to another session.
    """

    key: LockKey
    schema: str | None
    session: int
    name: str
    is_pooled: bool


def place_of(connection: Connection, *, schema: str | None, table: str) -> Place:
    """Return where a version table is.

    Args:
        connection: That of the migration; its `search_path` counts.
        schema: What the version table says.
        table: Its name.
    """
    here = ask(connection, _HERE)
    schema = schema or here.schema
    told = session_told_by_driver(connection)
    return Place(
        key=lock_key(here.database, schema, table),
        schema=schema,
        session=here.session,
        name=here.name,
        is_pooled=told is not None and told != here.session,
    )


def session_told_by_driver(connection: Connection) -> int | None:
    """Return the session that a driver was told of when it connected; None if it forgot.

    A pooler tells it a number of its own, since the session is another one every time.
    """
    driver: Any = connection.connection.driver_connection
    info = getattr(driver, "info", None)
    number = getattr(info, "backend_pid", None)
    if number is None and callable(ask_driver := getattr(driver, "get_server_pid", None)):
        number = ask_driver()
    return number if isinstance(number, int) else None


class PostgreSQLLock:
    """The lock of a version table on PostgreSQL.

    It belongs to the session of the migration, so the server frees it when the last
    statement of a runner that was killed has ended, and no sooner. A second lock, that
    of a connection which does nothing else, leads to who it is.

    Args:
        place: Where the version table is.
        is_nested: Whether the migration is a part of a transaction of somebody else,
            with which the lock ends.
    """

    def __init__(self, place: Place, *, is_nested: bool) -> None:
        self._place = place
        self._is_nested = is_nested
        self._lease = LeaseRow(place.key.name, schema=place.schema)
        unlock = (
            f"SELECT pg_advisory_unlock({place.key.number(RUN)}), "
            f"set_config('application_name', {literal(place.name)}, false)"
        )
        self.free: str | None = None if is_nested else unlock

    def take(self, connection: Connection) -> bool:
        """Return whether the lock is ours now; does not wait.

        Raises:
            SessionChanges: There is a pooler between.
        """
        function = "pg_try_advisory_xact_lock" if self._is_nested else "pg_try_advisory_lock"
        taken = ask(
            connection,
            _TAKE.format(function=function),
            session=self._place.session,
            number=self._place.key.number(RUN),
        ).taken
        if taken is None:
            raise SessionChanges
        if taken and self.free is not None and notice_death(connection, is_local=False):
            self.free += f", set_config('{CHECK_INTERVAL}', '0', false)"
        return bool(taken)

    def has(self, connection: Connection) -> bool:
        """Return whether the session of the migration has the lock."""
        return is_held(connection, self._place.key, RUN, session=self._place.session)

    def holder(self, connection: Connection) -> LockHolder | None:
        """Return who has the lock, or None if nobody has it any more."""
        return holder_of(connection, self._place.key)

    def is_alone(self, connection: Connection) -> bool:
        """Return whether nobody is at work who came through a pooler."""
        if is_held(connection, self._place.key, FENCE):
            return False
        row = self._lease.row(connection)
        return row is None or row.expired

    def other(self, connection: Connection) -> LockHolder | None:
        """Return who is at work that came through a pooler."""
        return self._lease.holder(connection) or self.holder(connection)

    def introduce(self, beside: Connection, me: LockHolder) -> LockHolder:
        """Tell others who has the lock; return it with the time of the server."""
        key, session = self._place.key, self._place.session
        row = ask(
            beside,
            _INTRODUCE,
            session=session,
            lock=key.number(RUN),
            number=key.number(CLIENT),
        )
        if row.session == session:
            raise SessionChanges
        stay_connected(beside)
        return replace(me, since=row.now)

    def condition(self, me: LockHolder) -> str | None:
        """Return SQL that is true as long as the session that runs it has the lock.

        Its name tells others what we do now: that ends with the lock, but not with the
        transaction, for CREATE INDEX CONCURRENTLY has none. In a transaction of somebody
        else the session is his.
        """
        if self._is_nested:
            return None
        key = self._place.key
        return _CONDITION.format(name=literal(as_name(me)), high=key.high, low=key.low + RUN)

    def tell(self, beside: Connection, me: LockHolder) -> bool:
        """Tell others what we do now, and return whether the session has the lock."""
        ask(beside, _TELL, name=as_name(me))
        return self.has(beside)

    def withdraw(self, beside: Connection) -> None:
        """Take back what was told: it ends with the connection."""


def is_held(connection: Connection, key: LockKey, *which: int, session: int | None = None) -> bool:
    """Return whether one of the locks of a key is held, by one session or by any."""
    held = _locks_of(connection, key, which)
    return any(session in (None, row.pid) for row in held)


def holder_of(connection: Connection, key: LockKey) -> LockHolder | None:
    """Return who has the locks of a key, or None if nobody has any."""
    rows = _locks_of(connection, key, (RUN, CLIENT, FENCE))
    names = [from_name(row.application_name) for row in rows if row.which == CLIENT]
    known = max((one for one in names if one), key=_taken_at, default=None)
    sessions = [row for row in rows if row.which != CLIENT]
    if not sessions:
        return known
    session = sessions[0]
    known = from_name(session.application_name) or known
    ended_by = f"SELECT pg_terminate_backend({session.pid})"
    if known is not None:
        return replace(known, ended_by=ended_by)
    is_busy = session.state == "active"
    holder = LockHolder(
        host=session.host, application=session.application_name or None, ended_by=ended_by
    )
    return with_statement(holder, session.query if is_busy else None)


def notice_death(connection: Connection, *, is_local: bool) -> bool:
    """Let a server stop a statement when the process that sent it has died.

    By itself it notices that when it has the answer: an hour later, perhaps.

    Args:
        connection: That of the migration.
        is_local: Whether this lasts to the end of the transaction only.

    Returns:
        Whether it was not so already, and the server can.
    """
    if ask(connection, _INTERVAL).value != "0":
        return False
    change = f"SELECT set_config('{CHECK_INTERVAL}', '{_EVERY}', {str(is_local).lower()})"
    with suppress(DBAPIError), _undone_by_error(connection):
        ask(connection, change)
        return True
    return False  # the operating system of the server cannot tell


def stay_connected(beside: Connection) -> None:
    """Keep a server from ending a connection on which nothing happens."""
    if ask(beside, "SELECT current_setting('idle_session_timeout', true) AS value").value:
        ask(beside, "SELECT set_config('idle_session_timeout', '0', false)")


def _undone_by_error(connection: Connection) -> AbstractContextManager[Any]:
    is_in_one = connection.in_transaction() and not is_autocommit(connection)
    return connection.begin_nested() if is_in_one else nullcontext()


def _locks_of(connection: Connection, key: LockKey, which: Iterable[int]) -> Sequence[Row[Any]]:
    values = {"high": key.high, "low": key.low}
    with no_transaction_left(connection):
        rows = connection.execute(text(_LOCKS), values).all()
    return [row for row in rows if row.which in which]


def _taken_at(holder: LockHolder) -> float:
    return holder.since.timestamp() if holder.since else 0.0
