"""A private PostgreSQL."""

import os
import signal
from pathlib import Path

from tests.servers.private import USER, Server

# Fast, because nothing has to survive; predictable, because nothing runs on its own.
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    # Two-phase commit over several databases.
    "max_prepared_transactions": "16",
    "max_locks_per_transaction": "256",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
    "wal_level": "minimal",
}


class PostgreSQL(Server):
    variable = "GODWIT_TEST_POSTGRESQL"
    packages = ("postgresql",)
    account = "postgres"
    driver = "postgresql+psycopg"
    database = "postgres"
    stop_signal = signal.SIGQUIT

    @classmethod
    def programs(cls):
        return find_programs([*map(Path, os.get_exec_path()), *debian_directories()])

    def initialise(self):
        password = self.write("password", self.password)
        return [
            self.programs() / "initdb",
            "--no-sync",
            f"--pgdata={self.directory / 'data'}",
            f"--username={USER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
        ]

    def serve(self, port):
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        data = self.directory / "data"
        return [self.programs() / "postgres", "-D", data, "-p", str(port), *settings]


def find_programs(directories):
    """Return the first of the directories that holds the server's programs, or None."""
    for directory in directories:
        if all((directory / name).is_file() for name in ("initdb", "postgres")):
            return directory
    return None


def debian_directories(root=Path("/usr/lib/postgresql")):
    """Return where Debian puts the versions of the server, newest first."""
    versions = [path for path in root.glob("*") if path.name.isdecimal()]
    return [path / "bin" for path in sorted(versions, key=lambda path: -int(path.name))]
