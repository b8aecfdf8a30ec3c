"""Many pairs, in several processes: what those run has to be in a module that they can import."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.pairs.judging import Bench, failing_as_text, numbered_pair, smallest
from tests.support.databases import Servers

_AT_ONCE = 10


def judged(arguments, numbers):
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
