"""What MariaDB and MySQL say differently, and nobody else needs to know."""

import re
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, column, null, select, table
from sqlalchemy import literal as constant

from flask_migrate.database.snapshots.mysql.places import literal

_BITS_OR_BYTES = re.compile(r"b'[01]*'|0x[0-9A-Fa-f]+")


class Flavour(Protocol):
    """How one of the servers says it.

    Attributes:
        plain_action: What a foreign key does that was not told.
        is_hidden: Whether the optimizer may use an index.
        expression: That of an index.
        algorithm: That of a view.
        srs: The reference system of a column with places.
    """

    plain_action: str
    is_hidden: ColumnElement[Any]
    expression: ColumnElement[Any]
    algorithm: ColumnElement[Any]
    srs: ColumnElement[Any]

    def checks(self, database: str) -> Select[Any]:
        """Return the question for the CHECKs of a database."""
        ...

    def default(self, row: Row[Any]) -> str | None:
        """Return the default of a column as it stands after DEFAULT, or None."""
        ...

    def formula(self, told: str) -> str:
        """Return an expression as the server takes it."""
        ...


class MariaDB:
    """How MariaDB says it."""

    plain_action = "RESTRICT"
    is_hidden: ColumnElement[Any] = column("ignored") == "YES"
    expression: ColumnElement[Any] = null()
    algorithm: ColumnElement[Any] = column("algorithm")
    srs: ColumnElement[Any] = null()

    def checks(self, database: str) -> Select[Any]:
        """Return the question for the CHECKs of a database."""
        names = ("constraint_schema", "table_name", "constraint_name", "check_clause", "level")
        found = table("check_constraints", *map(column, names), schema="information_schema")
        return select(
            found.c.constraint_schema.label("table_schema"),
            found.c.table_name,
            found.c.constraint_name,
            found.c.check_clause,
            (found.c.level == "Column").label("is_of_column"),
            constant(1).label("is_enforced"),
        ).where(found.c.constraint_schema == database)

    def default(self, row: Row[Any]) -> str | None:
        """Return the default of a column as it stands after DEFAULT, or None.

        It is told as an expression, "NULL" for a column that may be NULL and has no default.
        """
        told: str | None = row.column_default
        return None if told == "NULL" else told

    def formula(self, told: str) -> str:
        """Return an expression as the server takes it."""
        return told


class MySQL:
    """How MySQL says it."""

    plain_action = "NO ACTION"
    is_hidden: ColumnElement[Any] = column("is_visible") == "NO"
    expression: ColumnElement[Any] = column("expression")
    algorithm: ColumnElement[Any] = constant("UNDEFINED")
    srs: ColumnElement[Any] = column("srs_id")

    def checks(self, database: str) -> Select[Any]:
        """Return the question for the CHECKs of a database.

        Which table has one, and whether it is enforced, another view tells.
        """
        names = ("constraint_schema", "constraint_name", "check_clause")
        found = table("check_constraints", *map(column, names), schema="information_schema")
        owners = ("constraint_schema", "constraint_name", "table_name", "constraint_type")
        owner = table(
            "table_constraints",
            *map(column, (*owners, "enforced")),
            schema="information_schema",
        )
        same = and_(
            owner.c.constraint_schema == found.c.constraint_schema,
            owner.c.constraint_name == found.c.constraint_name,
            owner.c.constraint_type == "CHECK",
        )
        return (
            select(
                found.c.constraint_schema.label("table_schema"),
                owner.c.table_name,
                found.c.constraint_name,
                found.c.check_clause,
                constant(0).label("is_of_column"),
                (owner.c.enforced == "YES").label("is_enforced"),
            )
            .join(owner, same)
            .where(found.c.constraint_schema == database)
        )

    def default(self, row: Row[Any]) -> str | None:
        """Return the default of a column as it stands after DEFAULT, or None.

        It is told as bare text; what is an expression is marked.
        """
        told: str | None = row.column_default
        if told is None or _BITS_OR_BYTES.fullmatch(told):
            return told
        if "DEFAULT_GENERATED" not in row.extra:
            return literal(told)
        is_time = told.upper().startswith("CURRENT_TIMESTAMP")
        return told if is_time else f"({self.formula(told)})"

    def formula(self, told: str) -> str:
        """Return an expression as the server takes it.

        Its quotes are told with a backslash.
        """
        return told.replace("\\'", "'")


def flavour_of(connection: Connection) -> Flavour:
    """Return how the server of a connection says it."""
    return MariaDB() if getattr(connection.dialect, "is_mariadb", False) else MySQL()
