"""Percentiles out of buckets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.insight.vitals_quantile import quantile


def test_it_lies_between_the_bounds_of_its_bucket_by_its_share_of_it() -> None:
    buckets = {"0.1": 0.0, "0.5": 8.0, "1.0": 10.0, "inf": 10.0}
    assert quantile(0.5, buckets) == (pytest.approx(0.1 + 0.4 * 5 / 8), False)
    assert quantile(0.95, buckets) == (pytest.approx(0.5 + 0.5 * 1.5 / 2), False)


def test_the_first_bucket_begins_at_nothing() -> None:
    assert quantile(0.5, {"0.2": 4.0, "inf": 4.0}) == (pytest.approx(0.1), False)


def test_above_the_last_bound_it_is_that_bound_and_says_so() -> None:
    assert quantile(0.95, {"1.0": 1.0, "80.0": 1.0, "inf": 2.0}) == (80.0, True)


@pytest.mark.parametrize("buckets", [{}, {"1.0": 0.0, "inf": 0.0}, {"inf": 3.0}])
def test_without_an_observation_or_a_bound_there_is_none(buckets: dict[str, float]) -> None:
    assert quantile(0.5, buckets) is None


NUMBERS = st.floats(-1e6, 1e6)


@given(st.dictionaries(st.floats(0.001, 1e4).map(repr), NUMBERS), NUMBERS, st.sampled_from([0.05, 0.5, 0.95]))
def test_whatever_the_buckets_say_it_lies_within_them(buckets: dict[str, float], last: float, share: float) -> None:
    found = quantile(share, {**buckets, "inf": last})
    if found is not None:
        assert 0 <= found.value <= max(map(float, buckets))
