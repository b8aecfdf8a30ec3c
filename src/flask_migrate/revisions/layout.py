"""Where the revision files of a migrations directory are."""

import re
from dataclasses import dataclass
from pathlib import Path

_SAYS = re.compile(
    rb"^[ \t]*(?:path_separator|prepend_sys_path|recursive_version_locations|sourceless|"
    rb"version_locations|version_path_separator)[ \t]*[=:]",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the revision files of a migrations directory are.

    Attributes:
        directory: The migrations directory.
        places: The directories of its revision files, absolute.
        recursive: Whether the directories below those count.
        sourceless: Whether compiled files without a source count.
    """

    directory: Path
    places: tuple[Path, ...]
    recursive: bool = False
    sourceless: bool = False


def usual_layout(directory: Path) -> Layout | None:
    """Return the layout of a directory whose `alembic.ini` says nothing about it.

    Args:
        directory: The migrations directory.

    Returns:
        None if `alembic.ini` says something about it, or cannot be read: Alembic has to be asked.
    """
    try:
        says_something = bool(_SAYS.search((directory / "alembic.ini").read_bytes()))
    except FileNotFoundError:
        says_something = False
    except OSError:
        return None
    if says_something:
        return None
    return Layout(directory=directory, places=(Path(directory, "versions").absolute(),))
