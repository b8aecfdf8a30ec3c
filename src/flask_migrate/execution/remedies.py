"""What to do about an error that a database is known for."""

import re
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from flask_migrate.execution.drivers import error_number, sqlstate

_RIGHTS = (
    "The user in the address has no right to do that: run the migrations as the owner of the "
    "tables, or GRANT it."
)
_READ_ONLY = (
    "Here the server writes nothing: a replica, or a user, a database or a transaction that is "
    "set to read only. Give the address of the one that writes."
)
_AUTOCOMMIT = (
    "Write it in a block of its own: with op.get_context().autocommit_block(): what comes before "
    "it is committed then."
)
_ABORTED = (
    "An earlier statement failed, and the revision caught the error: on PostgreSQL that ends the "
    "transaction for all but ROLLBACK. Run that statement in a part that can be undone: with "
    "op.get_bind().begin_nested(): op.execute(...)"
)
_IDLE = (
    "The user or the server has an idle_in_transaction_session_timeout, and the revision did "
    "something else between two statements for longer than that: raise it for this user."
)
_FULL = "Free some space where the database is."
_POSTGRESQL = {
    "42501": _RIGHTS,
    "25006": _READ_ONLY,
    "25001": _AUTOCOMMIT,
    "25P02": _ABORTED,
    "25P03": _IDLE,
    "53100": _FULL,
}
"""By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html."""

_MYSQL = {
    1044: _RIGHTS,
    1142: _RIGHTS,
    1143: _RIGHTS,
    1227: _RIGHTS,
    1021: _FULL,
    1114: _FULL,
    1290: _READ_ONLY,
    1792: _READ_ONLY,
    1836: _READ_ONLY,
}
"""By number, https://mariadb.com/kb/en/mariadb-error-code-reference/."""

_SQLITE = {
    8: "Check that the file, and the directory that it is in, can be written.",
    11: "The file is damaged: take the last backup of it.",
    13: "Free some space where the file is.",
    26: "Check the path in the address: the file is damaged, encrypted, or something else.",
}
"""By primary result code, https://www.sqlite.org/rescode.html."""

_ALTER = re.compile(
    r"\s*ALTER\s+TABLE\s+(?P<table>\S+)\s+(?:ALTER|MODIFY|CHANGE|ADD\s+CONSTRAINT|DROP\s+CONSTRAINT)\b",
    re.IGNORECASE,
)
_BATCH = (
    "SQLite changes a table so in a batch only: with op.batch_alter_table({table!r}) as batch_op: "
    "batch_op.alter_column(...)"
)


def remedy(error: BaseException) -> str | None:
    """Return what to do about an error of a database, or None if only its reader can know.

    Args:
        error: That of SQLAlchemy, or of the driver.
    """
    original = getattr(error, "orig", None) or error
    return next((found for find in _FINDERS if (found := find(original, error))), None)


def _on_postgresql(original: BaseException, _: BaseException) -> str | None:
    return _POSTGRESQL.get(sqlstate(original) or "")


def _on_sqlite(original: BaseException, error: BaseException) -> str | None:
    code = getattr(original, "sqlite_errorcode", None)
    if code is None:
        return None
    statement = error.statement if isinstance(error, DBAPIError) else None
    altered = _ALTER.match(statement or "")
    if altered and "syntax error" in str(original):
        return _BATCH.format(table=altered["table"].strip('"'))
    # The lower eight bits are the primary code.
    return _SQLITE.get(code & 0xFF)


def _on_mysql(original: BaseException, _: BaseException) -> str | None:
    return _MYSQL.get(error_number(original) or 0)


_FINDERS: tuple[Callable[[BaseException, BaseException], str | None], ...] = (
    _on_postgresql,
    _on_sqlite,
    _on_mysql,
)
