"""What a revision on SQLite puts in its own way, and what to do about it."""

from collections.abc import Sequence

from sqlalchemy import Connection

from flask_migrate.errors import ForeignKeyBroken, RebuildRefused, SessionOpen
from flask_migrate.execution.sqlite.file import File
from flask_migrate.execution.sqlite.foreign_keys import ForeignKeysOn, foreign_key_violations
from flask_migrate.values.sqlite import Violation

_SHOWN = 5  # rows that a message names


def refuse_broken(connection: Connection, *, before: Sequence[Violation]) -> None:
    """Refuse to keep rows that refer to none, if they did refer to one before.

    Args:
        connection: Where the revision has run, with foreign keys off.
        before: The rows that referred to none already.

    Raises:
        ForeignKeyBroken: There are more of them.
    """
    known = set(before)
    new = [one for one in foreign_key_violations(connection) if one not in known]
    if new:
        rows = ", ".join(f"{one.table} row {one.rowid} to {one.parent}" for one in new[:_SHOWN])
        more = f" and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
        raise ForeignKeyBroken(
            f"It would leave rows that refer to none: {rows}{more}.",
            hint="A table that others refer to is rebuilt with foreign keys off, so nothing "
            "is deleted or set to NULL by itself: delete or change these rows in the "
            "revision, or do what deletes and what rebuilds in two revisions.",
        )


def rebuild_refused(signal: ForeignKeysOn) -> RebuildRefused:
    """Return what says that foreign keys cannot be turned off for a rebuild.

    Args:
        signal: Which table was to be rebuilt, in the transaction of another.
    """
    assert signal.table is not None  # noqa: S101  (nobody else asks where it cannot be had)
    return RebuildRefused(
        signal.table,
        "foreign keys are on, and cannot be turned off in a transaction in which something was "
        "done before",
        hint="Let upgrade() begin the transaction, or run PRAGMA foreign_keys = OFF on the "
        "connection before it begins.",
    )


def own_obstacle(file: File, error: BaseException) -> SessionOpen | None:
    """Return what says that the revision stood in its own way, if that is what an error means.

    Args:
        file: The database.
        error: What came out of the revision.
    """
    if file.was_in_own_way(error):
        return SessionOpen(
            "It uses a connection of its own that waited in vain for the database, which the "
            "migration writes.",
            hint="Use op.get_bind(), db.session or an engine, and in the thread of the revision: "
            "they take part in the migration. sqlite3.connect() and other threads do not.",
        )
    if file.was_reading(error):
        return SessionOpen(
            "A table is to be changed while the revision has not yet read all rows of a query.",
            hint="Read them before: .all()",
        )
    return None
