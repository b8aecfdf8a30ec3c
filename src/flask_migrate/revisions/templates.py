"""The templates that a migrations directory is started from."""

import errno
import os
import secrets
import shutil
from pathlib import Path

from flask_migrate.errors import (
    DirectoryNotEmpty,
    FileNotWritten,
    InvalidDirectory,
    UnknownTemplate,
)
from flask_migrate.values.results import Template


def list_templates(directory: Path) -> tuple[Template, ...]:
    """Return the templates of a directory, by name."""
    return tuple(
        Template(name=place.name, description=_first_line(place / "README"))
        for place in sorted(directory.iterdir())
        if (place / "env.py").is_file()
    )


def find_template(template: str, *, directory: Path) -> Path:
    """Return where a template is.

    Args:
        template: A name, or a path, which has a separator or begins with a dot.
        directory: Where templates that are named are.

    Raises:
        UnknownTemplate: There is none.
        InvalidDirectory: The path is a directory, and lacks what a template must have.
    """
    is_path = template.startswith(".") or os.sep in template or "/" in template
    place = Path(template) if is_path else directory / template
    if not place.is_dir():
        raise UnknownTemplate(template, known=[known.name for known in list_templates(directory)])
    for name in ("env.py", "script.py.mako"):
        if not (place / name).is_file():
            raise InvalidDirectory(
                f"The template {template!r} has no {name}.",
                hint=f"A template needs env.py and script.py.mako: add {place / name}.",
            )
    return place


def copy_template(template: Path, directory: Path, *, package: bool) -> tuple[Path, ...]:
    """Start a migrations directory from a template, completely or not at all.

    Args:
        template: The directory that is copied. A file `alembic.ini.mako` becomes
            `alembic.ini`.
        directory: The migrations directory; absent or empty.
        package: Whether to make it, and its `versions`, Python packages.

    Returns:
        Every directory and file that was made, absolute, in order.

    Raises:
        DirectoryNotEmpty: The directory has something in it, or is a file.
        FileNotWritten: Something could not be written; what was made is removed.
    """
    directory = directory.resolve()
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise DirectoryNotEmpty(directory)
    is_new = not directory.exists()
    # Everything is made in a place of its own first, so that what appears is complete.
    staging = (directory.parent if is_new else directory) / f".{secrets.token_hex(8)}.tmp"
    try:
        staging.mkdir(parents=True)
        names = _fill(staging, template, package=package)
        if is_new:
            staging.rename(directory)
        else:
            _move_all(staging, directory)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise DirectoryNotEmpty(directory) from error
        raise FileNotWritten(directory, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return (directory, *(directory / name for name in names))


def _fill(place: Path, template: Path, *, package: bool) -> list[str]:
    names = ["versions"]
    (place / "versions").mkdir()
    for source in sorted(template.iterdir()):
        if source.is_file():
            name = (
                source.name.removesuffix(".mako")
                if source.name.endswith(".ini.mako")
                else source.name
            )
            shutil.copyfile(source, place / name)
            names.append(name)
    if package:
        for name in ("__init__.py", "versions/__init__.py"):
            (place / name).touch()
            names.append(name)
    return names


def _move_all(source: Path, directory: Path) -> None:
    moved: list[Path] = []
    try:
        for entry in sorted(source.iterdir()):
            moved.append(entry.rename(directory / entry.name))  # noqa: PERF401  (needed if it fails)
    except OSError:
        for entry in moved:
            entry.rename(source / entry.name)
        raise


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return ""
