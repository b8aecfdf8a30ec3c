"""A revision file as a module: what it does when it runs, and where in it something went wrong."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from os.path import basename
from pathlib import Path
from types import ModuleType
from typing import Any

from flask_migrate.errors import BrokenRevision
from flask_migrate.revisions.read import RevisionSource, describe_syntax_error


class RevisionModule(ModuleType):
    """A revision file: its identifiers from the source, the rest from running it when asked for.

    So one broken file does not stop what does not need it, and a command imports
    the revisions that it runs and no other.
    """

    def __init__(self, source: RevisionSource) -> None:
        super().__init__(_module_name(source.path), source.doc)
        self.__file__ = source.path
        self.revision = source.revision
        self.down_revision = source.down_revision
        self.branch_labels = source.branch_labels
        self.depends_on = source.depends_on
        self._path = source.path
        self._imported: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return getattr(self.imported, name)
        except AttributeError:
            if name in ("upgrade", "downgrade"):
                raise BrokenRevision(Path(self._path), f"declares no function {name}()") from None
            raise

    @property
    def imported(self) -> ModuleType:
        """The module that the file makes when it runs.

        Raises:
            BrokenRevision: The file cannot be parsed, or fails when it is imported.
        """
        if self._imported is None:
            self._imported = import_revision(self._path)
        return self._imported


def import_revision(path: str) -> ModuleType:
    """Return the module that a revision file makes when it runs.

    Args:
        path: The file, with source or without, of which nothing is known to Python's modules.

    Raises:
        BrokenRevision: The file cannot be parsed, or fails when it is imported.
    """
    # A path is a text here: to make a Path of it takes longer than to find the file.
    spec = spec_from_file_location(_module_name(path), path)
    assert spec is not None  # noqa: S101  (its name ends as those of Python's files do)
    assert spec.loader is not None  # noqa: S101
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise BrokenRevision(Path(path), _reason(error, Path(path))) from error
    return module


def _module_name(path: str) -> str:
    return re.sub(r"\W", "_", basename(path))  # noqa: PTH119  (as above)


def _reason(error: BaseException, path: Path) -> str:
    line = line_in(error, path)
    if line is None and isinstance(error, (SyntaxError, ValueError)):
        return describe_syntax_error(error)
    return f"line {line}: {type(error).__name__}: {error}"


def line_in(error: BaseException, path: Path) -> int | None:
    """Return the line of a file where an error came out of it, or None if it never was in it."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def is_raised_in(error: BaseException, path: Path) -> bool:
    """Return whether a file itself raises an error, and not what it calls."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and Path(trace.tb_frame.f_code.co_filename) == path
