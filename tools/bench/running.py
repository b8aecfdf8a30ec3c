"""Run a program, and see what it takes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COUNT_QUERIES = """
import sqlalchemy as sa

queries = []


def counting(cursor):
    class Counting(cursor):
        def execute(self, query, *arguments, **options):
            queries.append(str(query))
            return super().execute(query, *arguments, **options)

    return Counting


@sa.event.listens_for(sa.Engine, "do_connect")
def count(dialect, record, arguments, options):
    if dialect.driver == "psycopg":
        options["cursor_factory"] = counting(dialect.loaded_dbapi.Cursor)
    elif dialect.driver == "pymysql":
        options["cursorclass"] = counting(dialect.loaded_dbapi.cursors.Cursor)


@sa.event.listens_for(sa.Engine, "connect")
def trace(driver, record):
    if hasattr(driver, "set_trace_callback"):
        driver.set_trace_callback(queries.append)
"""
"""Python that counts at the driver: ours are among them, which SQLAlchemy does not see.

What the driver itself sends to begin and to end a transaction is not.
"""

_COUNT = f"""
import atexit, sys

opened = []
sys.addaudithook(lambda event, given: opened.append(given[0]) if event == "open" else None)
{COUNT_QUERIES}

def tell():
    sys.stderr.write(f"\\ncounts {{len(sys.modules)}} {{len(opened)}} {{len(queries)}}\\n")


atexit.register(tell)
"""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One run.

    Attributes:
        cpu: Seconds of processor time of the process, its own and the system's.
        wall: Seconds from start to end.
        memory: MiB that it had at most.
    """

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What one run used, each a number.

    Attributes:
        modules: Modules that were loaded.
        files: Files that were opened.
        queries: Statements that the driver was given, or SQLite ran.
    """

    modules: int
    files: int
    queries: int


def run(command: Sequence[str], path: Path, **variables: str) -> str:
    """Run a command to its end and return what it said on standard error."""
    done = subprocess.run(
        command,
        cwd=path,
        env={**_environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stderr


def sample(command: Sequence[str], path: Path) -> Sample:
    """Run a command, and return what it took."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=path,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with exit code {process.returncode}.")
    # Linux counts in KiB.
    return Sample(cpu=usage.ru_utime + usage.ru_stime, wall=wall, memory=usage.ru_maxrss / 1024)


def counts(command: Sequence[str], path: Path) -> Counts:
    """Run a command, and return what it used."""
    place = path / "count"
    place.mkdir(exist_ok=True)
    (place / "sitecustomize.py").write_text(_COUNT)
    said = run(command, path, PYTHONPATH=str(place))
    line = next(line for line in said.splitlines() if line.startswith("counts "))
    modules, files, queries = map(int, line.split()[1:])
    return Counts(modules=modules, files=files, queries=queries)


def versions(python: str, names: Sequence[str]) -> dict[str, str]:
    """Return the versions of what an interpreter has; nothing for what it lacks."""
    code = f"""
import json, platform
from importlib.metadata import PackageNotFoundError, version
found = {{"Python": platform.python_version()}}
for name in {names!r}:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _environment() -> dict[str, str]:
    # As a user has it: what was compiled once stays compiled, and each side has its own packages.
    left_out = ("FLASK_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
