"""What is written on SQLite runs on the other servers, too: there and back."""

import zlib

import pytest

from flask_migrate.errors import MigrateError
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


_NEEDED = "MariaDB keeps an index that a foreign key needs, and the script does not know of it."
_IN_COLUMN = "MariaDB has this CHECK in the definition of its column, where no call finds it."
_NUMBERED = "What numbers the rows that are there is said in another way on each server."
_CONVERTED = "PostgreSQL wants to be told how a text becomes a number."
_USED = "MariaDB changes no type while a foreign key is there, and SQLite does."
_ENUM = "PostgreSQL wants the type to be made before the column."
_TRUTH = "The type brings its CHECK along where it is not SQLite, or needs none."
_EARLY = "SQLite makes a table before the column that it refers to, and no other server does."
NOT_YET = {
    "a table goes along with the column that it refers to": dict.fromkeys(SERVERS, _EARLY),
    "one of two CHECKs without a name is dropped": {"mariadb": "Which one is meant?"},
    "a CHECK of a column is dropped": {"mariadb": _IN_COLUMN},
    "a CHECK of a column changes": {"mariadb": _IN_COLUMN},
    "a foreign key is of another column": {"mariadb": _NEEDED},
    "the order of the columns of a foreign key changes": {"mariadb": _NEEDED},
    "a column that a foreign key is about changes its type with its target": {"mariadb": _USED},
    "a column gets a type that refers nowhere any more": {"postgresql": _CONVERTED},
    "an index that a foreign key uses becomes longer": {"mariadb": _NEEDED},
    "an index that a foreign key uses is dropped": {"mariadb": _NEEDED},
    "an index that a foreign key can use is added": {"mariadb": _NEEDED},
    "a required column is added with a member of an enum as server default": {"postgresql": _ENUM},
    "a required column is added with a member of an enum as default in Python": {
        "postgresql": _ENUM
    },
    "a required column is added with a truth that has a CHECK as default in Python": dict.fromkeys(
        SERVERS, _TRUTH
    ),
    "a surrogate key is added to a table with rows": dict.fromkeys(SERVERS, _NUMBERED),
    "a surrogate key is dropped": dict.fromkeys(SERVERS, _NUMBERED),
    "a surrogate key takes the place of a natural one": dict.fromkeys(SERVERS, _NUMBERED),
    "a natural key takes the place of a surrogate one": dict.fromkeys(SERVERS, _NUMBERED),
    "a key of text becomes a number": {"postgresql": _CONVERTED},
    "the key of a table that another refers to becomes longer": {"mariadb": _USED},
}
"""What does not run elsewhere, and why. It can only shrink: what runs must not stand here."""


def marks_of(change, dialect):
    """Yield what pytest is to know of a case."""
    if not is_for_every_day(change, dialect):
        yield pytest.mark.soak
    reason = NOT_YET.get(change.name, {}).get(dialect)
    if reason is not None:
        yield pytest.mark.xfail(raises=MigrateError, strict=True, reason=reason)


CASES = [
    pytest.param(*case, id=f"{case[0].name}-{case[1]}", marks=tuple(marks_of(*case)))
    for case in EVERY
]


@pytest.mark.parametrize(("change", "dialect"), CASES)
def test_a_script_of_sqlite_runs_on_another_server(change, dialect, make_database, tmp_path):
    script, lost = run_elsewhere(change, dialect, make_database=make_database, directory=tmp_path)

    assert lost is None, script
