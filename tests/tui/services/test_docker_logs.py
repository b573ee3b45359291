"""Cutting an engine's log stream into lines: odd bytes, long lines, two streams, terminals."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from tui.services.docker_logs import FrameCutter, RawCutter, cutter_for, joined
from tui.services.engine import LogBatch

STAMP = b"2026-11-24T08:29:52.316558874Z "
LATER = b"2026-11-24T08:29:53.000000001Z "


def frame(text: bytes, kind: int = 1, stamp: bytes = STAMP) -> bytes:
    """Write one frame as the engine does."""
    return struct.pack(">BxxxL", kind, len(stamp + text)) + stamp + text


def cut(cutter: FrameCutter | RawCutter, blocks: Iterable[bytes]) -> list[bytes]:
    """Give all lines."""
    batches: list[LogBatch] = [*map(cutter.feed, blocks), cutter.finish()]
    return [line for batch in batches for line in batch.lines]


def chopped(data: bytes, sizes: list[int]) -> list[bytes]:
    """Cut a stream into blocks of these sizes, over and over."""
    blocks, position, turn = [], 0, 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        blocks.append(data[position : position + size])
        position, turn = position + size, turn + 1
    return blocks


@given(
    texts=st.lists(
        st.tuples(st.integers(1, 2), st.binary(max_size=40).filter(lambda text: b"\n" not in text)), max_size=20
    ),
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=5),
)
def test_frames_give_the_same_lines_however_the_bytes_arrive(texts: list[tuple[int, bytes]], sizes: list[int]) -> None:
    stream = b"".join(frame(text + b"\n", kind) for kind, text in texts)
    assert cut(FrameCutter(), chopped(stream, sizes)) == [STAMP + text for _, text in texts]


@given(
    texts=st.lists(st.binary(max_size=40).filter(lambda text: not {10, 13} & set(text)), max_size=20),
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=5),
)
def test_a_terminals_bytes_give_the_same_lines_however_they_arrive(texts: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(STAMP + text + b"\r\n" for text in texts)
    assert cut(RawCutter(), chopped(stream, sizes)) == [STAMP + text for text in texts]


@given(length=st.integers(1, 80_000), joins_all=st.booleans())
def test_the_pieces_of_a_long_line_are_joined_and_their_timestamps_dropped(length: int, joins_all: bool) -> None:
    line = bytes(65 + index % 26 for index in range(length))
    pieces = [line[start : start + 16384] for start in range(0, length, 16384)]
    pieces[-1] += b"\n"
    stream = frame(pieces[0]) + b"".join(frame(piece, stamp=LATER) for piece in pieces[1:])
    assert cut(FrameCutter(joins_all), [stream]) == [STAMP + line]
    raw = STAMP + pieces[0] + b"".join(LATER + piece for piece in pieces[1:])
    assert cut(RawCutter(), [raw.replace(b"\n", b"\r\n")]) == [STAMP + line]


def test_stdout_and_stderr_keep_an_unfinished_line_each() -> None:
    cutter = FrameCutter()
    first = cutter.feed(frame(b"o" * 16384, 1) + frame(b"e" * 16384, 2))
    assert first.lines == []
    assert first.partial == STAMP + b"e" * 16384
    second = cutter.feed(frame(b"nd\n", 2) + frame(b"ut\n", 1))
    assert second.lines == [STAMP + b"e" * 16384 + b"nd", STAMP + b"o" * 16384 + b"ut"]
    assert second.partial == b""


def test_a_process_that_died_in_the_middle_of_a_line_does_not_eat_the_next_ones_first() -> None:
    cutter = FrameCutter()
    assert cutter.feed(frame(b"Loading 50%")).partial == STAMP + b"Loading 50%"
    assert cutter.feed(frame(b"INFO hello\n", stamp=LATER)).lines == [STAMP + b"Loading 50%", LATER + b"INFO hello"]


def test_podmans_short_pieces_are_joined() -> None:
    stream = frame(b"Loading 50%") + frame(b"\rLoading 100%\n", stamp=LATER)
    assert cut(FrameCutter(joins_all=True), [stream]) == [STAMP + b"Loading 50%\rLoading 100%"]
    second = b"2026-11-24T08:29:52Z "
    raw = second + b"Loading 50%" + second + b"\rLoading 100%\r\n" + second + b"next\r\n"
    assert cut(RawCutter(joins_all=True), [raw]) == [second + b"Loading 50%\rLoading 100%", second + b"next"]


def test_an_unfinished_progress_bar_is_the_partial_line_and_then_the_line() -> None:
    cutter = RawCutter()
    assert cutter.feed(STAMP + b"10%\r").partial == STAMP + b"10%\r"
    assert cutter.feed(b"20%\r").partial == STAMP + b"10%\r20%\r"
    assert cutter.feed(b"30%\r\n").lines == [STAMP + b"10%\r20%\r30%"]


def test_half_a_timestamp_is_no_partial_line() -> None:
    assert RawCutter().feed(STAMP[:12]).partial == b""


def test_invalid_bytes_and_escapes_come_through_untouched() -> None:
    text = b"\xff\xfe\x9b31m \x1b]52;c;aGk=\x07 [/x] \xe4\xbd"
    assert cut(FrameCutter(), [frame(text + b"\n")]) == [STAMP + text]
    assert cut(RawCutter(), [STAMP + text + b"\r\n"]) == [STAMP + text]


def test_a_very_long_unfinished_line_shows_its_timestamp_and_its_end() -> None:
    cutter = RawCutter()
    cutter.feed(STAMP + b"a" * 100_000)
    partial = cutter.feed(b"b" * 10).partial
    assert partial.startswith(STAMP + b"a")
    assert partial.endswith(b"a" + b"b" * 10)
    assert len(partial) < 70_000


def test_a_line_without_an_end_is_ended_before_it_fills_the_memory() -> None:
    cutter = RawCutter()
    lines = [line for _ in range(20) for line in cutter.feed(STAMP + b"x" * (1 << 20)).lines]
    assert len(lines) == 1
    frames = FrameCutter()
    assert any(frames.feed(frame(b"x" * 16384) * 64).lines for _ in range(20))


def test_the_first_bytes_tell_whether_a_terminal_wrote() -> None:
    assert isinstance(cutter_for(frame(b"x\n")), FrameCutter)
    assert isinstance(cutter_for(STAMP + b"x\r\n"), RawCutter)


def test_text_that_looks_like_a_timestamp_stays_where_no_piece_begins() -> None:
    line = STAMP + b"a" * 20 + LATER + b"b" * 20_000
    assert joined(line) == line
