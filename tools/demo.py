"""Show the main job on SQLite, as a tour: python tools/demo.py [DIRECTORY].

The bookshop of demo/bookshop is copied to a playground, migrated, filled, changed, migrated again
and taken back, with the commands that a person would type. The playground stays.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
APPLICATION = ROOT / "demo" / "bookshop"
CHANGE = ROOT / "demo" / "change"
PLAYGROUND = ROOT / "demo" / "playground"
LIST = ".made-by-demo.json"
ROWS = 10_000


class TourFailed(Exception):
    """A command of the tour did not do what the tour says."""


class Tour:
    """Types commands in a directory, and shows them and what they say.

    Args:
        directory: Where.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._console = Console(highlight=False, soft_wrap=True)
        self._stops = 0

    def stop(self, title: str, text: str) -> None:
        """Begin the next part of the tour."""
        self._stops += 1
        self._console.print()
        self._console.rule(Text(f"{self._stops}. {title}", "bold"), align="left")
        self.say(text)

    def say(self, text: str) -> None:
        """Say something to the reader."""
        self._console.print(Text(text))

    def type(self, command: str) -> str:
        """Run a command as a person would, and return its last line.

        Raises:
            TourFailed: It failed.
        """
        self._show_command(command)
        program, *arguments = shlex.split(command)
        done = subprocess.run(
            [sys.executable, "-m", program, *arguments],
            cwd=self._directory,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self._show_output(done.stdout)
        if done.returncode:
            message = f"{command} ended with exit code {done.returncode}."
            raise TourFailed(message)
        return done.stdout.rstrip().rpartition("\n")[2]

    def show_file(self, path: Path) -> None:
        """Show a file of the playground."""
        self._show_command(f"cat {path.relative_to(self._directory)}")
        self._show_output(path.read_text(encoding="utf-8"))

    def change_file(self, name: str, changed: Path) -> None:
        """Replace a file of the playground, and show what is new."""
        path = self._directory / name
        before, after = (one.read_text(encoding="utf-8") for one in (path, changed))
        self._show_command(f"diff -u before/{name} {name}")
        lines = difflib.unified_diff(
            before.splitlines(), after.splitlines(), f"before/{name}", name, n=1, lineterm=""
        )
        self._show_output("\n".join(lines))
        path.write_text(after, encoding="utf-8")

    def newest_revision(self) -> Path:
        """Return the revision file that was written last."""
        files = self._directory.glob("migrations/versions/*.py")
        return max(files, key=lambda path: path.stat().st_mtime_ns)

    def _show_command(self, command: str) -> None:
        self._console.print(Text.assemble("\n", ("$ ", "dim"), (command, "bold cyan")))

    def _show_output(self, text: str) -> None:
        self._console.print(Text(text.rstrip("\n")))


def main(arguments: list[str]) -> int:
    """Show the tour in a playground.

    Args:
        arguments: The directory of the playground; none for demo/playground.

    Returns:
        The exit code.
    """
    directory = Path(arguments[0]).absolute() if arguments else PLAYGROUND
    started = time.perf_counter()
    tour = Tour(directory)
    tour.say("Godwit migrates a bookshop. Every line after a $ is run as you see it.")
    if kept := set_aside(directory):
        tour.say(f"What you did in {_short(directory)} is kept, in {_short(kept)}.")
    shutil.copytree(APPLICATION, directory, ignore=shutil.ignore_patterns("__pycache__"))
    try:
        show(tour)
    except TourFailed as error:
        print(f"The tour ends here: {error}", file=sys.stderr)
        return 1
    finally:
        note_files(directory)
    _say_goodbye(tour, directory, seconds=time.perf_counter() - started)
    return 0


def show(tour: Tour) -> None:
    """Show each stop of the tour.

    Raises:
        TourFailed: A command failed, or a row was lost.
    """
    tour.stop("Set up", "An application with two models, and no database yet.")
    tour.type("flask db init")
    tour.type("flask db migrate -m 'create authors and books'")
    tour.show_file(tour.newest_revision())
    tour.type("flask db upgrade")

    tour.stop("Open the shop", f"{ROWS:,} rows go in.")
    tour.type(f"flask fill {ROWS}")
    before = tour.type("flask count")

    tour.stop(
        "Change the models",
        "Books get a stock, an index and larger prices, authors a country; reviews are new.",
    )
    tour.change_file("models.py", CHANGE / "models.py")
    tour.type("flask db migrate -m 'add reviews and stock'")
    tour.show_file(tour.newest_revision())
    tour.say("Only books, whose prices change, is copied on SQLite; the rest is plain.")
    tour.type("flask db upgrade")
    _demand_equal(tour, before)

    tour.stop("Look around", "Where is the database, and does it equal the models?")
    tour.type("flask db history")
    tour.type("flask db current")
    tour.type("flask db check")

    tour.stop("Go back, and forth again", "Every migration has its way back.")
    tour.type("flask db downgrade")
    _demand_equal(tour, before)
    tour.type("flask db upgrade")
    _demand_equal(tour, before)


def set_aside(directory: Path) -> Path | None:
    """Make room for a playground: what the demo made goes, what a person did is kept.

    Args:
        directory: The playground.

    Returns:
        Where the old playground is now, or None if nobody has changed it.
    """
    if not directory.exists():
        return None
    if _is_untouched(directory):
        shutil.rmtree(directory)
        return None
    number = 1
    while (place := directory.with_name(f"{directory.name}-{number}")).exists():
        number += 1
    return directory.rename(place)


def note_files(directory: Path) -> None:
    """Write down what the demo made, to know it again."""
    made = json.dumps(_digests(directory), indent=2)
    (directory / LIST).write_text(made, encoding="utf-8")


def _is_untouched(directory: Path) -> bool:
    noted = directory / LIST
    if not noted.is_file():
        return not any(directory.iterdir())
    return bool(json.loads(noted.read_text(encoding="utf-8")) == _digests(directory))


def _digests(directory: Path) -> dict[str, str]:
    """Return what each file holds, by name; what Python compiled is nobody's work."""
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != LIST and "__pycache__" not in path.parts
    }


def _demand_equal(tour: Tour, before: str) -> None:
    after = tour.type("flask count")
    if after != before:
        message = f"rows were lost: {before} became {after}."
        raise TourFailed(message)
    tour.say("Nothing is lost.")


def _say_goodbye(tour: Tour, directory: Path, *, seconds: float) -> None:
    activate = Path(sys.prefix) / "bin" / "activate"
    place = _short(directory)
    tour.stop("Your turn", f"That took {seconds:.0f} seconds. The shop is yours, in {place}:")
    tour.say(
        f"""
    . {_short(activate)}
    cd {place}
    flask db history --verbose
    flask db current --verbose
    flask db downgrade base

Change models.py, then: flask db migrate -m 'what is new' and flask db upgrade.
The next make demo starts anew, and keeps what you changed in {place}-1."""
    )


def _short(path: Path) -> str:
    """Return a path as it is typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _environment() -> dict[str, str]:
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FLASK_") and name != "DATABASE_URL"
    }
    return {**own, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
