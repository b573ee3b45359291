"""Nothing raw from outside reaches the terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from widgets import line_filter
from widgets.line_filter import ControlFilter, GlyphFilter

BLACK = Color(0, 0, 0)
HOSTILE = st.text(st.characters() | st.sampled_from("\x00\x07\x1b\x7f\x85\x90\x9b\x9d\t\r\n]52;c0"))


@given(st.lists(st.tuples(HOSTILE, st.sampled_from([None, Style(bold=True), Style(link="http://x\x1b]0;y\x07")]))))
def test_no_control_character_survives(parts: list[tuple[str, Style | None]]) -> None:
    cleaned = ControlFilter().apply([Segment(text, style) for text, style in parts], BLACK)
    text = "".join(segment.text for segment in cleaned)
    assert not [character for character in text if unicodedata.category(character) in ("Cc", "Cs")]
    assert not [segment for segment in cleaned if segment.style is not None and segment.style.link]
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_clean_text_is_the_same_list(text: str) -> None:
    segments = [Segment(text, Style(italic=True)), Segment("再来一次")]
    assert ControlFilter().apply(segments, BLACK) is segments


def test_segments_that_steer_the_terminal_are_dropped() -> None:
    steering = Segment("\x1b[2J", None, [(ControlType.CLEAR,)])
    assert ControlFilter().apply([Segment("a"), steering], BLACK) == [Segment("a")]


def test_a_hyperlink_leaves_only_its_text() -> None:
    strip = Strip([Segment("click", Style(bold=True, link="http://a"))]).apply_filter(ControlFilter(), BLACK)
    assert [(segment.text, segment.style) for segment in strip] == [("click", Style(bold=True))]


@given(st.text(st.sampled_from([chr(code) for code in line_filter._PLAIN])))
def test_ascii_signs_keep_their_place(text: str) -> None:
    [plain] = GlyphFilter().apply([Segment(text, Style(bold=True))], BLACK)
    assert plain.text.isascii()
    assert len(plain.text) == len(text) == cell_len(plain.text) == cell_len(text)
    assert plain.style == Style(bold=True)


def test_letters_stay_in_ascii_drawing() -> None:
    [plain] = GlyphFilter().apply([Segment("│● 模型 é … →")], BLACK)
    assert plain.text == "|* 模型 é . >"
