"""What is written on SQLite runs on the other servers, too: there and back."""

import zlib

import pytest

from tests.changes.catalogue import load
from tests.changes.elsewhere import KINDS, run_elsewhere

SERVERS = ("postgresql", "mariadb")
CATALOGUE = load()
EVERY = [
    (change, dialect)
    for kind in KINDS
    for change in CATALOGUE[kind]
    for dialect in SERVERS
    if not (change.without or change.refused)
]


def is_for_every_day(change, dialect):
    """One change of sixteen, on one server."""
    number = zlib.crc32(change.name.encode())
    return number % 16 == 1 and dialect == SERVERS[number // 16 % 2]


CASES = [
    pytest.param(
        *case,
        id=f"{case[0].name}-{case[1]}",
        marks=() if is_for_every_day(*case) else pytest.mark.soak,
    )
    for case in EVERY
]


@pytest.mark.parametrize(("change", "dialect"), CASES)
def test_a_script_of_sqlite_runs_on_another_server(change, dialect, make_database, tmp_path):
    script, lost = run_elsewhere(change, dialect, make_database=make_database, directory=tmp_path)

    assert lost is None, script
