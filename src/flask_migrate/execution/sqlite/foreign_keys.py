"""Foreign keys that SQLite enforces while a table is away."""

from sqlalchemy import Connection

from flask_migrate.database.sqlite.tokens import quote
from flask_migrate.values.sqlite import Violation


class ForeignKeysOn(Exception):
    """Something is to be done with foreign keys off while they are enforced.

    To rebuild a table that others refer to would delete the rows of its children, and so may
    what a revision does after ``PRAGMA foreign_keys = OFF``. Within a transaction nothing can
    be done about it. Whoever began the transaction ends it, turns foreign keys off, and tries
    again. Nothing was changed.

    Attributes:
        table: The table that is to be rebuilt; None if the revision itself asks for it.
    """

    def __init__(self, table: str | None = None) -> None:
        reason = f"the table {table!r} cannot be rebuilt with foreign keys on"
        super().__init__(reason if table else "it turns them off")
        self.table = table


def foreign_key_violations(
    connection: Connection, *, table: str | None = None, schema: str | None = None
) -> tuple[Violation, ...]:
    """Return every row that refers to one that does not exist.

    Args:
        connection: A connection to SQLite; foreign keys may be on or off.
        table: The table whose rows to look at; None for all.
        schema: Where the table is; None for everywhere.
    """
    where = f"{quote(schema)}." if schema else ""
    which = f"({quote(table)})" if table else ""
    rows = connection.exec_driver_sql(f"PRAGMA {where}foreign_key_check{which}")
    return tuple(
        Violation(table=child, rowid=rowid, parent=parent) for child, rowid, parent, _ in rows
    )
