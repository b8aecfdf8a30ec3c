"""What can be said of a revision file without running it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

_OPTIONS = ("check", "--isolated", "--extend-select=I", "--ignore=E501", "--output-format=json")
_ALEMBIC = "###"


def rules_broken(script):
    """Return the codes of the rules of ruff that a script breaks: its default ones, F, E, I.

    A script that does nothing has the imports of one that is to be written by hand.
    """
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [ruff, *_OPTIONS, "--extend-select=E,F", "--stdin-filename=revision.py", "-"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    of_imports = set() if "op." in script else {"F401", "I001"}
    return tuple(sorted({one["code"] for one in json.loads(done.stdout)} - of_imports))


def is_said(script):
    """Return whether `upgrade()` has a comment that a person is to read."""
    lines = script.splitlines()
    body = next(
        node
        for node in ast.parse(script).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    comments = (
        line.strip() for line in lines[body.lineno : body.end_lineno] if line.strip()[:1] == "#"
    )
    return any(_ALEMBIC not in comment for comment in comments)
