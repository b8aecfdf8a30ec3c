"""Run a command so that what surrounds it is always cleaned up."""

import signal
import subprocess
import sys

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
PATIENCE = 10  # seconds that an interrupted command has to end


class Stopped(SystemExit):
    """A signal asked this process to stop."""

    def __init__(self, signum):
        super().__init__(128 + signum)
        self.signum = signum


def stop_on_signals():
    """Turn the first signal that asks us to stop into an exception, ignore those that follow."""
    for signum in SIGNALS:
        if signal.getsignal(signum) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signum, _stop)


def _stop(signum, _frame):
    for later in SIGNALS:
        signal.signal(later, signal.SIG_IGN)
    raise Stopped(signum)


def run(command, *, environment):
    """Run a command to its end and return its exit code, as a shell counts them."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"Cannot run {command[0]}: {error.strerror}.", file=sys.stderr)
        return 127
    try:
        return shell_code(process.wait())
    except Stopped as stopped:
        _end(process, stopped.signum)
        raise


def shell_code(returncode):
    """Return the exit code a shell shows for a process, 128 + n if signal n ended it.

    >>> shell_code(3), shell_code(-9)
    (3, 137)
    """
    return returncode if returncode >= 0 else 128 - returncode


def _end(process, signum):
    # Ctrl-C reaches every process of the terminal: a second one would cut its report short.
    if signum != signal.SIGINT:
        process.send_signal(signum)
    for end in (process.terminate, process.kill):
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            end()
    process.wait()
