"""How Mako is loaded, which Alembic needs."""

import sys
from importlib import import_module

import click


def load_mako_for_a_command() -> None:
    """Load Mako, in a command, without what it highlights source in web pages with.

    Pygments comes with rich, and takes a tenth of the time of a command to load.
    """
    plugin = "mako.ext.pygmentplugin"
    if click.get_current_context(silent=True) is None:
        return  # the application may show such pages
    if "mako.exceptions" in sys.modules or plugin in sys.modules:
        return
    sys.modules[plugin] = None  # type: ignore[assignment]  # Python's way to say: there is none
    try:
        import_module("mako.exceptions")
    finally:
        del sys.modules[plugin]
