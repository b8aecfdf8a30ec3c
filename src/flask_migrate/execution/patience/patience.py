"""Make the statements of a migration wait for locks without being in anybody's way."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from flask_migrate.errors import RevisionInterrupted
from flask_migrate.execution.patience.mysql import MySQL
from flask_migrate.execution.patience.postgresql import PostgreSQL
from flask_migrate.execution.patience.waiting import Waiting, spread
from flask_migrate.execution.patience.watch import Watch
from flask_migrate.values.locks import Claim
from flask_migrate.values.patience import Limits

_SERVERS: dict[str, type[PostgreSQL | MySQL]] = {
    "postgresql": PostgreSQL,
    "mysql": MySQL,
    "mariadb": MySQL,
}


class Patience:
    """What the one who runs revisions tells, and asks.

    Args:
        server: How the database waits; None if it is one that we know nothing of.
    """

    def __init__(self, server: PostgreSQL | MySQL | None) -> None:
        self._server = server

    def begin_revision(self, claim: Claim | None = None) -> None:
        """Take note that a revision begins, or begins again.

        Args:
            claim: What each of its transactions has to ask; None if there is nothing.
        """
        if self._server is not None:
            self._server.begin_revision(claim)

    def before_restart(self, interrupted: RevisionInterrupted) -> None:
        """Do what has to be done between the two tries of a revision.

        To be called when the transaction is rolled back, and so its locks are gone: this
        lets those pass who queued behind them, or commits values of an enum type.

        Args:
            interrupted: What came out of the revision.

        Raises:
            RevisionInterrupted: Another try would end in the same way.
        """
        if self._server is None:
            raise interrupted
        self._server.before_restart(interrupted)


@contextmanager
def patient(
    connection: Connection,
    *,
    limits: Limits,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = spread,
) -> Generator[Patience]:
    """Make the statements of a connection patient, for as long as this lasts.

    What comes out of a statement then may be, instead of the driver's error:
    `RevisionInterrupted`, after which the revision is to be rolled back and run again
    (see `Patience.before_restart`); `TableLocked`, `SessionOpen` and `StatementTimeout`,
    which are final.

    Args:
        connection: What the revisions run on. Nobody else's connection is touched.
        limits: How long to wait.
        say: Takes a sentence for a person; may be called from another thread.
        sleep: Lets time pass, in seconds.
        jitter: Returns by what a pause is multiplied; at least 1.
    """
    kind = _SERVERS.get(connection.dialect.name)
    if kind is None:
        yield Patience(None)
        return
    waiting = Waiting(limits=limits, say=say, sleep=sleep, jitter=jitter)
    watch = Watch(connection, say)
    server = kind(connection, waiting=waiting, watch=watch)
    try:
        with _listening(connection, server):
            yield Patience(server)
    finally:
        watch.stop()
        server.end()


class _Statements:
    """Takes the statements of a connection out of the hands of SQLAlchemy.

    Its engine, and so its events, may have many connections.
    """

    def __init__(self, connection: Connection, server: PostgreSQL | MySQL) -> None:
        self._connection = connection
        self._server = server
        self._dialect = connection.dialect
        self._is_escaped = self._dialect.paramstyle in {"format", "pyformat"}

    def execute(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        def run(text: str) -> None:
            self._dialect.do_execute(cursor, text, parameters, context)

        return self._take(context, statement, run, is_escaped=self._is_escaped)

    def execute_many(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        def run(text: str) -> None:
            self._dialect.do_executemany(cursor, text, parameters, context)

        return self._take(context, statement, run, is_many=True, is_escaped=self._is_escaped)

    def execute_without(self, cursor: Any, statement: str, context: Any) -> bool:
        def run(text: str) -> None:
            self._dialect.do_execute_no_params(cursor, text, context)

        return self._take(context, statement, run)

    def _take(
        self,
        context: Any,
        statement: str,
        run: Callable[[str], None],
        *,
        is_many: bool = False,
        is_escaped: bool = False,
    ) -> bool:
        if context is None or context.root_connection is not self._connection:
            return False
        self._server.execute(statement, run, is_many=is_many, is_escaped=is_escaped)
        return True


@contextmanager
def _listening(connection: Connection, server: PostgreSQL | MySQL) -> Generator[None]:
    statements = _Statements(connection, server)
    engine = connection.engine
    listeners: list[tuple[Engine | Connection, str, Callable[..., Any]]] = [
        (engine, "do_execute", statements.execute),
        (engine, "do_executemany", statements.execute_many),
        (engine, "do_execute_no_params", statements.execute_without),
        *((connection, name, listener) for name, listener in server.listeners.items()),
    ]
    for target, name, listener in listeners:
        event.listen(target, name, listener)
    try:
        yield
    finally:
        for target, name, listener in listeners:
            event.remove(target, name, listener)
