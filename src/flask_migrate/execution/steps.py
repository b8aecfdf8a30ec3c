"""Fit a revision to the database that it runs on."""

import functools
import inspect
import re
from collections.abc import Callable, Collection
from typing import Any

from alembic.runtime.migration import RevisionStep

Migration = Callable[..., None]


def fit_step(step: RevisionStep, *, binds: Collection[str]) -> RevisionStep:
    """Let the function of a step be called the way `env.py` calls it.

    A history may have begun with one database and have become one of several, or
    the other way round, and may be older than a bind:

    * `upgrade()` without an argument belongs to the default database, and does
      nothing on a bind.
    * `upgrade(engine_name)` on a single database is that of the default one.
    * `upgrade(engine_name)` of a file with functions a bind, none of them for
      this bind, does nothing.

    Args:
        step: A revision in one direction. Stamps have no function and stay as they are.
        binds: The bind keys of the application, without the default one.

    Returns:
        The step.
    """
    function = getattr(step, "migration_fn", None)
    if function is not None and hasattr(step, "revision"):
        step.migration_fn = _fit(function, module=step.revision.module, binds=frozenset(binds))
    return step


def name_of(step: RevisionStep) -> str:
    """Return what a step is called in messages: its revision, and the first line of its text."""
    title = str(step.revision.doc).partition("\n")[0]
    return f"{step.revision.revision} {title!r}"


def function_suffix(bind: str) -> str:
    """Return what the functions of a bind end in: its key as a part of a Python name."""
    return re.sub(r"\W", "_", bind)


def _fit(function: Migration, *, module: Any, binds: frozenset[str]) -> Migration:
    @functools.wraps(function)
    def fitted(**arguments: Any) -> None:
        name = arguments.get("engine_name")
        if _takes(function, "engine_name"):
            if "engine_name" in inspect.signature(function).parameters:
                arguments.setdefault("engine_name", "")
            if not _is_left_out(module, function.__name__, name, binds):
                function(**arguments)
        elif name is None or name not in binds:
            arguments.pop("engine_name", None)
            function(**arguments)

    return fitted


def _takes(function: Migration, argument: str) -> bool:
    parameters = inspect.signature(function).parameters
    return argument in parameters or any(
        parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()
    )


def _is_left_out(module: Any, direction: str, name: str | None, binds: frozenset[str]) -> bool:
    if name not in binds or hasattr(module, f"{direction}_{function_suffix(str(name))}"):
        return False
    return hasattr(module, f"{direction}_")
