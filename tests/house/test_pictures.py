"""The pictures of the documentation are drawn true to the terminal's cells."""

from __future__ import annotations

import sys
from types import ModuleType
from xml.etree import ElementTree as ET

import pyte
import pytest

from tests.house.sources import ROOT

NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module docs/terminal_svg.py, which is a tool and in no package."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import terminal_svg  # type: ignore[import-not-found]

    monkeypatch.delitem(sys.modules, "terminal_svg", raising=False)
    module: ModuleType = terminal_svg
    return module


def drawn(module: ModuleType, data: str) -> ET.Element:
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(data)
    return ET.fromstring(module.svg(screen, "a <picture>"))


def test_markup_in_the_terminal_is_text_in_the_picture(drawing: ModuleType) -> None:
    texts = [node.text for node in drawn(drawing, "<b>&amp;").iter(f"{NAMESPACE}text")]
    assert texts == ["<b>&amp;"]


def test_chinese_stands_on_two_columns_each(drawing: ModuleType) -> None:
    first, second = drawn(drawing, "模型ab").iter(f"{NAMESPACE}text")
    assert (first.text, second.text) == ("模型", "ab")
    assert float(second.attrib["x"]) == pytest.approx(4 * drawing.CELL)
    assert float(first.attrib["textLength"]) == pytest.approx(4 * drawing.CELL)


def test_lines_and_blocks_are_shapes_without_gaps(drawing: ModuleType) -> None:
    picture = drawn(drawing, "╭──╮ ███")
    assert not list(picture.iter(f"{NAMESPACE}text"))
    assert any(f"h{2 * drawing.CELL:.2f}" in node.attrib["d"] for node in picture.iter(f"{NAMESPACE}path"))
    assert any(
        float(node.attrib["width"]) == pytest.approx(3 * drawing.CELL, abs=0.5)
        for node in picture.iter(f"{NAMESPACE}rect")
    )


def test_reversed_and_bold_cells_look_so(drawing: ModuleType) -> None:
    picture = drawn(drawing, "\x1b[7;1mfocus")
    (words,) = picture.iter(f"{NAMESPACE}text")
    assert (words.attrib["fill"], words.attrib["font-weight"]) == (drawing.BACKGROUND, "bold")
