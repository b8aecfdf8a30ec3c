"""A small one who runs revisions, as the core does; and sessions that are in its way."""

import threading
import time
from contextlib import contextmanager

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from flask_migrate.errors import RevisionInterrupted
from flask_migrate.execution.patience.patience import patient
from flask_migrate.values.patience import Limits

QUICK = Limits(first=0.2, longest=0.8, total=60.0)
SHORT = Limits(first=0.2, longest=0.4, total=2.0)


class Conductor:
    """Runs functions that take Alembic's operations, each as a revision.

    Attributes:
        said: The sentences for a person.
        begun: How often a revision was begun.
        slept: The pauses.
    """

    def __init__(self, engine, *, limits=QUICK):
        self.engine = engine
        self.limits = limits
        self.said = []
        self.begun = 0
        self.slept = []

    def run(self, *revisions):
        """Run revisions, each in a transaction of its own."""
        with self.engine.connect() as connection:
            self.run_on(connection, *revisions)

    def run_on(self, connection, *revisions):
        """Run revisions on a connection."""
        options = {"transaction_per_migration": True}
        context = MigrationContext.configure(connection, opts=options)
        with self._patient(connection) as patience:
            for revision in revisions:
                while not self._ran(context, patience, revision):
                    pass

    def run_together(self, *revisions):
        """Run revisions in one transaction, with a savepoint for each."""
        with self.engine.connect() as connection, self._patient(connection) as patience:
            while not self._all_ran(connection, patience, revisions):
                pass

    def _patient(self, connection):
        return patient(connection, limits=self.limits, say=self.said.append, sleep=self._sleep)

    def _sleep(self, seconds):
        self.slept.append(seconds)
        time.sleep(seconds)

    def _ran(self, context, patience, revision):
        try:
            with context.begin_transaction(_per_migration=True):
                self.begun += 1
                patience.begin_revision()
                revision(Operations(context))
        except RevisionInterrupted as interrupted:
            patience.before_restart(interrupted)
            return False
        return True

    def _all_ran(self, connection, patience, revisions):
        context = MigrationContext.configure(connection)
        try:
            with connection.begin():
                for revision in revisions:
                    while not self._ran_in_savepoint(connection, context, patience, revision):
                        pass
        except RevisionInterrupted as interrupted:
            patience.before_restart(interrupted)
            return False
        return True

    def _ran_in_savepoint(self, connection, context, patience, revision):
        try:
            with connection.begin_nested():
                self.begun += 1
                patience.begin_revision()
                revision(Operations(context))
        except RevisionInterrupted as interrupted:
            if interrupted.whole:
                raise
            patience.before_restart(interrupted)
            return False
        return True


@contextmanager
def in_way(engine, *statements, seconds=None):
    """Keep a transaction open with some statements, for a while or until the block ends."""
    connection = engine.connect()
    for statement in statements:
        connection.execute(sa.text(statement))
    timer = threading.Timer(seconds or 0, connection.rollback)
    if seconds is not None:
        timer.start()
    try:
        yield connection
    finally:
        if seconds is not None:
            timer.join()
        connection.close()


@contextmanager
def application(engine, *statements):
    """Run what an application runs all the time, meanwhile; yield how long each took."""
    over = threading.Event()
    took = []

    def run():
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not over.is_set():
                for statement in statements:
                    started = time.monotonic()
                    connection.execute(sa.text(statement))
                    took.append(time.monotonic() - started)
                over.wait(0.01)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()
