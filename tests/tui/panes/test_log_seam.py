"""Where a run began, found among the lines of the past."""

from __future__ import annotations

from tui.panes.log_seam import LogSeam

STARTED = "2026-11-24T12:00:00.5Z"
BEFORE = [b"2026-11-24T11:59:59.900000000Z one", b"2026-11-24T11:59:59.950000000Z two"]
AFTER = [b"2026-11-24T12:00:00.600000000Z three", b"2026-11-24T12:00:09.000000000Z four"]


def test_the_first_line_of_the_run_is_found_once() -> None:
    seam = LogSeam(STARTED)
    assert seam.find([*BEFORE, *AFTER]) == 2
    assert seam.find(AFTER) is None


def test_it_may_lie_between_two_batches() -> None:
    seam = LogSeam(STARTED)
    assert seam.find(BEFORE) is None
    assert seam.find([]) is None
    assert seam.find(AFTER) == 0


def test_a_container_that_was_started_once_has_none() -> None:
    assert LogSeam(STARTED).find(AFTER) is None


def test_a_first_line_a_moment_older_than_the_noted_start_is_of_no_earlier_run() -> None:
    assert LogSeam(STARTED).find([b"2026-11-24T12:00:00.200000000Z zero", *AFTER]) is None


def test_another_offset_and_lines_without_a_timestamp_are_no_trouble() -> None:
    assert LogSeam("2026-11-24T13:00:00.5+01:00").find([*BEFORE, *AFTER]) == 2
    assert LogSeam(STARTED).find([b"no stamp"]) is None
    assert LogSeam("").find(BEFORE) is None
