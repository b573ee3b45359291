"""Only what changed is written, and the terminal shows what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from widgets.thrifty import Shadow, differences

WIDTH = 24
STYLES = [Style(bold=bold, color=color) for bold in (False, True) for color in ("red", "blue")]

Line = list[tuple[str, Style | None]]
"""A terminal's cells."""

texts = st.text(st.sampled_from("ab 1█─▁中é●"), min_size=WIDTH, max_size=WIDTH)
styles = st.lists(st.integers(0, len(STYLES) - 1), min_size=3, max_size=3)


@st.composite
def strips(draw: st.DrawFn) -> Strip:
    """Three pieces in three looks, together as wide as the line."""
    text, looks = draw(texts), draw(styles)
    parts = text[:7], text[7:15], text[15:]
    pieces = [Segment(part, STYLES[look]) for part, look in zip(parts, looks, strict=True)]
    return Strip(pieces).crop(0, WIDTH)


def plain(text: str, look: int = 0) -> Strip:
    """One piece in one look."""
    return Strip([Segment(text, STYLES[look])])


def cells(strip: Strip) -> Line:
    """Give what a terminal shows of a strip, a wide character with an empty cell behind it."""
    shown: Line = []
    for text, style, _control in strip:
        for character in text:
            shown += [(character, style), *([("", style)] if character == "中" else [])]
    return shown


def update(*lines: tuple[int, Sequence[Strip]], width: int = WIDTH) -> ChopsUpdate:
    """Write whole lines, each in pieces of equal width."""
    chops: list[dict[int, Strip | None]] = [{} for _ in range(3)]
    ends: list[list[int]] = [[] for _ in range(3)]
    for y, pieces in lines:
        starts = range(0, width * len(pieces), width)
        chops[y] = dict(zip(starts, pieces, strict=True))
        ends[y] = [start + width for start in starts]
    return ChopsUpdate(chops, [(y, 0, width * len(pieces)) for y, pieces in lines], ends)


@given(st.lists(strips(), min_size=1, max_size=5))
def test_the_terminal_shows_the_newest_line_whatever_stood_there(lines: list[Strip]) -> None:
    shadow, shown = Shadow(), list[tuple[str, Style | None]]()
    for strip in lines:
        for _y, x, piece in shadow.changes(update((0, [strip]))):
            shown[x : x + piece.cell_length] = cells(piece)
        assert shown == cells(strip)


def test_what_stays_is_not_written_again() -> None:
    assert differences(plain("util ███─── 51% 40 °C"), plain("util ███─── 51% 40 °C")) == []


def test_a_figure_is_written_without_the_gauge_before_it() -> None:
    assert differences(plain("util █████████────── 51%"), plain("util █████████────── 52%")) == [(21, 24)]


def test_a_line_with_a_character_of_doubtful_width_is_written_whole() -> None:
    assert differences(plain("⚠ 12345678 a"), plain("⚠ 12345678 b")) == [(0, 12)]


def test_another_look_is_a_change() -> None:
    assert differences(plain("ready"), plain("ready", 1)) == [(0, 5)]


def test_another_layout_forgets_where_pieces_began() -> None:
    shadow = Shadow()
    halves = [plain("a" * 12), plain("b" * 12)]
    list(shadow.changes(update((0, halves), width=12)))
    list(shadow.changes(update((0, [plain("c" * WIDTH)]))))
    written = list(shadow.changes(update((0, halves), width=12)))
    assert [(x, piece.text) for _y, x, piece in written] == [(0, "a" * 12), (12, "b" * 12)]


def test_after_everything_was_written_only_changes_are() -> None:
    shadow = Shadow()
    shadow.whole(LayoutUpdate([[plain("one two")], [plain("x" * 7)]], Region(0, 0, 7, 2)))
    written = list(shadow.changes(update((0, [plain("one twa")]), (1, [plain("x" * 7)]), width=7)))
    assert [(y, x, piece.text) for y, x, piece in written] == [(0, 4, "twa")]


def test_what_another_program_wrote_over_is_written_again() -> None:
    shadow = Shadow()
    list(shadow.changes(update((0, [plain("a" * WIDTH)]))))
    shadow.forget()
    assert len(list(shadow.changes(update((0, [plain("a" * WIDTH)]))))) == 1
