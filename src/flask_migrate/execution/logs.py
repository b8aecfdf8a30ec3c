"""Leave the application's logging alone; speak only where the command line said so."""

import logging
import logging.config
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TextIO

_LINE = "%(levelname)-5.5s [%(name)s] %(message)s"
_SPOKEN = ("alembic", "flask_migrate")
# Alembic 1.18.0 calls the logger "__name__", by mistake.
_PLUGINS = ("alembic.runtime.plugins", "__name__")
_SETUP = ("setup plugin ", "setting up autogenerate plugin ")
_ENV = "alembic.env"

_on_console: ContextVar[bool] = ContextVar("_on_console", default=False)
_in_environment: ContextVar[bool] = ContextVar("_in_environment", default=False)


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is when a line is written."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(logging.Formatter(_LINE))

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


@dataclass(frozen=True, slots=True)
class _LoggerState:
    logger: logging.Logger
    level: int
    handlers: tuple[logging.Handler, ...]
    filters: tuple[Any, ...]
    is_disabled: bool
    propagates: bool

    @classmethod
    def of(cls, logger: logging.Logger) -> "_LoggerState":
        return cls(
            logger,
            logger.level,
            tuple(logger.handlers),
            tuple(logger.filters),
            logger.disabled,
            logger.propagate,
        )

    def restore(self) -> None:
        if self.logger.level != self.level:
            self.logger.setLevel(self.level)
        if tuple(self.logger.handlers) != self.handlers:
            self.logger.handlers[:] = self.handlers
        self.logger.filters[:] = self.filters
        self.logger.disabled = self.is_disabled
        self.logger.propagate = self.propagates


@contextmanager
def console_logging() -> Generator[None]:
    """Show what Alembic reports on standard error, for as long as a command runs.

    A custom `env.py` may still configure logging from its ini file meanwhile, as
    it did; afterwards everything is as it was.
    """
    with untouched_logging():
        _leave_out_setup()
        logging.getLogger(_ENV).addFilter(_is_not_said_by_us)
        for name in _SPOKEN:
            _let_speak(logging.getLogger(name))
        token = _on_console.set(True)
        try:
            yield
        finally:
            _on_console.reset(token)


@contextmanager
def untouched_logging() -> Generator[None]:
    """Put every logger back to what it was: level, handlers, whether it is disabled."""
    names = [*_PLUGINS, _ENV, *_SPOKEN, *logging.root.manager.loggerDict]
    loggers = [logging.getLogger(), *map(logging.getLogger, dict.fromkeys(names))]
    before = [_LoggerState.of(logger) for logger in loggers]
    disabled = logging.root.manager.disable
    try:
        yield
    finally:
        logging.disable(disabled)
        for state in before:
            state.restore()


@contextmanager
def guarded_logging() -> Generator[None]:
    """Keep `env.py` from taking over logging while it runs in this context.

    Alembic's own template calls `fileConfig`, which disables every logger that
    exists and closes every handler. In a library call it now does nothing; on the
    command line it does its work, without disabling anything.
    """
    originals = (logging.config.fileConfig, logging.config.dictConfig)
    with untouched_logging() if not _on_console.get() else nullcontext():
        _leave_out_setup()
        logging.config.fileConfig = _guarded_file_config(originals[0])
        logging.config.dictConfig = _guarded_dict_config(originals[1])
        token = _in_environment.set(True)
        try:
            yield
        finally:
            _in_environment.reset(token)
            logging.config.fileConfig, logging.config.dictConfig = originals


def _let_speak(logger: logging.Logger) -> None:
    if any(not isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        return
    logger.addHandler(_StderrHandler())
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _leave_out_setup() -> None:
    """Leave out the plugins that Alembic sets up. A level would not outlive `fileConfig`."""
    for name in _PLUGINS:
        logging.getLogger(name).addFilter(_is_no_setup)


def _is_no_setup(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(_SETUP)


def _is_not_said_by_us(record: logging.LogRecord) -> bool:
    """Leave out what `env.py` says of an empty comparison: the result says it, with the reason."""
    return not record.getMessage().startswith("No changes in schema detected")


def _guarded_file_config(original: Callable[..., None]) -> Callable[..., None]:
    def file_config(
        fname: Any,
        defaults: Any = None,
        disable_existing_loggers: bool = True,  # noqa: FBT001, FBT002  (the signature is Python's)
        encoding: str | None = None,
    ) -> None:
        if not _in_environment.get():
            original(fname, defaults, disable_existing_loggers, encoding)
        elif _on_console.get():
            # An ini file without logging sections, or an old one, is no reason to stop.
            with suppress(KeyError, ValueError, OSError, RuntimeError):
                original(fname, defaults, False, encoding)  # noqa: FBT003

    return file_config


def _guarded_dict_config(original: Callable[..., None]) -> Callable[..., None]:
    def dict_config(config: dict[str, Any]) -> None:
        if not _in_environment.get():
            original(config)
        elif _on_console.get():
            original({**config, "disable_existing_loggers": False})

    return dict_config
