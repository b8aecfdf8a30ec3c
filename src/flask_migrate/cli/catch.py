"""A decorator for command functions that applications write around the verbs."""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask_migrate.execution.faults import REFUSALS

Arguments = ParamSpec("Arguments")

log = logging.getLogger("flask_migrate")


def catch_errors(f: Callable[Arguments, object]) -> Callable[Arguments, None]:
    """Turn what a verb refuses into a logged sentence and exit code 1.

    Args:
        f: A function that calls verbs, ours or Alembic's. What it returns is dropped.
    """

    @wraps(f)
    def caught(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            f(*args, **kwargs)
        except REFUSALS as error:
            log.error("Error: %s", error)  # noqa: TRY400  (a sentence, not a traceback)
            sys.exit(1)

    return caught
