"""A moment as one types it: so long ago, a date, or seconds since the epoch."""

from __future__ import annotations

import re
from datetime import datetime

SECONDS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_AGO = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?", re.ASCII)
_EPOCH = re.compile(r"\d{9,11}(?:\.\d+)?", re.ASCII)


def moment(text: str, now: float) -> float:
    """Read `10m`, `1h30m`, `2026-01-31T09:30` (local time unless it says its zone) or seconds since the epoch.

    Raises:
        ValueError: It is none of these.
    """
    if _EPOCH.fullmatch(text):
        return float(text)
    if text and (ago := _AGO.fullmatch(text)) is not None:
        return now - sum(int(number or 0) * size for number, size in zip(ago.groups(), SECONDS.values(), strict=True))
    try:
        return datetime.fromisoformat(text).timestamp()
    except OverflowError as error:  # a year that no clock has
        raise ValueError(text) from error
