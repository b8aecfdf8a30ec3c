"""The command line of the package."""

import argparse
import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import tools.bench
from tools.bench.measuring import measure
from tools.bench.page import Report, as_page, as_table
from tools.bench.running import versions
from tools.bench.scenarios import GODWIT, PEER, scenarios

PAGE = Path(__file__).parent.parent.parent / "docs" / "benchmarks.md"
NUMBERS = PAGE.with_suffix(".json")
ROUNDS = 5
VERSIONS = ("flask-godwit", "Flask-Migrate", "alembic", "SQLAlchemy", "Flask")


def main(arguments: Sequence[str]) -> int:
    """Measure everything, print it, and write the page and its numbers."""
    given = _parsed(arguments)
    sides = {GODWIT: given.godwit, PEER: given.peer}
    report = Report(
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        machine=f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors",
        versions={name: versions(str(python), VERSIONS) for name, python in sides.items()},
        rounds=given.rounds,
    )
    for scenario in scenarios():
        if given.only not in scenario.name:
            continue
        rows = measure(
            scenario, godwit=str(given.godwit), peer=str(given.peer), rounds=given.rounds
        )
        report.results[scenario.name] = rows
        print(as_table(scenario.name, rows), end="\n\n", flush=True)
    if not given.only:
        PAGE.write_text(as_page(report), encoding="utf-8")
        NUMBERS.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    description = (tools.bench.__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=description)
    parser.add_argument(
        "--peer", type=_absolute, required=True, help="the Python that has Flask-Migrate"
    )
    parser.add_argument(
        "--godwit",
        type=_absolute,
        default=Path(sys.executable),
        help="the Python that has Godwit",
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each side")
    parser.add_argument(
        "--only", default="", help="what the name of a scenario has in it; writes no page"
    )
    return parser.parse_args(arguments)


def _absolute(path: str) -> Path:
    # Not resolved: what a link in an environment leads to does not know the environment.
    return Path(path).absolute()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
