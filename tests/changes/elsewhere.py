"""Runs a script that was written on SQLite on another server, there and back."""

from pathlib import Path

from tests.changes.application import BASE, Application, directory_with_history, new_directory
from tests.changes.harness import create_all, engines, metadata_of
from tests.changes.rows import insert_rows, lost, read_rows

KINDS = (
    "CHECK and EXCLUDE constraints",
    "Columns",
    "Foreign keys",
    "Indexes",
    "Names that go from one table to another",
    "New columns that are NOT NULL",
    "Primary keys",
    "Tables",
    "Unique constraints",
)
"""The kinds of changes that every database has, said in the same words."""


def run_elsewhere(change, dialect, *, make_database, directory):
    """Write a revision on SQLite, and run it on another server that has rows.

    Args:
        change: The change.
        dialect: The other server.
        make_database: Makes an empty database of a dialect.
        directory: Where migrations directories are made.

    Returns:
        The script, and how the rows are not as they were: None if they are.

    Raises:
        MigrateError: The script does not run.
    """
    here, there = make_database("sqlite"), make_database(dialect)
    empty = new_directory(Path(directory) / "empty", here)
    models = {
        (which, one): metadata_of(getattr(change, which), one)
        for which in ("before", "after")
        for one in ("sqlite", dialect)
    }
    path = directory_with_history(empty, Path(directory) / "migrations", models["before", dialect])
    with engines() as connect:
        create_all(connect, here, models["before", "sqlite"])
        create_all(connect, there, models["before", dialect])
        with connect(there) as connection:
            insert_rows(connection, models["before", dialect], change.rows)
            rows = read_rows(connection, models["before", dialect])
        application = Application(here, models["after", "sqlite"], path, **change.options)
        script = _migrate(application, change.asked)
        with Application(there, models["after", dialect], path, **change.options).running() as run:
            run.stamp(revision=BASE)
            run.upgrade()
            with connect(there) as connection:
                now = read_rows(connection, models["after", dialect])
            if dialect in change.one_way:
                return script, lost(rows, now, becomes=change.becomes)
            run.downgrade(revision=BASE)
    return script, lost(rows, now, becomes=change.becomes)


def _migrate(application, asked):
    with application.running() as verbs:
        verbs.stamp(revision=BASE)
        report = verbs.migrate(rev_id="after", **asked)
    return Path(report.revisions[0].path).read_text(encoding="utf-8")
