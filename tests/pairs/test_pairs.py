"""For any two versions of the models, the script takes a populated database from one to the other.

It does so exactly, a second run finds nothing, and the way back gives what there was.
"""

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.pairs.judging import Bench, failing_as_text, numbered_pair, smallest
from tests.support.databases import DIALECTS

# What fails is made smaller by what knows models, and not number by number.
PHASES = (Phase.explicit, Phase.generate)
EVERY_DAY = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)
SOAK = settings(EVERY_DAY, max_examples=50)


def judge(servers, dialect, seed, number):
    """Judge a pair; one that fails is printed as Python, as small as it can be made."""
    with Bench(servers) as bench:
        verdict = bench.judge(numbered_pair(seed, number, dialect))
        assume(not verdict.impossible)
        if verdict.failed:
            again = f"python -m tests.pairs --dialect {dialect} --seed {seed} --first {number}"
            small = smallest(verdict, bench.judge)
            pytest.fail(f"{again} --count 1\n{failing_as_text(small)}", pytrace=False)


@pytest.mark.parametrize("dialect", DIALECTS)
@EVERY_DAY
@given(number=st.integers(0, 10**9))
def test_a_script_takes_a_database_from_one_version_to_the_other(servers, dialect, number):
    judge(servers, dialect, "every day", number)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("dialect", DIALECTS)
@SOAK
@given(number=st.integers(0, 10**9))
def test_many_scripts_take_a_database_from_one_version_to_the_other(servers, dialect, seed, number):
    judge(servers, dialect, seed, number)
