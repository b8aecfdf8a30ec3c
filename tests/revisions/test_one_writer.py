"""One writer of revision files at a time."""

import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from flask_migrate.errors import DirectoryInUse
from flask_migrate.revisions.one_writer import only_writer

HOLD = """
    import sys
    from pathlib import Path
    from flask_migrate.revisions.one_writer import only_writer
    with only_writer(Path(sys.argv[1]), limit=5, waiting=lambda: None):
        print("writing", flush=True)
        sys.stdin.read()
"""


@pytest.fixture
def writer(tmp_path):
    """Another process that writes."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    process.stdin.close()


def write(directory, *, limit=5.0, waiting=lambda: None):
    with only_writer(directory, limit=limit, waiting=waiting):
        return list(directory.iterdir())


def test_it_leaves_nothing_in_the_directory(tmp_path):
    assert write(tmp_path) == []
    assert write(tmp_path) == []


def test_it_waits_for_another_process_and_says_so_once(writer, tmp_path):
    told = []
    threading.Timer(1, writer.stdin.close).start()

    started = time.monotonic()
    write(tmp_path, waiting=lambda: told.append("waiting"))

    assert time.monotonic() - started > 0.8
    assert told == ["waiting"]


def test_a_process_that_was_killed_is_in_nobodys_way(writer, tmp_path):
    writer.kill()
    write(tmp_path, limit=1)


def test_after_the_limit_it_gives_up(writer, tmp_path):
    with pytest.raises(DirectoryInUse) as caught:
        write(tmp_path, limit=0.2)
    assert caught.value.message == (
        f"Another process writes a revision in {tmp_path} and did not finish within 0.2 seconds; "
        "nothing was written."
    )


def test_threads_of_one_process_wait_for_each_other_too(tmp_path):
    inside, most = [], []

    def work():
        with only_writer(tmp_path, limit=10, waiting=lambda: None):
            inside.append(None)
            most.append(len(inside))
            time.sleep(0.05)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_a_directory_that_cannot_be_locked_is_no_obstacle(tmp_path):
    with only_writer(tmp_path / "missing", limit=0, waiting=lambda: None):
        pass
    with only_writer(Path("/proc/self/fd"), limit=0, waiting=lambda: None):
        pass


def test_a_directory_that_is_read_only_is_locked_all_the_same(writer, tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(DirectoryInUse):
        write(tmp_path, limit=0)
    tmp_path.chmod(0o755)
