"""A command that runs while the test does something else."""

import subprocess
import time

from tests.support.project import Completed

SECONDS = 120


class Running:
    """A process, what it has said so far, and how to stop it.

    Args:
        command: The program and its arguments.
        path: Where it runs, and where its output is kept.
        environment: All of its environment variables.
    """

    def __init__(self, command, *, path, environment):
        # Files, not pipes: nobody reads while the test waits, and a full pipe would block it.
        names = ("stdout", "stderr")
        number = len(list(path.glob("*.stderr")))
        self._output = [path / f"{number}.{name}" for name in names]
        files = [output.open("wb") for output in self._output]
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            cwd=path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=files[0],
            stderr=files[1],
        )
        for file in files:
            file.close()

    @property
    def pid(self):
        return self.process.pid

    @property
    def runs(self):
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def said(self):
        """Return what it has written so far, to both streams."""
        return "".join(output.read_text("utf-8") for output in self._output)

    def wait_for(self, condition, *, seconds=SECONDS):
        """Wait until a condition holds, or a text was said; fail if the process ends before."""
        holds = condition if callable(condition) else lambda: condition in self.said()
        deadline = time.monotonic() + seconds
        while not holds():
            assert self.runs, f"ended before {condition}:\n{self.said()}"
            assert time.monotonic() < deadline, f"nothing of {condition}:\n{self.said()}"
            time.sleep(0.02)

    def send(self, signum):
        """Send a signal."""
        self.process.send_signal(signum)

    def finish(self, *, exit_code=None, seconds=SECONDS):
        """Wait until it ends, and return what it said; fail if it hangs or ends otherwise."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            self.process.wait()
            message = f"still running after {seconds} s:\n{self.said()}"
            raise AssertionError(message) from error
        stdout, stderr = (output.read_text("utf-8") for output in self._output)
        completed = Completed(exit_code=self.process.returncode, stdout=stdout, stderr=stderr)
        assert exit_code in (None, completed.exit_code), (
            f"exit code {completed.exit_code}:\n{stdout}\n{stderr}"
        )
        return completed

    def kill(self):
        """End it at once, whatever it does."""
        self.process.kill()
        self.process.wait()
