"""A private MariaDB."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.servers.private import USER, Server

# Fast, because nothing has to survive.
SETTINGS = {
    "character-set-server": "utf8mb4",
    "innodb-buffer-pool-size": "128M",
    "innodb-doublewrite": "0",
    "innodb-fast-shutdown": "2",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-flush-method": "nosync",
    "bind-address": "127.0.0.1",
    "max-connections": "300",
    "sync-frm": "0",
    "default-time-zone": "+00:00",
}
# Debian keeps servers where only root looks.
SYSTEM_DIRECTORIES = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin")


class MariaDB(Server):
    variable = "GODWIT_TEST_MARIADB"
    # The programs alone: `mariadb-server` would set up a service, too.
    packages = ("mariadb-server-core", "mariadb-client-core")
    account = "mysql"
    driver = "mysql+pymysql"
    database = None
    stop_signal = signal.SIGKILL

    @classmethod
    def programs(cls):
        return find_programs([*os.get_exec_path(), *SYSTEM_DIRECTORIES])

    def initialise(self):
        server, installer = self.programs()
        return [
            installer,
            "--no-defaults",
            f"--basedir={_base(server)}",
            f"--datadir={self.directory / 'data'}",
            "--auth-root-authentication-method=socket",
            "--skip-name-resolve",
            "--skip-test-db",
        ]

    def serve(self, port):
        server, _ = self.programs()
        user = f"'{USER}'@'127.0.0.1'"
        init = self.write(
            "init.sql",
            f"CREATE OR REPLACE USER {user} IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO {user} WITH GRANT OPTION;\n",
        )
        return [
            server,
            "--no-defaults",
            f"--basedir={_base(server)}",
            f"--datadir={self.directory / 'data'}",
            # In the data directory, and so short: the path of a socket may have 107 bytes.
            "--socket=socket",
            f"--port={port}",
            f"--init-file={init}",
            "--skip-log-bin",
            "--skip-name-resolve",
            *(f"--{name}={value}" for name, value in SETTINGS.items()),
        ]


def find_programs(directories):
    """Return the server and the program that makes its data directory; None if either misses."""
    path = os.pathsep.join(map(str, directories))
    server = shutil.which("mariadbd", path=path) or shutil.which("mysqld", path=path)
    installer = shutil.which("mariadb-install-db", path=path) or shutil.which(
        "mysql_install_db", path=path
    )
    if server and installer and _is_mariadb(server):
        return Path(server), Path(installer)
    return None


def _is_mariadb(server):
    version = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)
    return "MariaDB" in version.stdout


def _base(server):
    return server.resolve().parent.parent
