"""What an application does to its database while it is migrated."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import sqlalchemy as sa

PAUSE = 0.03
SESSION = {"postgresql": "SELECT pg_backend_pid()", "mariadb": "SELECT connection_id()"}


# Locks on a file are between processes: the reader and the application must be two.
READS_FILE = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[3:]:
    connection.execute(statement).fetchall()
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def long_transaction(database, *statements, seconds):
    """Have a transaction open elsewhere that has run these statements, for so many seconds.

    Yields:
        What the server calls the session; for a file, the number of the process.
    """
    if database.dialect == "sqlite":
        path = database.url.removeprefix("sqlite:///")
        command = [sys.executable, "-c", READS_FILE, path, str(seconds), *statements]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            try:
                yield process.pid
            finally:
                process.kill()
        return
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        number = connection.exec_driver_sql(SESSION[database.dialect]).scalar()
        for statement in statements:
            connection.execute(sa.text(statement))
        timer = threading.Timer(seconds, connection.rollback)
        timer.start()
        try:
            yield number
        finally:
            timer.cancel()
            timer.join()


class Queries:
    """One query, again and again, in a thread of its own; how long each has taken.

    Attributes:
        seconds: One number a query.
        errors: What came out of those that failed.
    """

    def __init__(self, database, statement):
        self.seconds = []
        self.errors = []
        self._statement = sa.text(statement)
        self._arguments = {"timeout": 60} if database.dialect == "sqlite" else {}
        self._url = database.url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _run(self):
        engine = sa.create_engine(self._url, pool_size=1, connect_args=self._arguments)
        while not self._over.wait(PAUSE):
            began = time.monotonic()
            try:
                with engine.begin() as connection:
                    connection.execute(self._statement)
            except sa.exc.DBAPIError as error:
                self.errors.append(error)
            self.seconds.append(time.monotonic() - began)
        engine.dispose()
