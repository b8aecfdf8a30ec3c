"""Which server it is."""

import sqlalchemy as sa

from flask_migrate.autogenerate.write.postgresql import PostgreSQL
from flask_migrate.autogenerate.write.servers import Server

_SERVERS: dict[str, type[Server]] = {"postgresql": PostgreSQL}


def server_of(dialect: sa.Dialect) -> Server:
    """Return what is particular to a server."""
    return _SERVERS.get(dialect.name, Server)(dialect)
