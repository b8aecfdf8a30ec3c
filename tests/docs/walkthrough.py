"""Runs a page of the documentation: its files are written, its commands run, in order.

A code block with a caption is a file. A `console` block has commands after ``$``, and what they
say below, if that is of interest: lines that begin with INFO only if the page has one there, and
``...`` stands for anything. The page calls the directory PLACE. An identifier of twelve
hexadecimal digits stands for the one that was really made. A comment ``<!-- project: NAME -->``
begins anew in an empty directory.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PLACE = "/home/ada/shop"

_BLOCK = re.compile(
    r"^(?P<fence>```+)(?:\{code-block\} )?(?P<language>[\w-]*)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_PROJECT = re.compile(r"^<!-- project: (?P<project>[\w-]+) -->$", re.MULTILINE)
_CAPTION = re.compile(r"\A(?P<options>(?::[\w-]+:.*\n)+)\n?")
_IDENTIFIER = re.compile(r"(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])")


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that the page shows."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that the page shows, and what it says there."""

    line: str
    said: str


class Walkthrough:
    """Does what a page tells, in a directory.

    Args:
        directory: Where.
    """

    def __init__(self, directory):
        self._root = directory
        self._directory = directory
        self._identifiers = {}

    def follow(self, page):
        """Do everything that a page tells; return how many commands were run."""
        commands = 0
        for step in steps_of(page):
            if isinstance(step, File):
                path = self._directory / step.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step.text, encoding="utf-8")
            elif isinstance(step, Command):
                self._run(step)
                commands += 1
            else:
                self._directory = self._root / step
                self._directory.mkdir()
        return commands

    def _run(self, command):
        line = self._really(command.line)
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self._directory,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        self._compare(command, done.stdout)

    def _compare(self, command, said):
        expected = self._really(command.said).strip()
        if not expected:
            assert "Error" not in said, f"$ {command.line}\n{said}"
            return
        new = dict.fromkeys(
            found for found in _IDENTIFIER.findall(expected) if found not in self._known
        )
        # What Alembic logs is shown only where the page is about it.
        kept = [line for line in said.splitlines() if line[:5] != "INFO " or "INFO " in expected]
        pattern = re.escape(expected).replace(re.escape("..."), ".*")
        for number, identifier in enumerate(new):
            pattern = pattern.replace(identifier, f"(?P<id{number}>[0-9a-f]{{12}})", 1)
            pattern = pattern.replace(identifier, f"(?P=id{number})")
        match = re.fullmatch(pattern, "\n".join(kept).strip(), re.DOTALL)
        assert match, f"$ {command.line}\nThe page says:\n{expected}\n\nIt says:\n{said}"
        for number, identifier in enumerate(new):
            self._identifiers[identifier] = match.group(f"id{number}")

    @property
    def _known(self):
        return set(self._identifiers.values())

    def _really(self, text):
        for shown, real in self._identifiers.items():
            text = text.replace(shown, real)
        return text.replace(PLACE, str(self._directory))

    def _environment(self):
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("FLASK_") and name != "DATABASE_URL"
        }
        programs = Path(sys.executable).parent
        return {**own, "PATH": f"{programs}{os.pathsep}{own['PATH']}", "PYTHONUNBUFFERED": "1"}


def steps_of(page):
    """Yield the files, the commands and the names of new projects of a page, in order."""
    found = [*_BLOCK.finditer(page), *_PROJECT.finditer(page)]
    for match in sorted(found, key=re.Match.start):
        if "project" in match.groupdict():
            yield match["project"]
        elif match["language"] == "console":
            yield from _commands(match["body"])
        elif caption := _caption(match["body"]):
            yield File(name=caption, text=_CAPTION.sub("", match["body"]))


def _commands(body):
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, _, said = part.partition("\n")
        yield Command(line=line, said=said)


def _caption(body):
    options = _CAPTION.match(body)
    caption = options and re.search(r"^:caption: (.+)$", options["options"], re.MULTILINE)
    return caption.group(1) if caption else None
