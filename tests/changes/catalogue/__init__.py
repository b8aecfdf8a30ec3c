"""Every change, one file a kind."""

import pkgutil
from importlib import import_module


def load():
    """Return the changes of each kind, by the kind: what the file says that it is."""
    modules = (import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__))
    return {_kind(module): module.CHANGES for module in modules}


def _kind(module):
    return module.__doc__.partition(".")[0].strip()
