"""Cutting and wrapping by cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.form_text import cut, cut_front, padded, wrapped

WORDS = st.text(st.sampled_from("ab 中文é…-/ "), max_size=60)


@given(WORDS, st.integers(1, 40))
def test_cut_text_is_never_wider_than_asked(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert cell_len(cut_front(text, width)) <= width
    assert cell_len(padded(text, width)) == width


@given(WORDS, st.integers(2, 40))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    lines = wrapped(text, width, 1000)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_path_keeps_its_end() -> None:
    assert cut_front("/very/long/path/to/Qwen3-8B", 12) == "…to/Qwen3-8B"
    assert cut("served-model-name", 8) == "served-…"


def test_what_does_not_fit_in_the_lines_ends_with_an_ellipsis() -> None:
    assert wrapped("one two three four five", 9, 2) == ["one two", "three fo…"]


def test_chinese_is_broken_between_characters_but_a_sign_never_begins_a_line() -> None:
    assert wrapped("改用 8192；若确知模型支持更长的上下文", 16, 9) == ["改用 8192；若确", "知模型支持更长的", "上下文"]
    assert wrapped("会拒绝启动。改用", 10, 9) == ["会拒绝启", "动。改用"]
    assert wrapped("镜像（只读）", 7, 9) == ["镜像", "（只", "读）"]
