"""The history as Alembic's objects, for whoever needs those: `env.py`, plugins, what runs."""

from collections.abc import Iterable, Mapping
from configparser import Error as ConfigParserError
from functools import cached_property
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from flask_migrate._alembic import LoadsRevisions, version_directories
from flask_migrate.errors import InvalidDirectory
from flask_migrate.revisions.history import History
from flask_migrate.revisions.hooks import run_hooks
from flask_migrate.revisions.layout import Layout
from flask_migrate.revisions.module import RevisionModule
from flask_migrate.revisions.write import write_rendered
from flask_migrate.values.revision import Problem


class Scripts(LoadsRevisions):
    """Alembic's `ScriptDirectory`, with revisions that are imported when they run.

    Attributes:
        history: The revisions; may be replaced as long as nobody has asked Alembic for one.
    """

    history: History
    _hooks: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def from_config(cls, config: Config) -> "Scripts":
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
        scripts = cls(
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
        layout = Layout(
            directory=Path(plain.dir),
            places=tuple(version_directories(plain)),
            recursive=plain.recursive_version_locations,
            sourceless=plain.sourceless,
        )
        scripts.history = History(layout)
        # Not those of Alembic, which would run them itself.
        scripts._hooks = tuple(plain.hooks)
        return scripts

    @cached_property
    def hook_problems(self) -> list[Problem]:
        """What went wrong with the programs that were run on new files."""
        return []

    def load_scripts(self) -> Iterable[Script]:
        """Return every revision for Alembic.

        Raises:
            BrokenHistory: The files do not make a history.
        """
        for revision, source in self.history.graph.sources.items():
            yield Script(RevisionModule(source), revision, source.path)

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
