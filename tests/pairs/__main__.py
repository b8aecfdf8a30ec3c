"""Many pairs without pytest: see `tests.pairs`."""

import argparse
import multiprocessing
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.pairs.judging import Bench, failing_as_text, numbered_pair, smallest
from tests.support.databases import DIALECTS, Servers


def main():
    """Judge pairs, print those that fail; return 1 if one does."""
    arguments = _arguments()
    numbers = range(arguments.first, arguments.first + arguments.count)
    totals = Counter()
    for number, kind, text in _judged(arguments, numbers):
        totals[kind] += 1
        if kind != "passed" and (kind == "failed" or arguments.impossible):
            print(f"# ---- {arguments.dialect}, seed {arguments.seed}, pair {number}: {kind}")
            print(text, flush=True)
    print(f"{arguments.dialect}: " + ", ".join(f"{totals[one]} {one}" for one in _KINDS))
    return int(totals["failed"] > 0)


_KINDS = ("passed", "failed", "impossible")
_AT_ONCE = 10


def _judged(arguments, numbers):
    """Yield the number of each pair, what became of it, and what there is to say, in no order."""
    # Not forked: a process must not share the connections of another.
    context = multiprocessing.get_context("spawn")
    parts = [numbers[start :: arguments.jobs] for start in range(arguments.jobs)]
    if arguments.jobs == 1:
        yield from _judge_all(arguments, numbers, "pairs")
        return
    with ProcessPoolExecutor(arguments.jobs, mp_context=context) as pool:
        waiting = [
            pool.submit(_judge_part, arguments, part[at : at + _AT_ONCE], f"pairs{one}x{at}")
            for one, part in enumerate(parts)
            for at in range(0, len(part), _AT_ONCE)
        ]
        for done in as_completed(waiting):
            yield from done.result()


def _judge_part(arguments, numbers, name):
    return list(_judge_all(arguments, numbers, name))


def _judge_all(arguments, numbers, name):
    servers = Servers(worker=name)
    with Bench(servers) as bench:
        for number in numbers:
            try:
                yield (number, *_judge(arguments, number, bench))
            except Exception as error:  # noqa: BLE001 - the others are to be judged
                yield number, "failed", f"# {type(error).__name__}: {error}"
    servers.close()


def _judge(arguments, number, bench):
    verdict = bench.judge(numbered_pair(arguments.seed, number, arguments.dialect))
    if verdict.impossible:
        return "impossible", f"# {verdict.impossible}\n{verdict.pair!r}"
    if not verdict.failed:
        return "passed", ""
    return "failed", failing_as_text(smallest(verdict, bench.judge, tries=arguments.tries))


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
