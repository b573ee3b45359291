"""A moment as one types it."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.moments import moment

NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86_400), ("1h30m", 5400), ("1d2h3m4s", 93_784), ("0s", 0)],
)
def test_so_long_ago(text: str, seconds: float) -> None:
    assert moment(text, NOW) == NOW - seconds


def test_a_date_is_local_unless_it_says_its_zone() -> None:
    assert moment("2026-01-31T09:30:00Z", NOW) == datetime(2026, 1, 31, 9, 30, tzinfo=UTC).timestamp()
    assert moment("2026-01-31T09:30:00+08:00", NOW) == datetime(2026, 1, 31, 1, 30, tzinfo=UTC).timestamp()
    assert moment("2026-01-31 09:30", NOW) == datetime(2026, 1, 31, 9, 30).timestamp()


def test_seconds_since_the_epoch_are_what_they_are() -> None:
    assert moment("1790000000.5", NOW) == 1_790_000_000.5


@pytest.mark.parametrize("text", ["", "5", "m", "10 m", "1m1h", "-5m", "tomorrow", "2026-13-01", "٣m"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"sofor|must be"):
        moment(text, NOW)


@given(st.text(max_size=24))
def test_whatever_is_typed_is_a_time_or_refused(text: str) -> None:
    try:
        assert math.isfinite(moment(text, NOW))
    except ValueError:
        return
