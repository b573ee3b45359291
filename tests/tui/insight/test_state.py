"""Telling a stop from a failure."""

from __future__ import annotations

import pytest

from tui.insight.state import was_stopped

BOOT_INTERRUPTED = "RuntimeError: no\nTraceback (most recent call last):\nKeyboardInterrupt: terminated"


@pytest.mark.parametrize(
    ("code", "kill", "oom", "last", "stopped"),
    [
        (0, False, False, "", True),
        (1, False, False, "RuntimeError: Engine core initialization failed.", False),
        (1, True, False, "RuntimeError: x", True),
        (137, False, False, "", True),
        (137, False, True, "", False),
        (137, True, True, "", True),
        (143, False, False, "", True),
        (1, False, False, BOOT_INTERRUPTED, True),
        (1, False, False, "KeyboardInterrupt\nValueError: later", False),
        (None, False, False, "", False),
        (0, False, False, "vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.", False),
        (0, True, False, "vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue.", True),
    ],
)
def test_a_run_was_stopped_or_has_failed(code: int | None, kill: bool, oom: bool, last: str, stopped: bool) -> None:
    assert was_stopped(code, killed_by_request=kill, oom_killed=oom, last_lines=last) is stopped
