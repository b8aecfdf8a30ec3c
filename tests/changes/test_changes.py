"""Every change of the catalogue, on every database."""

import zlib

import pytest

from tests.changes.catalogue import load
from tests.changes.harness import Judge
from tests.changes.known import KNOWN, is_known
from tests.support.databases import DIALECTS

CATALOGUE = load()
EVERY = [
    (kind, change, dialect)
    for kind, changes in CATALOGUE.items()
    for change in changes
    for dialect in DIALECTS
]


def is_for_every_day(change, dialect):
    """One change of sixteen, on one database that has such a thing; `make soak` has all."""
    number = zlib.crc32(change.name.encode())
    has = [one for one in DIALECTS if one not in change.without] or DIALECTS
    return number % 16 == 0 and dialect == has[number // 16 % len(has)]


CASES = [
    pytest.param(
        *case,
        id=f"{case[1].name}-{case[2]}",
        marks=() if is_for_every_day(*case[1:]) else pytest.mark.soak,
    )
    for case in EVERY
]


@pytest.mark.parametrize(("kind", "change", "dialect"), CASES)
def test_a_change_gets_its_marks(kind, change, dialect, make_database, tmp_path):
    result = Judge(make_database, tmp_path).judge(change, dialect, kind=kind)

    assert is_known(change.name, dialect, result.marks), _told(result)
    assert result.rules == (), result.script


def _told(result):
    reasons = [f"{mark}: {reason}" for mark, reason in result.failed.items()]
    return "\n".join([*reasons, result.script])


def test_every_name_is_there_once():
    names = [change.name for changes in CATALOGUE.values() for change in changes]

    assert len(set(names)) == len(names)


def test_what_is_known_to_fail_is_in_the_catalogue():
    assert set(KNOWN) <= {(change.name, dialect) for _, change, dialect in EVERY}
