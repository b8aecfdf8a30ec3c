"""Which env.py a test is run with: a run must be safe whoever wrote it."""

import pytest

BOTH = ("ours", "flask-migrate-4")

ANOTHERS = ("flask-migrate-4", pytest.param("ours", marks=pytest.mark.soak))
"""Every day the one that we have not written, as all others run with ours; else both."""
