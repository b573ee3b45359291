"""A share as a bar: blocks for what is used, a line for the rest."""

from __future__ import annotations

from textual.content import Content

REST = "$foreground 38%"


def gauge(share: float | None, width: int, tone: str = "$primary") -> Content:
    """Draw a share (0..1) in this many cells; only the line where it is not known."""
    full = round(min(max(share or 0.0, 0.0), 1.0) * width)
    return Content.assemble(("█" * full, tone), ("─" * (width - full), REST))


def percent(share: float | None) -> str:
    """Write a share; a dash where it is not known."""
    return "—" if share is None else f"{share:.0%}"
