"""Runs changes without pytest, in several processes."""

import multiprocessing
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.changes.catalogue import load
from tests.changes.harness import Judge
from tests.changes.marks import Result
from tests.support.databases import DIALECTS, Servers


def run(*, dialects=DIALECTS, only="", processes=1):
    """Yield the result of every change on every database, in no order.

    Args:
        dialects: The databases.
        only: What is in the name or the kind of a change.
        processes: How many run at the same time.
    """
    cases = [
        (kind, number, dialect)
        for kind, changes in load().items()
        for number, change in enumerate(changes)
        if only in change.name or only in kind
        for dialect in dialects
    ]
    parts = [cases[start::processes] for start in range(processes)]
    # Not forked: a process must not share the connections of another.
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        queue = manager.Queue()
        workers = [
            context.Process(target=_run_all, args=(part, f"changes{number}", queue))
            for number, part in enumerate(parts)
        ]
        for worker in workers:
            worker.start()
        for _ in cases:
            yield queue.get()
        for worker in workers:
            worker.join()


def _run_all(cases, name, queue):
    catalogue = load()
    servers = Servers(worker=name)
    for kind, number, dialect in cases:
        change = catalogue[kind][number]
        try:
            queue.put(_run_one(servers, change, dialect, kind))
        except Exception as error:  # noqa: BLE001 - the others are to run
            failed = {"declared": f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"}
            queue.put(Result(change=change.name, kind=kind, dialect=dialect, failed=failed))
    servers.close()


def _run_one(servers, change, dialect, kind):
    with tempfile.TemporaryDirectory() as directory, _databases(servers, directory) as make:
        return Judge(make, directory, is_thorough=True).judge(change, dialect, kind=kind)


@contextmanager
def _databases(servers, directory):
    """Yield a function that makes databases, which are dropped afterwards."""
    made = []
    try:
        yield (
            lambda dialect: (
                made.append(servers.create(dialect, directory=Path(directory))) or made[-1]
            )
        )
    finally:
        for database in made:
            servers.drop(database)
