"""The programs that alembic.ini has run on each new revision file."""

import logging
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from alembic.util import CommandError

from flask_migrate._alembic import post_write_hook
from flask_migrate.errors import HookFailed
from flask_migrate.values.revision import Problem

_FILE = "REVISION_SCRIPT_FILENAME"
_SETTINGS = {"exec": "executable", "console_scripts": "entrypoint", "module": "module"}
_SHOWN = 500
_log = logging.getLogger("flask_migrate")

Hook = Mapping[str, str]


class _NotRun(Exception):
    """A hook is not there, or did not do its work."""


def run_hooks(path: Path, hooks: Iterable[Hook]) -> Iterator[Problem]:
    """Run post-write hooks on a file, and yield what went wrong; the others are run too.

    Args:
        path: The file, which stays as it is if a hook does not run.
        hooks: The settings of each, with its name as `_hook_name`.

    Raises:
        HookFailed: A function that somebody registered as a hook raised an error.
    """
    for hook in hooks:
        name = hook["_hook_name"]
        _log.info("Running post write hook %r", name)
        try:
            _run(path, hook)
        except _NotRun as reason:
            yield Problem(
                code="hook-not-run",
                message=f"The post-write hook {name!r} {reason}.",
                hint=f"The script is written all the same: {path}",
            )


def _run(path: Path, hook: Hook) -> None:
    type_ = hook.get("type")
    if type_ is None:
        raise _NotRun("has no type")
    if type_ not in _SETTINGS or post_write_hook(type_, own=True) is not None:
        _call(path, hook, type_)
        return
    setting = _SETTINGS[type_]
    if not hook.get(setting):
        raise _NotRun(f"has no {setting}")
    _execute([*_program(type_, hook[setting]), *_arguments(path, hook)], cwd=hook.get("cwd"))


def _program(type_: str, name: str) -> list[str]:
    """Return the command that starts a hook.

    Raises:
        _NotRun: It is not installed.
    """
    if type_ == "exec":
        return [name]
    if type_ == "module":
        if not _is_there(name):
            raise _NotRun(f"is not installed: there is no module {name}")
        return [sys.executable, "-m", name]
    for entry in entry_points(group="console_scripts", name=name):
        return [sys.executable, "-c", f"import {entry.module}; {entry.module}.{entry.attr}()"]
    raise _NotRun(f"is not installed: no package has the script {name}")


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _arguments(path: Path, hook: Hook) -> list[str]:
    options = hook.get("options", "")
    given = options if _FILE in options else f"{_FILE} {options}"
    parts = shlex.split(given, posix=os.name == "posix")
    return [part.replace(_FILE, str(path)) for part in parts]


def _execute(command: list[str], *, cwd: str | None) -> None:
    # Not to our standard output, where results go.
    try:
        done = subprocess.run(  # noqa: S603  (alembic.ini says what to run)
            command, cwd=cwd, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise _NotRun(f"cannot be run: {error.filename or command[0]}: {reason}") from error
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode:
        shortened = said[-_SHOWN:]
        what = f": {shortened}" if said else ""
        raise _NotRun(f"ended with exit code {done.returncode}{what}")
    for line in said.splitlines():
        _log.info("%s", line)


def _call(path: Path, hook: Hook, type_: str) -> None:
    """Call a function that somebody registered with Alembic."""
    function = post_write_hook(type_)
    if function is None:
        raise _NotRun(f"has the type {type_!r}, which nobody has registered")
    try:
        function(str(path), dict(hook))
    except (CommandError, OSError) as error:
        raise _NotRun(f"failed: {error}") from error
    except Exception as error:
        raise HookFailed(hook["_hook_name"], path, error) from error
