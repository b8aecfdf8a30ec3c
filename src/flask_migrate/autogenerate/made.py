"""What the revisions tell of views, functions and triggers."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_migrate.values.schema import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the revisions tell of views, functions and triggers.

    Attributes:
        is_declared: Whether a revision made code because the models declared it.
        is_spoken_of: Whether a revision may speak of code, however it does.
        drop_unknown: Whether code goes that no revision speaks of.
    """

    is_declared: Callable[[Code], bool]
    is_spoken_of: Callable[[Code], bool]
    drop_unknown: bool
