"""No title, label, button or footer of the console is cut at 80x24, in either language."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLACES = {
    "help": "HelpScreen",
    "remove": "ConfirmDialog",
    "stop": "ConfirmDialog",
    "rename": "RenameDialog",
    "copies": "ChoiceList",
    "places": "ChoiceList",
    "logs": "ConsoleScreen",
    "help_logs": "HelpScreen",
    "parameters": "ConsoleScreen",
    "help_parameters": "HelpScreen",
    "chat": "ConsoleScreen",
    "settings": "ChatSettingsScreen",
    "talks": "ConversationsScreen",
    "chat_talk": "ConsoleScreen",
    "launch": "LaunchScreen",
    "find": "Finder",
    "picker": "ChoiceList",
    "picker_help": "HelpScreen",
}
"""What is gone to, in this order, and which screen stands there then."""


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut_on_the_console_at_80x24(tmp_path: Path, language: str) -> None:
    """The language is chosen before the first import, so that each needs a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.tui.screens.cut_walk", str(tmp_path), language],
        capture_output=True,
        text=True,
        timeout=180,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [f"{place} on {screen}: whole" for place, screen in PLACES.items()]
