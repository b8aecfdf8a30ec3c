"""Every page of the documentation does what it says."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from flask_migrate import errors
from flask_migrate.cli import db
from flask_migrate.settings import Settings
from tests.docs.walkthrough import Command, File, Walkthrough, steps_of

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["getting-started", "env-py", "running-safely", "settings", "views"]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_does_what_it_says(name, tmp_path):
    assert Walkthrough(tmp_path).follow((DOCS / f"{name}.md").read_text("utf-8"))


def test_a_page_is_read_as_it_is_meant():
    page = """
<!-- project: shop -->
```{code-block} python
:caption: app.py
:emphasize-lines: 1

app = 1
```

```console
$ flask db current
067b8fafba0a (head)
$ flask db heads
```

```sh
pip install flask-godwit
```
"""
    assert list(steps_of(page)) == [
        "shop",
        File(name="app.py", text="app = 1\n"),
        Command(line="flask db current", said="067b8fafba0a (head)\n"),
        Command(line="flask db heads", said=""),
    ]


def test_a_page_that_is_wrong_is_noticed(tmp_path):
    with pytest.raises(AssertionError, match="The page says:\nright"):
        Walkthrough(tmp_path).follow("```console\n$ echo wrong\nright\n```\n")


def test_an_identifier_stands_for_the_real_one(tmp_path):
    page = """
```console
$ echo 'at 111111111111, then 222222222222'
at aaaaaaaaaaaa, then bbbbbbbbbbbb
$ echo bbbbbbbbbbbb aaaaaaaaaaaa | rev
111111111111 222222222222
```
"""
    assert Walkthrough(tmp_path).follow(page) == 2


def test_every_command_has_a_section():
    page = (DOCS / "commands.md").read_text("utf-8")
    commands = db.list_commands(click.Context(db))

    shown = re.findall(r"^```\{command\} (\S+)$", page, re.MULTILINE)
    assert sorted(shown) == sorted(["db", *commands])


def test_every_error_has_a_section():
    page = (DOCS / "errors.md").read_text("utf-8")
    classes = [thing for thing in vars(errors).values() if is_error(thing)]

    shown = re.findall(r"^##+ (\S+)\n\n```\{error-class\} (\w+)$", page, re.MULTILINE)
    assert sorted(shown) == sorted((error.code, error.__name__) for error in classes)


def test_every_setting_has_a_row():
    page = (DOCS / "settings.md").read_text("utf-8")

    shown = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", page, re.MULTILINE)
    assert shown == [(field.name, str(field.default)) for field in fields(Settings)]


def is_error(thing):
    return isinstance(thing, type) and issubclass(thing, errors.MigrateError)
