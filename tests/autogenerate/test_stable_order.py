"""Whatever order Python gives to sets, the same file is written."""

import os
import subprocess
import sys

from tests.autogenerate import rich_models
from tests.autogenerate.compared import Compared


def _script(compared, seed):
    """Return the file that a process of its own writes, without its id and its date."""
    directory = compared.application.directory
    url = compared.engine.url.render_as_string(hide_password=False)
    subprocess.run(
        [sys.executable, "-m", rich_models.__name__, url, str(directory), "after"],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        check=True,
        timeout=300,
        capture_output=True,
    )
    [path] = (directory / "versions").glob("after*.py")
    lines = path.read_text("utf-8").splitlines()
    path.unlink()
    return path.name, [line for line in lines if not line.startswith("Create Date")]


def test_every_hash_seed_writes_the_same_file(database, tmp_path):
    compared = Compared(database, tmp_path, rich_models.before, rich_models.after)

    first, *others = [_script(compared, seed) for seed in (0, 1, 2)]

    assert len(first[1]) > 200
    assert all(one == first for one in others)
    compared.script()
    compared.there_and_back()
