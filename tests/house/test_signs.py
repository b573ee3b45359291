"""Every sign that the program draws has its ASCII twin, for `--ascii` and for terminals that draw such signs double."""

from __future__ import annotations

import ast
import unicodedata

from tests.house.sources import parsed, place, python_files
from widgets.line_filter import _PLAIN

NEVER_DRAWN = {"\u303f"}
"""Stands for something else until just before the line is drawn."""


def test_signs_can_be_drawn_in_ascii() -> None:
    lacking = [
        f"{place(file, node)} {character}"
        for file in python_files("tui", "widgets")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for character in node.value
        if _is_sign(character) and ord(character) not in _PLAIN and character not in NEVER_DRAWN
    ]
    assert lacking == []


def _is_sign(character: str) -> bool:
    """No letter of any language, and nothing that is two cells wide."""
    wide = unicodedata.east_asian_width(character) in "WF"
    return not character.isascii() and unicodedata.category(character)[0] in "SP" and not wide
