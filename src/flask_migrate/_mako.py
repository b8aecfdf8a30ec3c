"""How Mako is loaded, which Alembic needs."""

import sys
from importlib import import_module


def load_mako_without_pygments() -> None:
    """Load Mako without what it highlights source in web pages with: a command shows none.

    Pygments comes with rich, and takes a tenth of the time of a command to load.
    """
    plugin = "mako.ext.pygmentplugin"
    if "mako.exceptions" in sys.modules or plugin in sys.modules:
        return
    sys.modules[plugin] = None  # type: ignore[assignment]  # Python's way to say: there is none
    try:
        import_module("mako.exceptions")
    finally:
        del sys.modules[plugin]
