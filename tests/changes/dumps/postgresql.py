"""A PostgreSQL database as `pg_dump` says it is."""

import os
import re
import shutil
import subprocess
from functools import cache

import sqlalchemy as sa

from tests.servers.postgresql import debian_directories

_OPTIONS = ("--schema-only", "--no-owner", "--no-privileges")
_NOT_OURS = ("alembic_version", "flask_migrate_lease")
_ENTRY = re.compile(r"^--\n-- Name: .*; Type: .*\n--\n", re.MULTILINE)
# What the server calls a constraint that has no name, where the name is taken: it counts.
_COUNTED = re.compile(r'CONSTRAINT ("?)([^" ]+_(?:check|key|fkey|excl))(\d+)\1(?= )')
_NOISE = re.compile(r"^(?:--|SET |SELECT pg_catalog\.set_config|\\(?:un)?restrict)")


def dump(database, metadata):
    """Return what there is, one entry of `pg_dump` a line."""
    named = {
        str(one.name)
        for table in metadata.tables.values()
        for one in table.constraints
        if one.name is not None
    }

    def uncounted(found):
        quote, name, number = found.groups()
        return found[0] if name + number in named else f"CONSTRAINT {quote}{name}{quote}"

    entries = _ENTRY.split(_COUNTED.sub(uncounted, _pg_dump(database)))[1:]
    return sorted(filter(None, map(_canonical, entries)))


def _canonical(entry):
    lines = [line for line in entry.splitlines() if line and not _NOISE.match(line)]
    if lines and lines[0].startswith("CREATE TABLE"):
        # The order of columns cannot be changed, and no change of the models asks for it.
        lines = [lines[0], *sorted(line.strip().rstrip(",") for line in lines[1:])]
    return "\n".join(lines)


def _pg_dump(database):
    url = sa.make_url(database.url)
    address = {"HOST": url.host, "PORT": url.port, "USER": url.username, "PASSWORD": url.password}
    given = {f"PG{name}": str(value) for name, value in address.items() if value is not None}
    done = subprocess.run(
        [
            _program(),
            *_OPTIONS,
            *(f"--exclude-table=*.{name}" for name in _NOT_OURS),
            f"--dbname={url.database}",
        ],
        env={**os.environ, **given, "PGTZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"pg_dump failed: {done.stderr}")
    return done.stdout


@cache
def _program():
    """Return the newest `pg_dump`: one that is older than the server refuses to work."""
    for directory in debian_directories():
        if (directory / "pg_dump").is_file():
            return directory / "pg_dump"
    program = shutil.which("pg_dump")
    if program is None:
        raise AssertionError("These tests need pg_dump, of the package postgresql-client.")
    return program
