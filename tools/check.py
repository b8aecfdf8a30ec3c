"""Run everything but the tests that must be green: python -m tools.check [STEP ...]."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
STEPS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "layers": ["lint-imports"],
    "docs": ["sphinx-build", "-q", "-W", "-b", "html", "docs", "docs/_build/html"],
}


def main(names: list[str]) -> int:
    """Run the steps, all of them even if one fails.

    Args:
        names: Which steps; none means all.

    Returns:
        The exit code: 1 if a step failed.
    """
    failed = [name for name in names or STEPS if not _passes(name)]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def _passes(name: str) -> bool:
    program, *arguments = STEPS[name]
    print(f"=== {name}: {program} {' '.join(arguments)}", flush=True)
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    command = [str(BIN / program), *arguments]
    return subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
