"""The command line of the package."""

import os
import sys
from contextlib import ExitStack

import tests.servers
from tests.servers.command import run, stop_on_signals
from tests.servers.mariadb import MariaDB
from tests.servers.pgbouncer import PgBouncer
from tests.servers.postgresql import PostgreSQL
from tests.servers.private import ServerFailed, private_server
from tools.debian import CannotInstall, install

KINDS = (PostgreSQL, MariaDB, PgBouncer)


def main(arguments):
    """Run the command that the arguments name; return its exit code, or 2 without servers."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        _say(tests.servers.__doc__)
        return 2
    stop_on_signals()
    try:
        with ExitStack() as stack:
            return run(command, environment={**os.environ, **_urls(stack)})
    except (CannotInstall, ServerFailed) as error:
        _say(error)
        return 2


def _urls(stack):
    """Return the URL of every server by its variable; the stack stops those we start."""
    urls = {kind.variable: os.environ[kind.variable] for kind in KINDS if _is_given(kind)}
    missing = [kind for kind in KINDS if kind.variable not in urls]
    _install(kind for kind in missing if kind.programs() is None)
    for kind in missing:
        behind = {"behind": urls[PostgreSQL.variable]} if kind is PgBouncer else {}
        urls[kind.variable] = stack.enter_context(private_server(kind, **behind))
    return urls


def _is_given(kind):
    return bool(os.environ.get(kind.variable))


def _install(kinds):
    kinds = tuple(kinds)
    if not kinds:
        return
    try:
        install(*(package for kind in kinds for package in kind.packages))
    except CannotInstall as error:
        names = " and ".join(kind.__name__ for kind in kinds)
        variables = " and ".join(kind.variable for kind in kinds)
        message = (
            f"The tests need {names}, which this machine does not have. {error}\n"
            f"Or set {variables} to the URL of a server that the tests may use."
        )
        raise CannotInstall(message) from error


def _say(message):
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
