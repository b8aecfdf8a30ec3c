"""Many pairs without pytest: see `tests.pairs`."""

import argparse
import sys
from collections import Counter

from tests.pairs.many import judged
from tests.support.databases import DIALECTS


def main():
    """Judge pairs, print those that fail; return 1 if one does."""
    arguments = _arguments()
    numbers = range(arguments.first, arguments.first + arguments.count)
    totals = Counter()
    for number, kind, text in judged(arguments, numbers):
        totals[kind] += 1
        if kind != "passed" and (kind == "failed" or arguments.impossible):
            print(f"# ---- {arguments.dialect}, seed {arguments.seed}, pair {number}: {kind}")
            print(text, flush=True)
    print(f"{arguments.dialect}: " + ", ".join(f"{totals[one]} {one}" for one in _KINDS))
    return int(totals["failed"] > 0)


_KINDS = ("passed", "failed", "impossible")


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.pairs")
    parser.add_argument("--dialect", choices=DIALECTS, default="sqlite")
    parser.add_argument("--count", type=int, default=100, help="how many pairs")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seed", default="1", help="other pairs for another one")
    parser.add_argument("--tries", type=int, default=60, help="how many smaller ones are tried")
    parser.add_argument("--impossible", action="store_true", help="print those that cannot be")
    parser.add_argument("-j", dest="jobs", type=int, default=1, help="how many processes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
