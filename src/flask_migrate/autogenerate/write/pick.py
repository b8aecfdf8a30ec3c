"""Which server it is."""

import sqlalchemy as sa

from flask_migrate.autogenerate.write.mysql.server import MySQL
from flask_migrate.autogenerate.write.mysql.tables import MySQLTable
from flask_migrate.autogenerate.write.postgresql import PostgreSQL
from flask_migrate.autogenerate.write.postgresql_tables import PostgreSQLTable
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.autogenerate.write.sqlite.server import SQLite
from flask_migrate.autogenerate.write.sqlite.tables import SqliteTable
from flask_migrate.autogenerate.write.tables import TableWriter

_SERVERS: dict[str, type[Server]] = {
    "postgresql": PostgreSQL,
    "mysql": MySQL,
    "mariadb": MySQL,
    "sqlite": SQLite,
}
_WRITERS: dict[str, type[TableWriter]] = {
    "postgresql": PostgreSQLTable,
    "mysql": MySQLTable,
    "mariadb": MySQLTable,
    "sqlite": SqliteTable,
}


def server_of(dialect: sa.Dialect) -> Server:
    """Return what is particular to a server."""
    return _SERVERS.get(dialect.name, Server)(dialect)


def writer_of(dialect: sa.Dialect) -> type[TableWriter]:
    """Return what writes the changes of a table of a server."""
    return _WRITERS.get(dialect.name, TableWriter)
