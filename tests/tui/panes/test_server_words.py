"""Servers in words."""

from __future__ import annotations

import pytest

from tui.panes.server_words import origin_words


@pytest.mark.parametrize(
    ("origin", "saved", "words"),
    [
        ("profile qwen", True, "profile qwen"),
        ("profile qwen", False, "profile qwen (not saved)"),
        ("compose web", False, "compose web"),
        ("", False, "started by hand"),
    ],
)
def test_a_profile_that_was_never_saved_is_named_as_such(origin: str, saved: bool, words: str) -> None:
    assert origin_words(origin, lambda name: saved and name == "qwen") == words
