"""One sentence of a long action: what it is doing now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Where a launch or a recreate stands."""

    name: str
    """pull, create, start, save, stop, aside, wait, rollback, done, …"""
    text: str
    """One plain sentence for the user."""
    fraction: float | None = None
    """0..1 inside this step, where it is known."""
