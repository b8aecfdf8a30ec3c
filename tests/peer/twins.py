"""One application twice, side by side: with Godwit, and with the peer."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from tests.support.databases import Database
from tests.support.project import Project

DRIVER = Path(__file__).parent / "driver.py"

Step = Sequence[str] | dict[str, str]


class NoPeer(Exception):
    """The tests that compare need Flask-Migrate in an environment of its own."""

    def __init__(self) -> None:
        super().__init__(
            "This test needs Flask-Migrate in an environment of its own. `make test` makes one (a "
            "part of the tests: make test ARGS='tests/peer -n 0'). Or set GODWIT_TEST_PEER to the "
            "Python of an environment made from requirements/peer.txt."
        )


class Driver:
    """An interpreter that stays, and runs commands in any directory."""

    def __init__(self, python: str) -> None:
        self.python = python
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
        # Alembic deletes and updates rows of its table in the order of a set of names.
        self._process = subprocess.Popen(
            [python, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**kept, "PYTHONHASHSEED": "0"},
            text=True,
        )

    def close(self) -> None:
        """Let the interpreter end."""
        self._process.communicate()

    def run(self, project: Project, steps: Sequence[Step]) -> list[dict]:
        """Run the steps in the directory of a project, and return what the driver says of each."""
        answer = project.path.parent / "answer.json"
        request = {
            "directory": str(project.path),
            "variables": project.environment,
            "steps": list(steps),
            "answer": str(answer),
        }
        self._process.stdin.write(f"{json.dumps(request)}\n")
        self._process.stdin.flush()
        while (line := self._process.stdout.readline()) != "answered\n":
            assert line, f"{self.python} ended; what it said is on standard error."
        return json.loads(answer.read_text("utf-8"))


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two: an application on disk, and its databases.

    Attributes:
        project: The application.
        databases: Its databases, the default one first.
        driver: The interpreter that runs its commands.
    """

    project: Project
    databases: Sequence[Database]
    driver: Driver

    def drive(self, steps: Sequence[Step]) -> list[dict]:
        """Run the steps, and return what the driver says of each."""
        return self.driver.run(self.project, steps)

    def settled(self, text: str) -> str:
        """Return a text without what cannot be the same: places, names, the order of sets."""
        for number, database in enumerate(self.databases):
            text = text.replace(database.name, f"<database {number}>")
        text = text.replace(str(self.project.path), "<project>")
        text = text.replace(str(self.project.path.parent), "<directory>")
        return "\n".join(_settled_lines(text.splitlines()))


class Twins:
    """The same steps on both sides.

    Args:
        ours: With Godwit.
        peer: With Flask-Migrate.
    """

    def __init__(self, ours: Side, peer: Side) -> None:
        self.ours = ours
        self.peer = peer
        self.sides = (ours, peer)

    def write(self, name: str, text: str) -> None:
        """Write a file on both sides."""
        for side in self.sides:
            side.project.write(name, text)

    def models(self, *definitions: str) -> None:
        """Write `app.py` on both sides."""
        for side in self.sides:
            side.project.models(*definitions)

    def run(self, *steps: Step) -> None:
        """Run the steps on both sides; every command must succeed."""
        for side in self.sides:
            for said in side.drive(steps):
                assert said is None or said["exit_code"] == 0, said

    def agree(self, *steps: Step) -> str:
        """Run the steps on both sides and demand the same of every command.

        That is what it printed, its exit code, and what every database has afterwards.

        Returns:
            All of it as text.
        """
        ours, peer = (transcript(side, steps) for side in self.sides)
        difference = unified_diff(peer.splitlines(), ours.splitlines(), "peer", "ours", lineterm="")
        assert ours == peer, "\n".join(difference)
        return ours


def transcript(side: Side, steps: Sequence[Step]) -> str:
    """Return as text what every command printed, how it ended, and what each database has."""
    lines = []
    for step, said in zip(steps, side.drive(steps), strict=True):
        if said is None:
            continue
        # The peer has printed the first statements already when it finds out that it cannot.
        is_half = "--sql" in step and said["exit_code"] != 0
        lines += [f"$ flask db {' '.join(step)}", side.settled("" if is_half else said["stdout"])]
        lines += [f"exit code {said['exit_code']}"]
        for key, database in said["databases"].items():
            lines += [f"{key or 'default'} is at {database['versions']}"]
            tables = database["tables"]
            if not database["versions"]:
                # The peer makes the table as soon as `history -i` looks into it; we only look.
                tables.pop("alembic_version", None)
            lines += [f"  {name}: {table}" for name, table in tables.items()]
    return "\n".join(lines)


def _settled_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines; where the peer shows a set, in any order, those of ours are by name."""
    children: list[str] = []
    for line in map(_settled_names, lines):
        if re.match(r" +-> ", line):
            children.append(line)
            continue
        yield from sorted(children)
        children.clear()
        yield line
    yield from sorted(children)


def _settled_names(line: str) -> str:
    """Return a line with its labels, or the names of what it branches into, by name."""
    listed = re.compile(r"(?<=^Branches into: ).+|(?<=^Branch names: ).+|(?<=\()[\w, ]+(?=\))")
    return listed.sub(lambda names: ", ".join(sorted(names.group().split(", "))), line)
