"""Build a virtual environment: python -m tools.environment DIRECTORY [ARGUMENTS OF PIP INSTALL].

The Makefile calls it when a requirement has changed. Standard library only, and readable for
older versions of Python, so that they can say what they miss.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import venv
from pathlib import Path

from tools.debian import CannotInstall, install

OLDEST_PYTHON = (3, 11)


def main(arguments: list[str]) -> int:
    """Build the environment and install into it.

    Args:
        arguments: The directory, then what `pip install` gets.

    Returns:
        The exit code: 0, or 2 if this machine lacks something, or that of pip.
    """
    directory, *requirements = arguments
    if sys.version_info < OLDEST_PYTHON:
        return _refuse(f"Godwit needs Python 3.11 or newer, {sys.executable} is older.")
    try:
        python = _environment(Path(directory).absolute())
    except CannotInstall as error:
        return _refuse(f"Python cannot make environments, its venv package is missing. {error}")
    print(f"Installing into {directory}.", file=sys.stderr, flush=True)
    pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    return subprocess.run([*pip, *requirements], check=False).returncode


def _refuse(message: str) -> int:
    print(f"{message}\nTo use another Python: make PYTHON=python3.12 ...", file=sys.stderr)
    return 2


def _environment(directory: Path) -> Path:
    python = directory / "bin" / "python"
    if not _is_ours(directory):
        _demand_venv()
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(directory)
    return python


def _is_ours(directory: Path) -> bool:
    """Return whether the environment works and was made for this place, not copied or moved."""
    script = directory / "bin" / "activate"
    python = directory / "bin" / "python"
    if not script.is_file() or str(directory) not in script.read_text(encoding="utf-8"):
        return False
    try:
        return subprocess.run([str(python), "-c", "import pip"], check=False).returncode == 0
    except OSError:
        return False


def _demand_venv() -> None:
    # Debian ships venv, but not the ensurepip it needs, with python3.
    if importlib.util.find_spec("ensurepip") is None:
        install("python{}.{}-venv".format(*sys.version_info))
        importlib.invalidate_caches()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
