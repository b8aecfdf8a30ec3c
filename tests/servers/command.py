"""Run a command so that what surrounds it is always cleaned up."""

import signal
import subprocess
import sys
from contextlib import contextmanager

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


@contextmanager
def signals_held_back():
    """Let a signal wait until the block has ended, where it would come in between."""
    waiting = []
    handlers = {
        signum: signal.signal(signum, lambda signum, _frame: waiting.append(signum))
        for signum in SIGNALS
        if signal.getsignal(signum) is not signal.SIG_IGN  # which COMMAND is to inherit
    }
    try:
        yield
    finally:
        for signum, handler in handlers.items():
            signal.signal(signum, handler)
    if waiting:
        signal.raise_signal(waiting[0])


def run(command, *, environment):
    """Run a command to its end and return its exit code, as a shell counts them."""
    process = None
    try:
        # A command that has started, but that we do not know yet, would outlive us.
        with signals_held_back():
            process = subprocess.Popen(command, env=environment)
        return shell_code(process.wait())
    except Stopped as stopped:
        if process:
            _end(process, stopped.signum)
        raise
    except OSError as error:
        print(f"Cannot run {command[0]}: {error.strerror}.", file=sys.stderr)
        return 127


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
