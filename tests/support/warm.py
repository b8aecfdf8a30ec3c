"""A Python that is warm: it has loaded what every command loads, and forks for each of them.

Half of what a test of commands costs is the start of Python and the import of Flask, SQLAlchemy
and Alembic, which is the same each time.
"""

import atexit
import functools
import json
import os
import select
import signal
import subprocess
import threading
from pathlib import Path

PROCESS = Path(__file__).with_name("warm_process.py")
# Of others only: what we ourselves load, and when, is what is tested.
MODULES = (
    "flask.cli",
    "flask_sqlalchemy",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.mysql",
    "alembic.command",
    "alembic.autogenerate",
    "psycopg",
    "pymysql",
)
# What the interpreter asks for when it starts, and never again.
AT_THE_START = ("PYTHON", "LC_", "LANG", "LD_", "COVERAGE")


class Warm:
    """One interpreter that waits for commands, one at a time.

    Args:
        python: The interpreter.
    """

    def __init__(self, python):
        self._started_with = _at_the_start(os.environ)
        self._busy = threading.Lock()
        self._process = subprocess.Popen(
            [python, str(PROCESS), *MODULES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        atexit.register(self.close)

    def run(self, arguments, *, directory, variables, streams, seconds):
        """Run a command in a fork, and return its exit code.

        Args:
            arguments: Those of the interpreter, which begin with ``-c`` or ``-m``.
            directory: Where it runs.
            variables: All of its environment variables.
            streams: Two existing files for standard output and standard error.
            seconds: How long it may take.

        Returns:
            The exit code; None if this one cannot run it, because it runs another command, or
            Python itself would start differently with these variables.

        Raises:
            subprocess.TimeoutExpired: The command took longer; this interpreter has ended with it.
        """
        if _at_the_start(variables) != self._started_with:
            return None
        if not self._busy.acquire(blocking=False):
            return None
        try:
            request = {
                "arguments": arguments,
                "directory": str(directory),
                "variables": variables,
                "streams": [str(path) for path in streams],
            }
            self._process.stdin.write(f"{json.dumps(request)}\n")
            self._process.stdin.flush()
            if not select.select([self._process.stdout], [], [], seconds)[0]:
                self.close()
                raise subprocess.TimeoutExpired(arguments, seconds)
            return int(self._process.stdout.readline())
        finally:
            self._busy.release()

    def close(self):
        """End it, and the command that it runs."""
        warm.cache_clear()
        atexit.unregister(self.close)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


@functools.cache
def warm(python):
    """Return the one of an interpreter."""
    return Warm(python)


def _at_the_start(variables):
    return {name: value for name, value in variables.items() if name.startswith(AT_THE_START)}
