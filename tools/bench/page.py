"""What was measured, as the page of the docs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.bench.measuring import Measured
from tools.bench.scenarios import FLOOR, GODWIT, PEER


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that was measured, as it goes to the page and to JSON.

    Attributes:
        date: On which day.
        machine: What it is.
        versions: Of what each side has, by the name of the side.
        rounds: How often each side ran.
        results: By the name of the scenario.
    """

    date: str
    machine: str
    versions: Mapping[str, Mapping[str, str]]
    rounds: int
    results: dict[str, list[Measured]] = field(default_factory=dict)


def as_page(report: Report) -> str:
    """Return everything that was measured as a page of Markdown."""
    versions = "\n".join(
        f"- {side}: {', '.join(f'{name} {version}' for name, version in installed.items())}"
        for side, installed in report.versions.items()
    )
    glance = "\n".join(_line(name, rows) for name, rows in report.results.items())
    tables = "\n\n".join(as_table(name, rows) for name, rows in report.results.items())
    return f"""# Benchmarks

Written by `make bench` on {report.date}: {report.machine}.

{versions}

Both sides and the floor, the same application without migrations that connects to its database,
ran in turns {report.rounds} times, fewer if it takes long; the numbers are medians. CPU is the
processor time of the process and of the system for it. A raw run does with bare statements what
the command does: the statements of the revisions, a few queries of the whole catalog, the one
`ALTER TABLE`. *Revisions alone* loads the files of the revisions, runs their operations and notes
each, with Alembic and in one transaction: no lock, no look at what another process does, nothing
that can be taken up where it stopped. Only the ratios mean something on another machine.

Flask-Migrate compares no CHECK. Godwit asks the server what it makes of each, the first time.

With many models Godwit may take less than the floor: a command of ours ends without the last search
for garbage, in which Python goes through all of them.

## At a glance

Processor time: of Godwit and of Flask-Migrate to the floor, of one to the other, and the same
without what the application itself takes.

| | Godwit to floor | Flask-Migrate to floor | Godwit to Flask-Migrate | less the floor |
| --- | ---: | ---: | ---: | ---: |
{glance}

{tables}
"""


def as_table(name: str, rows: Sequence[Measured]) -> str:
    """Return what was measured in one scenario."""
    floor = _side(rows, FLOOR)
    lines = [
        f"## {_title(name)}",
        "",
        "| | CPU, s | to floor | wall, s | to floor | MiB | modules | files opened | queries |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row.side} | {row.cpu:.3f} | {row.cpu / floor.cpu:.2f} "
        f"| {row.wall:.3f} | {row.wall / floor.wall:.2f} "
        f"| {row.memory:.0f} | {row.modules} | {row.files} | {row.queries} |"
        for row in rows
    ]
    return "\n".join(lines)


def _line(name: str, rows: Sequence[Measured]) -> str:
    ours, peer, floor = (_side(rows, side).cpu for side in (GODWIT, PEER, FLOOR))
    # What is a few milliseconds on either side is noise.
    beyond = f"{(ours - floor) / (peer - floor):.2f}" if peer > 2 * floor else ""
    return (
        f"| {_title(name)} | {ours / floor:.2f} | {peer / floor:.2f} | {ours / peer:.2f} "
        f"| {beyond} |"
    )


def _side(rows: Sequence[Measured], side: str) -> Measured:
    return next(row for row in rows if row.side == side)


def _title(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"
