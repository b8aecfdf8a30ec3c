"""Run scenarios on every side, in turns."""

import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools.bench.databases import database
from tools.bench.running import Counts, Sample, counts, sample
from tools.bench.scenarios import GODWIT, PEER, Installation, Scenario

_FEW = 3


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One side in one scenario: medians, and counts.

    Attributes:
        side: Its name.
        cpu: Seconds of processor time.
        wall: Seconds from start to end.
        memory: MiB at most.
        modules: Modules that were loaded.
        files: Files that were opened.
        queries: Statements that the database was given.
    """

    side: str
    cpu: float
    wall: float
    memory: float
    modules: int
    files: int
    queries: int


def measure(scenario: Scenario, *, godwit: str, peer: str, rounds: int) -> list[Measured]:
    """Return what a scenario takes on every side.

    Args:
        scenario: What is measured.
        godwit: The interpreter that has Godwit.
        peer: The one that has Flask-Migrate.
        rounds: How often each side runs; what takes long runs a few times at most.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in scenario.arguments}
    counted: dict[str, Counts] = {}
    with tempfile.TemporaryDirectory(prefix="godwit-bench-") as place, ExitStack() as stack:
        ours, theirs = (
            _installed(scenario, Path(place) / name, name, python, stack)
            for name, python in ((GODWIT, godwit), (PEER, peer))
        )
        there = {name: theirs if name == PEER else ours for name in scenario.arguments}
        commands = {
            name: [there[name].python, *arguments] for name, arguments in scenario.arguments.items()
        }
        for name, command in commands.items():
            # This run also fills the bytecode caches.
            scenario.reset(there[name])
            counted[name] = counts(command, there[name].path)
        for _ in range(min(rounds, _FEW) if scenario.is_long else rounds):
            for name, command in commands.items():
                scenario.reset(there[name])
                samples[name].append(sample(command, there[name].path))
    return [_measured(name, taken, counted[name]) for name, taken in samples.items()]


def _installed(
    scenario: Scenario, path: Path, name: str, python: str, stack: ExitStack
) -> Installation:
    path.mkdir()
    made = stack.enter_context(database(scenario.kind, path, name.lower().replace("-", "_")))
    installation = Installation(path=path, python=python, database=made)
    scenario.prepare(installation)
    return installation


def _measured(name: str, samples: list[Sample], used: Counts) -> Measured:
    return Measured(
        side=name,
        cpu=statistics.median(one.cpu for one in samples),
        wall=statistics.median(one.wall for one in samples),
        memory=statistics.median(one.memory for one in samples),
        modules=used.modules,
        files=used.files,
        queries=used.queries,
    )
