"""`make bench`: the page that it writes."""

from tools.bench.measuring import Measured
from tools.bench.page import Report, as_page
from tools.bench.scenarios import FLOOR, GODWIT, PEER, RAW, scenarios


def side(name, cpu):
    return Measured(side=name, cpu=cpu, wall=2 * cpu, memory=50, modules=9, files=8, queries=7)


def test_the_page_has_every_ratio():
    rows = [side(GODWIT, 1.5), side(PEER, 5), side(FLOOR, 1), side(RAW, 1.2)]
    report = Report(
        date="2026-11-22",
        machine="Linux",
        versions={GODWIT: {"Python": "3.11.7"}, PEER: {"Python": "3.11.8"}},
        rounds=5,
        results={"flask db check": rows},
    )

    page = as_page(report)

    assert "- Godwit: Python 3.11.7\n- Flask-Migrate: Python 3.11.8\n" in page
    assert "| Flask db check | 1.50 | 5.00 | 0.30 | 0.12 |" in page
    assert "| Godwit | 1.500 | 1.50 | 3.000 | 1.50 | 50 | 9 | 8 | 7 |" in page
    assert "| raw | 1.200 | 1.20 |" in page


def test_no_two_scenarios_have_one_name():
    names = [scenario.name for scenario in scenarios()]

    assert len(names) == len({*names})
