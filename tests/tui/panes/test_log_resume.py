"""Where a stream broke off, reading goes on: nothing twice, nothing left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.fake_records import time_text
from tui.panes.log_resume import LogResume


def written(times: list[float]) -> list[bytes]:
    return [f"{time_text(when)} line".encode() for when in times]


TIMES = st.lists(st.integers(0, 400).map(lambda step: 1_800_000_000 + step / 7), max_size=60)


@given(TIMES, st.data())
def test_what_comes_after_the_break_is_exactly_what_was_not_read(times: list[float], data: st.DataObject) -> None:
    lines = sorted(written(times))
    broke = data.draw(st.integers(0, len(lines)))
    resume = LogResume()
    resume.begin()
    first = list(resume.fresh(lines[:broke]))
    since = resume.since
    resume.begin()
    start = time_text(since).encode() if since is not None else b""
    again = [line for line in lines if line[:30] >= start]
    step = data.draw(st.integers(1, 9))
    second = [line for at in range(0, len(again), step) for line in resume.fresh(again[at : at + step])]
    assert first + second == lines


def test_streams_out_of_order_by_a_little_lose_nothing() -> None:
    early, late = written([1_800_000_000.1, 1_800_000_000.2])
    resume = LogResume()
    resume.begin()
    resume.fresh([*written([1_800_000_000.0]), late])
    resume.begin()
    assert list(resume.fresh([*written([1_800_000_000.0]), late, early])) == [early]


def test_lines_without_timestamps_are_all_kept() -> None:
    resume = LogResume()
    resume.begin()
    assert list(resume.fresh([b"a", b"a"])) == [b"a", b"a"]
    assert resume.since is None
