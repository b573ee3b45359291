"""The engine's times."""

from __future__ import annotations

from datetime import datetime


def epoch_of(stamp: str) -> float | None:
    """Turn an RFC 3339 timestamp into seconds since the epoch; None when it is none, or says "never"."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment.timestamp() if moment.year > 1 else None
