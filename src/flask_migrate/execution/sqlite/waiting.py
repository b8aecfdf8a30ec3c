"""Wait for whoever else uses a SQLite database."""

import logging
import os
import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from flask_migrate.database.urls import show_url
from flask_migrate.errors import SessionOpen, TableLocked
from flask_migrate.execution.locks.polling import Polling
from flask_migrate.execution.locks.sqlite import sqlite_holder
from flask_migrate.execution.sqlite.file import File
from flask_migrate.settings import Settings
from flask_migrate.values.locks import LockHolder

_FOR_OTHER_THREADS = 5.0  # seconds; as long as SQLite's own driver waits if nobody says otherwise

Answer = TypeVar("Answer")

log = logging.getLogger("flask_migrate")


class Waiting:
    """How long to wait for others who use a SQLite database.

    Args:
        file: The database.
        settings: The limits.
    """

    def __init__(self, file: File, settings: Settings) -> None:
        self._file = file
        self._settings = settings
        self._place = show_url(file.connection.engine.url)
        self._timeout = settings.lock_timeout
        self._first_refusal: float | None = None

    def begin(self) -> None:
        """Begin a transaction as soon as nobody else writes.

        Raises:
            LockNotAcquired: Somebody does for longer than `run_lock_timeout`.
        """
        self._file.busy_timeout = 0
        self._wait_for(self._file.begin)
        if self._timeout is not None:
            self._file.busy_timeout = self._timeout

    def read(self, question: Callable[[], Answer]) -> Answer:
        """Ask the database something as soon as it may be read.

        Args:
            question: Returns the answer.

        Raises:
            LockNotAcquired: Somebody writes it for longer than `run_lock_timeout`.
        """
        answers: list[Answer] = []
        before, self._file.busy_timeout = self._file.busy_timeout, 0
        try:
            with self._file.noticing_errors():
                self._wait_for(lambda: answers.append(question()))
        finally:
            self._file.busy_timeout = before
        return answers[0]

    def _wait_for(self, attempt: Callable[[], None]) -> None:
        began = time.monotonic()

        def has_succeeded() -> bool:
            try:
                attempt()
            except DBAPIError as error:
                if not self._file.was_busy(error):
                    raise
                self._refuse_own(time.monotonic() - began)
                return False
            return True

        Polling(limit=self._settings.run_lock_timeout, database=self._place).wait_for(
            has_succeeded, look=self._holder
        )

    def _refuse_own(self, waited: float) -> None:
        """Refuse to wait for ourselves: for another thread a little, for this one not at all."""
        is_alone = threading.active_count() == 1
        if not is_alone and waited < _FOR_OTHER_THREADS:
            return
        holder = self._holder()
        if holder is not None and holder.process == str(os.getpid()):
            raise SessionOpen(
                f"This very process has a transaction that writes {self._place} on another "
                "connection; the migration would wait for it for ever.",
                hint="Finish what it does there first: db.session.commit(), "
                "db.session.rollback() or db.session.close(), or close the connection.",
            )

    def _holder(self) -> LockHolder | None:
        return sqlite_holder(self._file.connection)

    def give_way(self, error: BaseException) -> None:
        """Let those read who do, and be more patient the next time.

        Args:
            error: What SQLite said.

        Raises:
            TableLocked: They have been reading for longer than `lock_retry_limit`.
        """
        now = time.monotonic()
        if self._first_refusal is None:
            self._first_refusal = now
        waited = now - self._first_refusal
        if self._timeout is None or waited > self._settings.lock_retry_limit:
            raise TableLocked(
                f"Others have been reading {self._place} all the time for {waited:.0f} seconds, "
                "and what has changed can be written when nobody reads.",
                hint="Run the command again when they have finished, let it try for longer with "
                "MIGRATE_LOCK_RETRY_LIMIT, or let readers not be in the way: PRAGMA journal_mode "
                "= WAL",
                blockers=(),
            ) from error
        log.warning("Others read the database: everything is undone, and begins again.")
        time.sleep(self._timeout * random.uniform(1, 2))  # noqa: S311  (not a secret)
        self._timeout = min(2 * self._timeout, self._settings.lock_timeout_longest)
