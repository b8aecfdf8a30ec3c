"""Start a private server, and stop it."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager

import sqlalchemy as sa

from tests.servers.directory import private_directory

START_SECONDS = 60
STOP_SECONDS = 10
PORTS = 3  # how many to try: another process may take one between our look and our use
USER = "godwit"


class ServerFailed(Exception):
    """A private server cannot be made or does not answer."""


class Server(ABC):
    """A kind of database server. The name of the class is the name of the server.

    Attributes:
        variable: The environment variable with its URL.
        packages: What Debian calls it.
        account: Who runs it if root may not.
        driver: SQLAlchemy's name of dialect and driver.
        database: The database to connect to while there is no other; None if none is needed.
        stop_signal: Ends it at once. What it leaves on disk is of no interest.
    """

    variable: str
    packages: tuple[str, ...]
    account: str
    driver: str
    database: str | None
    stop_signal: signal.Signals

    def __init__(self, directory):
        self.directory = directory
        self.password = secrets.token_hex(16)

    @classmethod
    @abstractmethod
    def programs(cls):
        """Return what to start it from, or None if it is not installed."""

    @abstractmethod
    def initialise(self):
        """Return the command that makes the data directory, or None. May write files for it."""

    @abstractmethod
    def serve(self, port):
        """Return the command that runs the server in the foreground."""

    def url(self, port):
        return sa.URL.create(
            self.driver, USER, self.password, host="127.0.0.1", port=port, database=self.database
        )

    def write(self, name, text):
        """Write a file that only this user and the server can read; return its path."""
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        owner = self.directory.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
        return path


@contextmanager
def private_server(kind, **given):
    """Run a private server and give its URL. What else is given goes to its class."""
    name = kind.__name__
    account = server_account(kind.account)
    with private_directory(account) as directory:
        server = kind(directory, **given)
        log = directory / "log"
        start = _starter(directory, account, log)
        command = server.initialise()
        if command is not None and start(command).wait() != 0:
            message = f"{name}: the data directory cannot be made.\n{_end_of(log)}"
            raise ServerFailed(message)
        with _answering(server, start, log) as port:
            print(f"{name}: a private server on port {port}.", file=sys.stderr, flush=True)
            yield server.url(port).render_as_string(hide_password=False)


def server_account(name):
    """Return whom a server runs as when we are root, which servers refuse; else None."""
    if os.geteuid() != 0:
        return None
    for candidate in (name, "nobody"):
        try:
            return pwd.getpwnam(candidate)
        except KeyError:
            continue
    message = f"This machine has neither a user {name!r} nor 'nobody', and a server refuses root."
    raise ServerFailed(message)


def _starter(directory, account, log):
    """Return a function that starts a command as the account, with its output in the log."""
    identity = {}
    if account:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}
    # Not ours: PGPORT and its like would lead the server to somebody else's.
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    # A MariaDB that starts removes every temporary table it finds in /tmp, in use or not.
    environment["TMPDIR"] = str(directory)

    def start(command, *, at_our_death=None):
        # Should we be killed, the kernel ends the server, where the kernel is Linux.
        if at_our_death and shutil.which("setpriv"):
            signal_name = at_our_death.name.removeprefix("SIG")
            command = ["setpriv", f"--pdeathsig={signal_name}", *command]
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C is for the tests; the server goes when they have gone.
                start_new_session=True,
                **identity,
            )

    return start


@contextmanager
def _answering(server, start, log):
    """Run the server on a free port until the block ends; give the port."""
    for _ in range(PORTS):
        port = free_port()
        process = start(server.serve(port), at_our_death=server.stop_signal)
        try:
            if _answers(process, server.url(port)):
                yield port
                return
        finally:
            _stop(process, server.stop_signal)
    message = f"{type(server).__name__} does not start. The end of its log:\n{_end_of(log)}"
    raise ServerFailed(message)


def free_port():
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _answers(process, url):
    """Wait until the server answers; return whether it does."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process, stop_signal):
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_of(log, *, lines=40):
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
