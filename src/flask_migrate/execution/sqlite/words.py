"""What a statement means for the transaction that it runs in, as far as its first words tell.

The driver looks no further either: it begins a transaction before what changes rows, and before
nothing else, see https://docs.python.org/3/library/sqlite3.html#transaction-control. Pure.
"""

import re
import sqlite3
from collections.abc import Iterator

_BLANK = r"(?:\s|;|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*"
_FIRST = re.compile(rf"{_BLANK}(\w*)", re.DOTALL)
_CHANGES_ROWS = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})
_READS = frozenset({"SELECT", "VALUES", "EXPLAIN", "PRAGMA"})
_READS_OR_CHANGES = "WITH"
_CHANGE = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_ENDS = {"COMMIT": "COMMIT", "END": "COMMIT", "ROLLBACK": "ROLLBACK", "BEGIN": "BEGIN"}
_BACK_TO = re.compile(rf"{_BLANK}ROLLBACK\s+(?:TRANSACTION\s+)?TO\b", re.DOTALL | re.IGNORECASE)
_KEYS_OFF = re.compile(
    rf"{_BLANK}PRAGMA\s+(?:\w+\.)?foreign_keys\s*[=(]\s*['\"]?(?:0|off|false|no)\b",
    re.DOTALL | re.IGNORECASE,
)
_SAVEPOINT = re.compile(
    rf"{_BLANK}(SAVEPOINT|RELEASE(?:\s+SAVEPOINT)?)\s+([^\s;]+)", re.DOTALL | re.IGNORECASE
)


def changes_rows(statement: str) -> bool:
    """Return whether the driver begins a transaction before a statement.

    >>> changes_rows("/* new */ insert into t values (1)")
    True
    >>> changes_rows("CREATE TABLE t (a INT)")
    False
    """
    return _first(statement) in _CHANGES_ROWS


def only_reads(statement: str) -> bool:
    r"""Return whether a statement leaves the tables as they are.

    >>> only_reads("-- all\n SELECT 1"), only_reads("CREATE TABLE t (a INT)")
    (True, False)
    >>> only_reads("WITH n AS (SELECT 1) SELECT * FROM n")
    True
    >>> only_reads("WITH n AS (SELECT 1) INSERT INTO t SELECT * FROM n")
    False
    """
    first = _first(statement)
    return first in _READS or (first == _READS_OR_CHANGES and not _CHANGE.search(statement))


def transaction_control(statement: str) -> str | None:
    """Return "BEGIN", "COMMIT" or "ROLLBACK" if that is what a statement does, else None.

    >>> transaction_control("begin immediate"), transaction_control("END TRANSACTION")
    ('BEGIN', 'COMMIT')
    >>> transaction_control("ROLLBACK TO one") is None
    True
    """
    return None if _BACK_TO.match(statement) else _ENDS.get(_first(statement))


def turns_foreign_keys_off(statement: str) -> bool:
    """Return whether a statement wants foreign keys not to be enforced any more.

    >>> turns_foreign_keys_off("PRAGMA foreign_keys=OFF")
    True
    >>> turns_foreign_keys_off("PRAGMA foreign_keys = 1")
    False
    """
    return _KEYS_OFF.match(statement) is not None


def savepoint_begun(statement: str) -> str | None:
    """Return the name of the savepoint that a statement makes.

    >>> savepoint_begun("SAVEPOINT sa_savepoint_1")
    'sa_savepoint_1'
    """
    return _savepoint(statement, "SAVEPOINT")


def savepoint_released(statement: str) -> str | None:
    """Return the name of the savepoint that a statement releases.

    >>> savepoint_released("RELEASE SAVEPOINT sa_savepoint_1")
    'sa_savepoint_1'
    """
    return _savepoint(statement, "RELEASE")


def statements_of(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one.

    >>> list(statements_of("INSERT INTO t VALUES ('a;b'); DELETE FROM u"))
    ["INSERT INTO t VALUES ('a;b');", ' DELETE FROM u']
    """
    statement = ""
    for part in script.splitlines(keepends=True):
        for piece in re.split(r"(?<=;)", part):
            statement += piece
            if sqlite3.complete_statement(statement):
                yield statement
                statement = ""
    if statement.strip():
        yield statement


def _savepoint(statement: str, verb: str) -> str | None:
    match = _SAVEPOINT.match(statement)
    return match[2] if match and match[1].upper().startswith(verb) else None


def _first(statement: str) -> str:
    match = _FIRST.match(statement)
    return match[1].upper() if match else ""
