"""Which server it is. What is particular to the others is not loaded."""

import sqlalchemy as sa

from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.tables import TableWriter


def server_of(dialect: sa.Dialect) -> Server:
    """Return what is particular to a server."""
    return _kinds_of(dialect)[0](dialect)


def writer_of(dialect: sa.Dialect) -> type[TableWriter]:
    """Return what writes the changes of a table of a server."""
    return _kinds_of(dialect)[1]


def _kinds_of(dialect: sa.Dialect) -> tuple[type[Server], type[TableWriter]]:
    match dialect.name:
        case "postgresql":
            from flask_migrate.autogenerate.write.postgresql import PostgreSQL  # noqa: PLC0415
            from flask_migrate.autogenerate.write.postgresql_tables import (  # noqa: PLC0415
                PostgreSQLTable,
            )

            return PostgreSQL, PostgreSQLTable
        case "mysql" | "mariadb":
            from flask_migrate.autogenerate.write.mysql.server import MySQL  # noqa: PLC0415
            from flask_migrate.autogenerate.write.mysql.tables import MySQLTable  # noqa: PLC0415

            return MySQL, MySQLTable
        case "sqlite":
            from flask_migrate.autogenerate.write.sqlite.server import SQLite  # noqa: PLC0415
            from flask_migrate.autogenerate.write.sqlite.tables import SqliteTable  # noqa: PLC0415

            return SQLite, SqliteTable
    return Server, TableWriter
