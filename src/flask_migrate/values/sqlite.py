"""What was found in a SQLite database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A row that refers to one that does not exist.

    Attributes:
        table: Where the row is.
        rowid: Its number, or None in a table without them.
        parent: The table that it refers to.
    """

    table: str
    rowid: int | None
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A table that Alembic's batch mode left behind when it was killed.

    Attributes:
        name: Its name, "_alembic_tmp_" and the one of the table that was to be changed.
        table: The table that was to be changed; None if the name was too long to tell.
        is_copy: That table exists and has every row of this one.
        rows: How many rows it has.
    """

    name: str
    table: str | None
    is_copy: bool
    rows: int
