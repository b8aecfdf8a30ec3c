"""Find the migrations directory of an application."""

from collections.abc import Iterable
from pathlib import Path

from flask_migrate.errors import DirectoryNotFound


def locate(directory: str, *, beside: Iterable[Path]) -> Path:
    """Return where the migrations directory is, or would be made.

    Args:
        directory: Its name or path. A relative one is looked for in the working
            directory first, then in each other place.
        beside: The other places, such as the parent of the application's package.
    """
    candidates = _candidates(directory, beside)
    return next((place for place in candidates if place.is_dir()), candidates[0])


def require_directory(place: Path, *, beside: Iterable[Path]) -> None:
    """Refuse to go on without the migrations directory.

    Args:
        place: What `locate` returned.
        beside: As for `locate`.

    Raises:
        DirectoryNotFound: It is in none of the places; the message names them.
    """
    if not place.is_dir():
        looked_in = dict.fromkeys(path.absolute() for path in _candidates(str(place), beside))
        raise DirectoryNotFound(str(place), looked_in=tuple(looked_in))


def _candidates(directory: str, beside: Iterable[Path]) -> list[Path]:
    place = Path(directory)
    return [place] if place.is_absolute() else [place, *(other / directory for other in beside)]
