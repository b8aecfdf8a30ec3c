"""A revision file as a module: what it does when it runs, and where in it something went wrong."""

import re
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
        path = Path(source.path)
        super().__init__(re.sub(r"\W", "_", path.name), source.doc)
        self.__file__ = source.path
        self.revision = source.revision
        self.down_revision = source.down_revision
        self.branch_labels = source.branch_labels
        self.depends_on = source.depends_on
        self._path = path
        self._imported: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return getattr(self.imported, name)
        except AttributeError:
            if name in ("upgrade", "downgrade"):
                raise BrokenRevision(self._path, f"declares no function {name}()") from None
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


def import_revision(path: Path) -> ModuleType:
    """Return the module that a revision file makes when it runs.

    Raises:
        BrokenRevision: The file cannot be parsed, or fails when it is imported.
    """
    # Who only reads the history has seldom a file that must run to tell what it is.
    from alembic.util import load_python_file  # noqa: PLC0415

    try:
        return load_python_file(path.parent, path.name)
    except (Exception, SystemExit) as error:
        raise BrokenRevision(path, _reason(error, path)) from error


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
