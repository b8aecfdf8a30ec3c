"""Scratch databases of MariaDB and MySQL: made, and dropped in any case."""

import re
import secrets
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from flask_migrate.database.scratch.judged import NoScratchPlace
from flask_migrate.database.snapshots.mysql.places import quote

PREFIX = "godwit_scratch_"
"""How the name of every scratch database begins."""

_OLD = 3600  # seconds; no run takes that long
_NAME = re.compile(rf"(?P<run>{PREFIX}(?P<made_at>[0-9a-f]+)_[0-9a-f]+)_\d+")
_SETTINGS = (
    "foreign_key_checks = 0",  # so that no order of the tables is wrong
    "lock_wait_timeout = 60",  # seconds; a backup may hold back whoever makes anything
    "sql_log_bin = 0",  # no replica needs them; few may say so
    "information_schema_stats_expiry = 0",  # MySQL remembers counters for a day
)
_LIKE = """
SELECT default_character_set_name AS charset, default_collation_name AS collation
FROM information_schema.schemata WHERE schema_name = :name
"""
_LEFT = (
    "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE :pattern"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A scratch database, and the one whose part it plays.

    Attributes:
        name: Its name.
        real: The database whose character set and collation it has, if there is such a one.
        schema: What it is called in a snapshot.
    """

    name: str
    real: str | None
    schema: str


def new_parts(schemas: Iterable[tuple[str, str | None]]) -> tuple[Part, ...]:
    """Return scratch databases that nobody has made yet.

    Args:
        schemas: What each is called in a snapshot, and the database whose part it plays.
    """
    run = f"{PREFIX}{int(time.time()):x}_{secrets.token_hex(4)}"
    return tuple(
        Part(name=f"{run}_{number}", real=real, schema=schema)
        for number, (schema, real) in enumerate(schemas)
    )


@contextmanager
def scratch_databases(engine: Engine, parts: Sequence[Part]) -> Generator[Connection]:
    """Make scratch databases, and drop them in the end; the session uses the first one.

    What was left by a process that was killed is dropped too, if it is an hour old and no
    session has its lock.

    Args:
        engine: Opens connections that nobody else uses, and keeps none.
        parts: The databases.

    Raises:
        NoScratchPlace: The server refuses to make them.
    """
    made: list[str] = []
    try:
        with _session(engine) as connection:
            _lock(connection, _run_of(parts[0].name))
            _drop_abandoned(connection)
            for part in parts:
                _make(connection, part, made)
            connection.exec_driver_sql(f"USE {quote(parts[0].name)}")
            yield connection
    finally:
        if made:
            # What was interrupted may have left the other session in the middle of an answer.
            with _session(engine) as connection:
                for name in made:
                    _drop(connection, name)


@contextmanager
def _session(engine: Engine) -> Generator[Connection]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise NoScratchPlace(f"There is no second connection: {said(error)}") from error
    with connection:
        for setting in _SETTINGS:
            with suppress(DBAPIError):
                connection.exec_driver_sql(f"SET SESSION {setting}")
        yield connection


def run(beside: Connection, sql: str) -> str | None:
    """Run a statement; return what the server says against it."""
    try:
        with _checked(beside) if sql.startswith("ALTER TABLE") else nullcontext():
            beside.exec_driver_sql(sql)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return said(error)
    return None


@contextmanager
def _checked(beside: Connection) -> Generator[None]:
    """Look at foreign keys: else MariaDB takes the RESTRICT of one that is added for NO ACTION."""
    beside.exec_driver_sql("SET SESSION foreign_key_checks = 1")
    try:
        yield
    finally:
        if not beside.invalidated:
            beside.exec_driver_sql("SET SESSION foreign_key_checks = 0")


def with_real_names(message: str, parts: Sequence[Part]) -> str:
    """Return what the server says as somebody reads it who knows no scratch database."""
    for part in parts:
        message = message.replace(part.name, part.real or part.schema)
    return message


def said(error: DBAPIError) -> str:
    """Return what the server says of an error, without its number."""
    arguments = error.orig.args if error.orig is not None else ()
    return str(arguments[-1] if arguments else error.orig)


def _make(connection: Connection, part: Part, made: list[str]) -> None:
    like = connection.execute(text(_LIKE), {"name": part.real}).one_or_none()
    how = f" CHARACTER SET {like.charset} COLLATE {like.collation}" if like else ""
    made.append(part.name)
    try:
        connection.exec_driver_sql(f"CREATE DATABASE {quote(part.name)}{how}")
    except DBAPIError as error:
        if not error.connection_invalidated:
            made.remove(part.name)
        raise NoScratchPlace(f"A scratch database cannot be made: {said(error)}") from error


def _drop(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {quote(name)}")


def _drop_abandoned(connection: Connection) -> None:
    pattern = PREFIX.replace("_", r"\_") + "%"
    for name in connection.scalars(text(_LEFT), {"pattern": pattern}).all():
        found = _NAME.fullmatch(name)
        is_old = found and time.time() - int(found["made_at"], 16) > _OLD
        if found and is_old and _lock(connection, found["run"]):
            with suppress(DBAPIError):
                _drop(connection, name)
            connection.execute(text("DO RELEASE_LOCK(:run)"), {"run": found["run"]})


def _lock(connection: Connection, run: str) -> bool:
    """Take the lock of a run, which its session has for as long as it lasts."""
    return bool(connection.scalar(text("SELECT GET_LOCK(:run, 0)"), {"run": run}))


def _run_of(name: str) -> str:
    return name.rpartition("_")[0]
