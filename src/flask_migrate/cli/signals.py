"""Stop a command in order when a person, or the system, asks for it."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_DEFAULTS = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}

INTERRUPTED = 130


class Stop:
    """What asked to stop.

    Attributes:
        exit_code: 130 for ctrl-C, 143 for SIGTERM, as a shell counts them.
    """

    exit_code = INTERRUPTED


def forget_interrupt() -> None:
    """Let Python end with the exit code that it is given, after a `KeyboardInterrupt`.

    It remembers one that came out of ``exec()`` of a text, such as that with which a dataclass
    is made, as one that nobody has handled, until it runs another text.
    """
    exec("")  # noqa: S102


@contextmanager
def stopped_by_signals() -> Generator[Stop]:
    """Turn the first ctrl-C or SIGTERM into `KeyboardInterrupt`, and let a second one kill.

    What a program has set for a signal itself stays set.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def end(signum: int, _: FrameType | None) -> None:
        stop.exit_code = 128 + signum
        for replaced in before:
            signal.signal(replaced, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = {
        signum: default
        for signum, default in _DEFAULTS.items()
        if signal.getsignal(signum) is default
    }
    for signum in before:
        signal.signal(signum, end)
    try:
        yield stop
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
