"""The history that the revision files make, and how a revision is run."""

import re
from collections.abc import Collection, Iterable, Mapping
from configparser import Error as ConfigParserError
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError, load_python_file, to_tuple

from flask_migrate._alembic import (
    LoadsRevisions,
    is_effective_head,
    version_directories,
    version_files,
    versioned_parents,
)
from flask_migrate.errors import BrokenRevision, InvalidDirectory
from flask_migrate.revisions.graph import missing_dependencies, missing_parents, verify
from flask_migrate.revisions.hooks import run_hooks
from flask_migrate.revisions.read import (
    Names,
    RevisionSource,
    creation_date,
    describe_syntax_error,
    read_source,
)
from flask_migrate.revisions.write import write_rendered
from flask_migrate.values.revision import Problem, RevisionEntry

_REVISION_FILE = re.compile(r"(?!\.#|__init__)(.*\.py)$")
_COMPILED_FILE = re.compile(r"(?!\.#|__init__)(.*\.py)[co]?$")
_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")


class RevisionModule(ModuleType):
    """A revision file: its identifiers from the source, the rest from running it when asked for.

    So one broken file does not stop what does not need it, and a command imports
    the revisions that it runs and no other.
    """

    def __init__(self, source: RevisionSource) -> None:
        super().__init__(re.sub(r"\W", "_", source.path.name), source.doc)
        self.__file__ = str(source.path)
        self.revision = source.revision
        self.down_revision = source.down_revision
        self.branch_labels = source.branch_labels
        self.depends_on = source.depends_on
        self._source = source
        self._imported: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return getattr(self.imported, name)
        except AttributeError:
            if name in ("upgrade", "downgrade"):
                raise BrokenRevision(self._source.path, f"declares no function {name}()") from None
            raise

    @property
    def imported(self) -> ModuleType:
        """The module that the file makes when it runs.

        Raises:
            BrokenRevision: The file cannot be parsed, or fails when it is imported.
        """
        if self._imported is None:
            self._imported = import_revision(self._source.path)
        return self._imported


def import_revision(path: Path) -> ModuleType:
    """Return the module that a revision file makes when it runs.

    Raises:
        BrokenRevision: The file cannot be parsed, or fails when it is imported.
    """
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


class History(LoadsRevisions):
    """Every revision of a migrations directory, broken files included.

    It is Alembic's `ScriptDirectory` for whoever needs one: `env.py`, plugins, tests.
    """

    @classmethod
    def from_config(cls, config: Config) -> "History":
        """Return the history that an Alembic configuration names.

        Raises:
            InvalidDirectory: A setting in alembic.ini makes no sense.
        """
        try:
            plain = ScriptDirectory.from_config(config)
        except (CommandError, ConfigParserError, ValueError) as error:
            reason = str(error).replace("\n", " ").rstrip(".")
            raise InvalidDirectory(
                f"{config.config_file_name} cannot be used: {reason}.",
                hint="Correct the setting; a percent sign is doubled there.",
            ) from error
        history = cls(
            plain.dir,
            file_template=plain.file_template,
            truncate_slug_length=plain.truncate_slug_length,
            version_locations=plain.version_locations,
            sourceless=plain.sourceless,
            output_encoding=plain.output_encoding,
            timezone=plain.timezone,
            recursive_version_locations=plain.recursive_version_locations,
            messaging_opts={"quiet": True},
        )
        # Not those of Alembic, which would run them itself.
        history._hooks = tuple(plain.hooks)
        return history

    _hooks: tuple[Mapping[str, str], ...] = ()

    @cached_property
    def hook_problems(self) -> list[Problem]:
        """What went wrong with the programs that were run on new files."""
        return []

    @cached_property
    def sources(self) -> tuple[RevisionSource, ...]:
        """What each file says about itself, in a stable order; unidentified ones are left out."""
        return tuple(source for source in self._files if source.revision is not None)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The files that cannot be run, and what it does to the history."""
        return tuple(_problem(source) for source in self._files if source.fault)

    def require_every_file(self) -> None:
        """Refuse to go on if a file does not even tell its revision.

        Raises:
            BrokenRevision: A file has no revision, so the order of what runs is not known.
        """
        for source in self._files:
            if source.revision is None:
                raise BrokenRevision(source.path, str(source.fault))

    def load_scripts(self) -> Iterable[Script]:
        """Return every revision for Alembic.

        Raises:
            BrokenHistory: The files do not make a history.
        """
        sources = list(self.sources)
        if len(sources) < len(self._files):
            sources = _without_lost_parents(sources)
        if self.problems:
            sources = _without_lost_dependencies(sources)
        verify(sources)
        for source in sources:
            yield Script(RevisionModule(source), str(source.revision), source.path)

    def write_script(self, template: Path, path: Path, arguments: dict[str, Any]) -> None:
        """Write a revision file from its template, whole or not at all.

        Raises:
            FileExists: A file of that name is there.
            FileNotWritten: The file cannot be written.
            InvalidScript: What the template makes is not valid Python.
            HookFailed: A function that was registered as a post-write hook failed.
        """
        write_rendered(template, path, arguments, encoding=self.output_encoding)
        self.hook_problems.extend(run_hooks(path, self._hooks))

    def entry(self, script: Script, *, is_current: bool | None = None) -> RevisionEntry:
        """Return a revision and its place in the history as a value."""
        return RevisionEntry(
            revision=script.revision,
            parents=versioned_parents(script),
            dependencies=to_tuple(script.dependencies, default=()),
            branch_labels=tuple(sorted(script.branch_labels)),
            children=tuple(sorted(script.nextrev)),
            message=script.doc,
            description=script.longdoc,
            path=script.path,
            is_head=script.is_head,
            is_effective_head=is_effective_head(script),
            is_branch_point=script.is_branch_point,
            is_merge_point=script.is_merge_point,
            is_current=is_current,
        )

    def knows(self, revision: str) -> bool:
        """Return whether a file has exactly this revision."""
        return revision in self.identifiers

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every revision that a file has."""
        return frozenset(str(source.revision) for source in self.sources)

    @cached_property
    def _files(self) -> tuple[RevisionSource, ...]:
        pattern = _COMPILED_FILE if self.sourceless else _REVISION_FILE
        paths = {
            path.resolve(): None
            for directory in version_directories(self)
            if directory.exists()
            for path in version_files(self, directory)
            if pattern.match(path.name)
        }
        return tuple(_settle(path) for path in paths)


def describe_heads(entries: Iterable[RevisionEntry]) -> str:
    """Return one line a head: revision, message, the date of its making and its file."""
    return "".join(
        f"\n  {entry.revision} {entry.message!r}, {creation_date(entry.description) or 'undated'}, "
        f"{entry.path}"
        for entry in entries
    )


def _settle(path: Path) -> RevisionSource:
    """Return what a file says about itself, running it only where the source leaves a doubt."""
    if path.suffix != ".py":
        return _from_module(RevisionSource(path=path))
    source = read_source(path)
    return source if source.is_static or source.fault else _from_module(source)


def _from_module(source: RevisionSource) -> RevisionSource:
    try:
        module = import_revision(source.path)
    except BrokenRevision as error:
        return replace(source, fault=error.reason)
    legacy = _LEGACY_NAME.match(source.path.name)
    revision = getattr(module, "revision", legacy.group(1) if legacy else None)
    if not isinstance(revision, str):
        return replace(source, revision=None, fault="declares no revision")
    return replace(
        source,
        revision=revision,
        down_revision=_listed(getattr(module, "down_revision", None)),
        branch_labels=_listed(getattr(module, "branch_labels", None)),
        depends_on=_listed(getattr(module, "depends_on", None)),
        doc=module.__doc__,
    )


def _listed(names: Any) -> Names:
    return names if names is None or isinstance(names, str) else tuple(names)


def _without_lost_parents(sources: list[RevisionSource]) -> list[RevisionSource]:
    """Cut the links to revisions whose file is there but does not tell which it is."""
    lost = missing_parents(sources)
    return [
        replace(source, down_revision=_without(source.down_revision, lost)) for source in sources
    ]


def _without_lost_dependencies(sources: list[RevisionSource]) -> list[RevisionSource]:
    """Cut the links to revisions and labels that a file which cannot be read may have."""
    lost = missing_dependencies(sources)
    return [replace(source, depends_on=_without(source.depends_on, lost)) for source in sources]


def _without(names: Names, lost: Collection[str]) -> Names:
    if names is None or isinstance(names, str):
        return None if names in lost else names
    return tuple(name for name in names if name not in lost) or None


def _problem(source: RevisionSource) -> Problem:
    error = BrokenRevision(source.path, str(source.fault))
    return Problem(code=error.code, message=error.message, hint=error.hint)
