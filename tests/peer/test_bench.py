"""`make bench`: what it counts on both sides."""

import sys

import pytest

from tools.bench.measuring import measure
from tools.bench.scenarios import FLOOR, GODWIT, PEER, RAW, scenarios


@pytest.mark.parametrize(
    "name",
    [
        "import and start of an application",
        "flask db heads, 100 revisions",
        "flask db check, 10 tables on SQLite, no change",
        "flask db check, 10 tables on PostgreSQL, no change",
        "flask db upgrade, 100 revisions on an empty MariaDB database",
    ],
)
def test_both_sides_do_the_same_work(name, peer_python):
    scenario = next(one for one in scenarios() if one.name == name)

    rows = measure(scenario, godwit=sys.executable, peer=peer_python, rounds=1)

    by_side = {row.side: row for row in rows}
    assert {*by_side} == {*scenario.arguments}
    assert all(row.cpu > 0 and row.memory > 0 and row.modules > 100 for row in rows)
    floor = by_side[FLOOR]
    assert by_side[PEER].modules > floor.modules
    if "check" in name or "upgrade" in name:
        assert all(by_side[one].queries > floor.queries for one in (GODWIT, PEER, RAW))
