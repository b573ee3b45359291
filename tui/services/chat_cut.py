"""How its server ended in the middle of an answer: the protocol says `abort` or nothing at all, the reader wants to know who did it."""

from __future__ import annotations

from tui.services.server import ALIVE, Server, State

CUT = frozenset({"abort", "broken"})
"""Endings that tell nothing: vLLM aborts what runs when it shuts down; a connection that breaks says nothing."""
JUST_SECONDS = 15.0
"""How soon after a broken connection its server's end must show to be the reason."""
RESTARTED, HALTED, KILLED, FAILED, REMOVED = "restarted", "halted", "killed", "failed", "removed"
"""What may have become of the server instead."""


def end_of(asked: Server, now: Server) -> str:
    """Say what became of the run of a server that was asked; "" while it is not known, or goes on.

    Args:
        asked: The server when the question was put to it.
        now: The same server now.
    """
    if now.action is not None or now.seen is not None:
        return ""
    if now.state in ALIVE:
        another = now.id != asked.id or (now.since or 0.0) > (asked.since or 0.0) + 0.5
        return RESTARTED if another else ""
    ends = {
        State.STOPPED: KILLED if now.killed else HALTED,
        State.FAILED: KILLED if now.killed else FAILED,
        State.GONE: REMOVED,
    }
    return ends.get(now.state, "")
