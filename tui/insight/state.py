"""Telling apart how a server ended."""

from __future__ import annotations

DEAD = "EngineDeadError"
INTERRUPTED = frozenset({130, 137, 143})
"""Exit codes of SIGINT, SIGKILL and SIGTERM."""


def was_stopped(exit_code: int | None, *, killed_by_request: bool, oom_killed: bool, last_lines: str = "") -> bool:
    """Whether somebody stopped it, rather than it failing.

    Args:
        exit_code: The container's exit code.
        killed_by_request: The engine saw a `kill` event (stop, kill or restart) before the end.
        oom_killed: The kernel killed it for memory.
        last_lines: The end of its log; a KeyboardInterrupt as the last exception is how vLLM ends when stopped during its boot,
            and one whose engine died under it ends with code 0.
    """
    if killed_by_request:
        return True
    if exit_code == 0:
        return DEAD not in last_lines
    if oom_killed:
        return False
    return exit_code in INTERRUPTED or _interrupted_last(last_lines)


def _interrupted_last(text: str) -> bool:
    exceptions = [
        line for line in text.splitlines() if "Error" in line or "Exception" in line or "KeyboardInterrupt" in line
    ]
    return bool(exceptions) and "KeyboardInterrupt" in exceptions[-1]
