"""Describe models without asking a server."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Dialect, Table
from sqlalchemy.exc import SQLAlchemyError

from flask_migrate._sqlalchemy import writes_tables_itself
from flask_migrate.database.descriptions.describing import Describing
from flask_migrate.database.descriptions.uncertain import Uncertain
from flask_migrate.values import schema
from flask_migrate.values.schema import EnumType, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Models in the words of a server.

    Attributes:
        tables: Those of which it is certain what the server makes of them.
        enums_of: The types with lists of values that some of those have.
    """

    tables: Mapping[Name, schema.Table]
    enums_of: Mapping[Name, Sequence[EnumType]]


def describe(tables: Iterable[Table], dialect: Dialect) -> Described:
    """Return what a server will make of models, as far as that is certain without asking it.

    Args:
        tables: The models.
        dialect: The server, of a connection that has been used.
    """
    if writes_tables_itself():
        return Described(tables={}, enums_of={})
    server = _server_of(dialect)
    certain = list(_certain(tables, server))
    return Described(
        tables={one.name: one for one in certain},
        enums_of={one.name: enums for one in certain if (enums := _enums(one, server))},
    )


def _server_of(dialect: Dialect) -> Describing:
    match dialect.name:
        case "postgresql":
            from flask_migrate.database.descriptions.postgresql import PostgreSQL  # noqa: PLC0415

            return PostgreSQL(dialect)
        case "sqlite":
            from flask_migrate.database.descriptions.sqlite import SQLite  # noqa: PLC0415

            return SQLite(dialect)
    from flask_migrate.database.descriptions.mysql import MariaDB  # noqa: PLC0415

    return MariaDB(dialect)


def _enums(table: schema.Table, server: Describing) -> list[EnumType]:
    types = {column.type for column in table.columns} & server.enums.keys()
    return [server.enums[type_] for type_ in sorted(types)]


def _certain(tables: Iterable[Table], server: Describing) -> Iterator[schema.Table]:
    for table in tables:
        try:
            yield server.table(table)
        except (Uncertain, SQLAlchemyError):
            continue
