"""What a log line or a model writes never steers the terminal."""

from __future__ import annotations

import re

import pytest

from tests.terminal import Terminal

RAW = re.compile(rb"\x1b\]|\x1b\[2J|\x1bP|\xc2[\x80-\x9f]|\x07")

OWN = re.compile(rb"\x1b\]22;[a-z]*\x07")
"""The mouse pointer's shape, which Textual itself sets."""


@pytest.mark.parametrize("protected", [True, False])
def test_hostile_text_in_every_widget_reaches_the_terminal_clean_or_the_test_is_blind(protected: bool) -> None:
    terminal = Terminal(["-m", "tests.widgets.hostile_app", *(["on"] if protected else [])], rows=60)
    try:
        terminal.wait_for("finished")
        found = RAW.findall(OWN.sub(b"", terminal.written))
    finally:
        terminal.close()
    assert len(found) == 0 if protected else len(found) > 40
