"""Measure Godwit side by side with Flask-Migrate: python tools/bench.py --peer PYTHON.

Give `--godwit` a Python that has nothing but Godwit: at its start, Flask reads a file of every
package that is installed, and an environment for development has many more than the peer's.

Every scenario runs the same program with both interpreters, in turns, so that whatever else the
machine does meets both. The floor is the same application without migrations. What counts is the
ratio; the seconds are those of this machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
ROUNDS = 5
VERSIONS = ("flask-godwit", "Flask-Migrate", "alembic", "SQLAlchemy", "Flask")

APPLICATION = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///{path}/bench.db"
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
"""
# As an application has them: keys, texts, numbers, times with a default, what refers to another.
TABLES = """

for number in range({tables}):
    type(f"Table{{number}}", (db.Model,), {{
        "__tablename__": f"table_{{number}}",
        "id": db.Column(db.Integer, primary_key=True),
        "name": db.Column(db.String(80), nullable=False, index=True),
        "code": db.Column(db.String(20), unique=True),
        "price": db.Column(db.Numeric(10, 2)),
        "is_open": db.Column(db.Boolean, nullable=False, default=False),
        "made": db.Column(db.DateTime, server_default=db.func.now()),
        "body": db.Column(db.Text),
        "other_id": db.Column(db.ForeignKey(f"table_{{max(number - 1, 0)}}.id")),
    }})
"""
MIGRATE = "\nfrom flask_migrate import Migrate\n\nMigrate(app, db)\n"
FLOOR_COMMAND = '''

@app.cli.command("floor")
def floor():
    """Do what a command cannot do without: connect."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
'''
REVISION = '''
"""step {number}

Revision ID: {name}
Revises: {parent}
"""
from alembic import op
import sqlalchemy as sa

revision = {name!r}
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "t{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("t{number}")
'''
# What a program loaded, on standard error, when it ends.
COUNT = """
import atexit, sys

opened = []
sys.addaudithook(lambda event, given: opened.append(given[0]) if event == "open" else None)
atexit.register(lambda: sys.stderr.write(f"\\ncounts {len(sys.modules)} {len(opened)}\\n"))
"""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of those that are compared: "Godwit", "Flask-Migrate" or "floor"."""

    name: str
    python: str


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One run.

    Attributes:
        cpu: Seconds of processor time of the process, its own and the system's.
        wall: Seconds from start to end.
        memory: MiB that it had at most.
    """

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One side in one scenario: medians, and counts where they are known.

    Attributes:
        side: Its name.
        cpu: Seconds.
        wall: Seconds.
        memory: MiB.
        modules: Modules that were loaded.
        files: Files that were opened.
    """

    side: str
    cpu: float
    wall: float
    memory: float
    modules: int
    files: int


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Something to measure.

    Attributes:
        name: What is done, for a person.
        prepare: Makes the directory in which it is done, with the interpreter of a side.
        arguments: What is given to Python, by the name of the side.
        reset: Makes the directory what it was before a run.
    """

    name: str
    prepare: Callable[[Path, Side], None]
    arguments: dict[str, Sequence[str]]
    reset: Callable[[Path], None] = lambda _: None


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that was measured, as it goes to the page and to JSON."""

    date: str
    machine: str
    versions: dict[str, dict[str, str]]
    rounds: int
    results: dict[str, list[Measured]] = field(default_factory=dict)


def scenarios() -> Iterator[Scenario]:
    """Yield everything that is measured. More are added here."""
    yield Scenario(
        name="import and start of an application",
        prepare=_prepare_application,
        arguments={
            "Godwit": ["-c", "import app"],
            "Flask-Migrate": ["-c", "import app"],
            "floor": ["-c", "import bare"],
        },
    )
    for revisions, commands in HISTORIES.items():
        for command in commands:
            yield _on_history(command, revisions)
    for revisions in (100, 1000):
        yield _upgrade(revisions)
    for tables in (10, 100, 1000):
        yield _check(tables)


HISTORIES = {
    10: ("current", "upgrade"),
    100: ("--help", "heads", "history", "show", "current"),
    5000: ("heads", "history", "current", "upgrade"),
}


def _on_history(command: str, revisions: int) -> Scenario:
    """Return a command on a database that has all revisions."""

    def prepare(path: Path, side: Side) -> None:
        _prepare_application(path, side)
        _prepare_history(path, side, revisions)
        if side.name != "floor":
            _run([side.python, "-m", "flask", "--app", "app", "db", "stamp"], path)

    nothing = ", nothing to do" if command == "upgrade" else ""
    return Scenario(
        name=f"flask db {command}, {revisions:,} revisions{nothing}",
        prepare=prepare,
        arguments=_commands(command),
    )


def _upgrade(revisions: int) -> Scenario:
    """Return an upgrade of an empty SQLite database."""

    def prepare(path: Path, side: Side) -> None:
        _prepare_application(path, side)
        _prepare_history(path, side, revisions)

    return Scenario(
        name=f"flask db upgrade, {revisions:,} revisions on an empty SQLite database",
        prepare=prepare,
        arguments=_commands("upgrade"),
        reset=lambda path: (path / "bench.db").unlink(missing_ok=True),
    )


def _check(tables: int) -> Scenario:
    """Return a comparison of models and a SQLite database that are the same."""

    def prepare(path: Path, side: Side) -> None:
        _prepare_application(path, side, tables=tables)
        if side.name != "floor":
            _prepare_history(path, side, 0)
        create = "from bare import app, db; app.app_context().push(); db.create_all()"
        _run([side.python, "-c", create], path)

    return Scenario(
        name=f"flask db check, {tables:,} tables on SQLite, no change",
        prepare=prepare,
        arguments=_commands("check"),
    )


def _commands(command: str) -> dict[str, Sequence[str]]:
    run = ["-m", "flask", "--app", "app", "db", command]
    floor = ["-m", "flask", "--app", "bare", "floor"]
    return {"Godwit": run, "Flask-Migrate": run, "floor": floor}


def _prepare_application(path: Path, _side: Side, *, tables: int = 0) -> None:
    source = APPLICATION.format(path=path) + TABLES.format(tables=tables)
    (path / "bare.py").write_text(source + FLOOR_COMMAND)
    (path / "app.py").write_text(source + MIGRATE)
    (path / "count").mkdir()
    (path / "count" / "sitecustomize.py").write_text(COUNT)


def _prepare_history(path: Path, side: Side, revisions: int) -> None:
    if side.name == "floor":
        return
    _run([side.python, "-m", "flask", "--app", "app", "db", "init"], path)
    parent = None
    for number in range(revisions):
        name = f"{number:012x}"
        source = textwrap.dedent(REVISION).lstrip()
        file = path / "migrations" / "versions" / f"{name}_step.py"
        file.write_text(source.format(number=number, name=name, parent=parent))
        parent = name


def _run(command: Sequence[str], path: Path, **variables: str) -> str:
    """Run a command to its end and return what it said on standard error."""
    done = subprocess.run(
        command,
        cwd=path,
        env={**_environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stderr


def _environment() -> dict[str, str]:
    # As a user has it: what was compiled once stays compiled.
    left_out = ("FLASK_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def _sample(command: Sequence[str], path: Path) -> Sample:
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=path,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with exit code {process.returncode}.")
    # Linux counts in KiB.
    return Sample(cpu=usage.ru_utime + usage.ru_stime, wall=wall, memory=usage.ru_maxrss / 1024)


def _counts(command: Sequence[str], path: Path) -> tuple[int, int]:
    """Return how many modules a command loads and how many files it opens."""
    said = _run(command, path, PYTHONPATH=str(path / "count"))
    line = next(line for line in said.splitlines() if line.startswith("counts "))
    _, modules, files = line.split()
    return int(modules), int(files)


def measure(scenario: Scenario, sides: Sequence[Side], *, rounds: int) -> list[Measured]:
    """Run a scenario on every side, in turns, and return the medians."""
    samples: dict[str, list[Sample]] = {side.name: [] for side in sides}
    counts = {}
    with tempfile.TemporaryDirectory(prefix="godwit-bench-") as place:
        for side in sides:
            (Path(place) / side.name).mkdir()
            scenario.prepare(Path(place) / side.name, side)
            # This run also fills the bytecode caches.
            counts[side.name] = _counts(_command(scenario, side), Path(place) / side.name)
        for _ in range(rounds):
            for side in sides:
                scenario.reset(Path(place) / side.name)
                sample = _sample(_command(scenario, side), Path(place) / side.name)
                samples[side.name].append(sample)
    return [_measured(name, taken, counts[name]) for name, taken in samples.items()]


def _command(scenario: Scenario, side: Side) -> list[str]:
    return [side.python, *scenario.arguments[side.name]]


def _measured(name: str, samples: Sequence[Sample], counts: tuple[int, int]) -> Measured:
    return Measured(
        side=name,
        cpu=statistics.median(sample.cpu for sample in samples),
        wall=statistics.median(sample.wall for sample in samples),
        memory=statistics.median(sample.memory for sample in samples),
        modules=counts[0],
        files=counts[1],
    )


def as_page(report: Report) -> str:
    """Return everything that was measured as a page of Markdown."""
    versions = "\n".join(
        f"- {side}: {', '.join(f'{name} {version}' for name, version in installed.items())}"
        for side, installed in report.versions.items()
    )
    tables = "\n\n".join(_table(name, rows) for name, rows in report.results.items())
    return f"""# Benchmarks

Written by `make bench` on {report.date}: {report.machine}.

{versions}

Both sides and the floor, the same application without migrations, ran in turns {report.rounds}
times; the numbers are medians. CPU is the processor time of the process and of the system for it.
Only the ratios mean something on another machine.

{tables}
"""


def _table(name: str, rows: Sequence[Measured]) -> str:
    floor = next(row for row in rows if row.side == "floor")
    lines = [
        f"## {name[0].upper()}{name[1:]}",
        "",
        "| | CPU, s | to floor | wall, s | to floor | MiB | modules | files opened |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row.side} | {row.cpu:.3f} | {row.cpu / floor.cpu:.2f} "
        f"| {row.wall:.3f} | {row.wall / floor.wall:.2f} "
        f"| {row.memory:.0f} | {row.modules} | {row.files} |"
        for row in rows
    ]
    return "\n".join(lines)


def _versions(side: Side) -> dict[str, str]:
    """Return the versions of what an interpreter has; nothing for what it lacks."""
    code = f"""
import json, platform
from importlib.metadata import PackageNotFoundError, version
found = {{"Python": platform.python_version()}}
for name in {VERSIONS!r}:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""
    done = subprocess.run([side.python, "-c", code], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def main(arguments: Sequence[str]) -> int:
    """Measure everything, print it, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--peer", type=Path, required=True, help="the Python that has Flask-Migrate"
    )
    parser.add_argument(
        "--godwit", type=Path, default=Path(sys.executable), help="the Python that has Godwit"
    )
    parser.add_argument("--json", type=Path, help="a file for the numbers")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each side")
    given = parser.parse_args(arguments)
    godwit = Side(name="Godwit", python=str(given.godwit.absolute()))
    peer = Side(name="Flask-Migrate", python=str(given.peer.absolute()))
    sides = (godwit, peer, Side(name="floor", python=godwit.python))
    report = Report(
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        machine=f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors",
        versions={side.name: _versions(side) for side in (godwit, peer)},
        rounds=given.rounds,
    )
    for scenario in scenarios():
        report.results[scenario.name] = measure(scenario, sides, rounds=given.rounds)
        print(_table(scenario.name, report.results[scenario.name]), end="\n\n", flush=True)
    PAGE.write_text(as_page(report), encoding="utf-8")
    if given.json:
        given.json.write_text(json.dumps(asdict(report), indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
