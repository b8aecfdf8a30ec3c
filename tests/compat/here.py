"""A project whose commands run in this process: much faster, and nothing is left behind."""

import asyncio
import os
import sys
import warnings
from contextlib import contextmanager, suppress
from importlib import import_module

import pytest
from click.testing import CliRunner
from flask.cli import cli

from flask_migrate.database.binds import known_engines
from tests.support.project import Completed, Project


class Here(Project):
    """A project that is driven in this process, as if each command had a process of its own.

    What a command imports from the project is forgotten after it, and so are the
    working directory, `sys.path` and the environment variables.
    """

    def db(self, *arguments, exit_code=0, group="db", **environment):
        with self.inside(**environment):
            result = CliRunner().invoke(cli, [group, *arguments])
        said = f"exit code {result.exit_code}:\n{result.stdout}\n{result.stderr}"
        if result.exception and not isinstance(result.exception, SystemExit):
            raise AssertionError(said) from result.exception
        assert exit_code in (None, result.exit_code), said
        return Completed(exit_code=result.exit_code, stdout=result.stdout, stderr=result.stderr)

    @contextmanager
    def inside(self, **environment):
        """Be in the directory of the project, with its variables, for a while."""
        modules = set(sys.modules)
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
            # Warnings as in a process of its own: an old env.py calls what is deprecated.
            patch.chdir(self.path)
            patch.setattr(sys, "path", [str(self.path), *sys.path])
            for name in [name for name in os.environ if name.startswith("FLASK_")]:
                patch.delenv(name)
            for name, value in {**self.environment, **environment}.items():
                patch.setenv(name, value)
            # Flask sets it.
            patch.setenv("FLASK_RUN_FROM_CLI", "true")
            try:
                yield
            finally:
                self._forget(set(sys.modules) - modules)
                _close_event_loop()

    @contextmanager
    def loaded(self, **environment):
        """Yield the module `app`, inside the project and the context of its application."""
        with self.inside(**environment):
            module = import_module("app")
            with module.app.app_context():
                yield module

    def _forget(self, modules):
        for name in modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(self.path)):
                _close(vars(sys.modules.pop(name)).get("app"))

    def entries(self):
        """Return what is in the directory of the project, caches left out."""
        return {path.name for path in self.path.iterdir()} - {"__pycache__"}


def _close_event_loop():
    """Close the loop that Python made for an env.py that asked for the current one."""
    with suppress(RuntimeError):
        asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)


def _close(app):
    """Close what the pools of an application have left open."""
    state = getattr(app, "extensions", {}).get("migrate")
    if state is not None:
        with app.app_context(), suppress(Exception):
            for engine in known_engines(state.db):
                engine.dispose()
