"""What a container wrote becomes plain lines."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from tui.insight.log_clean import clean_lines, split_stamps

LINE = st.binary(max_size=60).map(lambda data: data.replace(b"\n", b""))


def test_dockers_timestamp_is_split_off() -> None:
    stamps, rest = split_stamps([b"2026-11-24T07:05:59.942668482Z hello", b"2026-11-24T07:05:59.942668483Z "])
    assert stamps == [b"2026-11-24T07:05:59.942668482Z", b"2026-11-24T07:05:59.942668483Z"]
    assert rest == [b"hello", b""]


def test_podmans_offsets_and_lines_without_timestamps_are_understood() -> None:
    stamps, rest = split_stamps([b"2026-11-24T07:05:59.942668482+02:00 hello", b"no stamp here"])
    assert stamps == [b"2026-11-24T07:05:59.942668482+02:00", b""]
    assert rest == [b"hello", b"no stamp here"]


def test_a_line_that_only_looks_like_a_stamp_in_one_place_is_left_whole() -> None:
    line = b"x" * 29 + b"Z rest"
    assert split_stamps([line]) == ([b""], [line])


def test_colours_titles_and_clipboard_writes_are_removed() -> None:
    hostile = b"\x1b[1;31mred\x1b[0m \x1b]0;title\x07a\x1b]52;c;aGk=\x1b\\b\xc2\x9b31mc\x1bMd"
    assert clean_lines([hostile]) == ["red ab\ufffd31mcd".encode()]


def test_an_unfinished_escape_does_not_eat_the_next_line() -> None:
    assert clean_lines([b"a\x1b]0;never ended", b"b"]) == [b"a", b"b"]


def test_the_last_overwritten_progress_stays() -> None:
    assert clean_lines([b"\r 0%|  |\r 50%|# |\r100%|##|"]) == [b"100%|##|"]
    assert clean_lines([b"done\r"]) == [b"done"]
    assert clean_lines([b"done\r\r", b"\r", b""]) == [b"done", b"", b""]


def test_tabs_become_spaces() -> None:
    assert clean_lines([b"\tx"]) == [b"    x"]


@given(st.lists(LINE, max_size=8))
def test_as_many_lines_come_back_and_none_holds_a_control_character(lines: list[bytes]) -> None:
    cleaned = clean_lines(lines)
    assert len(cleaned) == len(lines)
    assert all(byte >= 0x20 and byte != 0x7F for line in cleaned for byte in line)


@given(st.lists(LINE, max_size=8))
@example([b"\xc2\x00\x9b", b"\xc2\xc2\x9b\x9b", b"\x1b\x1b[0m[31m"])
def test_cleaning_twice_changes_nothing(lines: list[bytes]) -> None:
    once = clean_lines(lines)
    assert not re.search(rb"\xc2[\x80-\x9f]", b"\n".join(once))
    assert clean_lines(once) == once
