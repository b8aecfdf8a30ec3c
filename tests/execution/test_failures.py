"""What is said of a run that stopped."""

import pytest

from flask_migrate.execution.failures import interrupt_behind


def fail_after(signal):
    """Raise an error that has another reason to show, on the way out of a signal."""
    try:
        try:
            raise signal
        finally:
            raise ValueError("the database is closed")
    except ValueError:
        raise RuntimeError("it cannot be rolled back") from OSError("the file is gone")


def test_a_signal_is_found_behind_an_error_that_has_another_cause():
    signal = KeyboardInterrupt()

    with pytest.raises(RuntimeError) as caught:
        fail_after(signal)

    assert interrupt_behind(caught.value) is signal


def test_no_signal_is_found_behind_errors_that_lead_to_each_other():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__context__ = other, one

    assert interrupt_behind(one) is None
