"""A private PgBouncer, which gives a session for one transaction only."""

import os
import shutil
import signal
from pathlib import Path

import sqlalchemy as sa

from tests.servers.private import Server

# Debian keeps it where only root looks.
SYSTEM_DIRECTORIES = ("/usr/sbin", "/usr/local/sbin")
SETTINGS = {
    "listen_addr": "127.0.0.1",
    "unix_socket_dir": "",
    "auth_type": "any",
    "pool_mode": "transaction",
    "max_client_conn": "200",
    # A database of a test can be dropped only when nobody is connected any more.
    "server_idle_timeout": "5",
    "ignore_startup_parameters": "extra_float_digits",
}


class PgBouncer(Server):
    """In front of a PostgreSQL server, with all of its databases.

    Args:
        directory: For its configuration.
        behind: The URL of that server.
        pool_size: How many sessions its clients share.
    """

    variable = "GODWIT_TEST_PGBOUNCER"
    packages = ("pgbouncer",)
    account = "postgres"
    # Others would wait for its clients.
    stop_signal = signal.SIGKILL

    def __init__(self, directory, *, behind, pool_size=3):
        super().__init__(directory)
        self._behind = sa.make_url(behind)
        self._pool_size = pool_size

    @classmethod
    def programs(cls):
        path = os.pathsep.join([*os.get_exec_path(), *SYSTEM_DIRECTORIES])
        program = shutil.which("pgbouncer", path=path)
        return Path(program) if program else None

    def initialise(self):
        return None

    def serve(self, port):
        settings = {**SETTINGS, "listen_port": port, "default_pool_size": self._pool_size}
        lines = [f"{name} = {value}" for name, value in settings.items()]
        text = "\n".join(["[databases]", f"* = {self._server()}", "[pgbouncer]", *lines, ""])
        return [self.programs(), "-q", self.write("pgbouncer.ini", text)]

    def url(self, port):
        return self._behind.set(host="127.0.0.1", port=port)

    def _server(self):
        url = self._behind
        parts = {
            "host": url.host or url.query.get("host"),
            "port": url.port,
            "user": url.username,
            "password": url.password,
        }
        return " ".join(f"{name}={_quoted(part)}" for name, part in parts.items() if part)


def _quoted(value):
    return "'" + str(value).replace("'", "''") + "'"
