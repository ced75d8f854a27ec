from math import inf

import pytest

from benchmarks.fairness import p99, unfairness


@pytest.mark.parametrize(
    ("counts", "factor"),
    [([10, 10, 10], 1), ([5, 10, 10, 90], 2), ([0, 10, 10], inf), ([0, 0, 0], inf)],
)
def test_the_least_is_compared_with_the_median(counts: list[int], factor: float) -> None:
    assert unfairness(counts) == factor


def test_p99_is_what_one_in_a_hundred_exceeds() -> None:
    assert p99([1.0] * 980 + [50.0] * 20) == 50.0
    assert p99([1.0] * 995 + [50.0] * 5) == 1.0
