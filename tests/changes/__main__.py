"""The judge without pytest: see `tests.changes`."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.changes.known import is_known
from tests.changes.page import page
from tests.changes.running import run
from tests.changes.totals import known_as_text, totals
from tests.support.databases import DIALECTS


def main():
    """Run changes, or read what an earlier run has reported, and write what is asked for."""
    arguments = _arguments()
    results = _results(arguments)
    if arguments.report:
        arguments.report.write_text(json.dumps(results, indent=1, default=str), "utf-8")
    if arguments.known:
        arguments.known.write_text(known_as_text(results), "utf-8")
    if arguments.page:
        arguments.page.write_text(page(results), "utf-8")
    print(totals(results))
    return int(any(_is_news(one) for one in results))


def _results(arguments):
    if arguments.reported:
        return json.loads(arguments.reported.read_text("utf-8"))
    found = map(asdict, _shown(arguments))
    return sorted(found, key=lambda one: (one["kind"], one["change"], one["dialect"]))


def _shown(arguments):
    dialects = arguments.dialect or DIALECTS
    for result in run(dialects=dialects, only=arguments.only, processes=arguments.jobs):
        for mark, reason in result.failed.items():
            print(f"{result.dialect}: {result.change}: {mark}: {reason[:200]}", flush=True)
        if arguments.scripts and result.script:
            print(result.script)
        yield result


def _is_news(one):
    return not is_known(one["change"], one["dialect"], " ".join(one["failed"]))


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.changes")
    parser.add_argument("--report", type=Path, help="write every result here, as JSON")
    parser.add_argument("--from", dest="reported", type=Path, help="read a report, and run nothing")
    parser.add_argument("--page", type=Path, help="write the page of the docs")
    parser.add_argument("--known", type=Path, help="write what fails here, as known.txt")
    parser.add_argument("--dialect", action="append", choices=DIALECTS)
    parser.add_argument("--only", default="", help="what is in the name or the kind of a change")
    parser.add_argument("--scripts", action="store_true", help="print each revision file")
    parser.add_argument("-j", dest="jobs", type=int, default=1, help="how many processes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
