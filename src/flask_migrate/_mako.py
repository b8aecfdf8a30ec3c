"""How Mako is loaded, which Alembic needs."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

_HIGHLIGHTER = "mako.ext.pygmentplugin"


@contextmanager
def mako_without_pygments() -> Generator[None]:
    """Let Mako be loaded without what it highlights source in web pages with.

    A command shows none, and Pygments, which comes with rich, takes a tenth of its time to
    load, and of its memory.
    """
    if _HIGHLIGHTER in sys.modules:
        yield
        return
    sys.modules[_HIGHLIGHTER] = None  # type: ignore[assignment]  # Python's way to say: none
    try:
        yield
    finally:
        sys.modules.pop(_HIGHLIGHTER, None)
