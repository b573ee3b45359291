"""The engine's times."""

from __future__ import annotations

import re
from datetime import datetime

STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?")


def epoch_of(stamp: object) -> float | None:
    """Turn an RFC 3339 timestamp into seconds since the epoch; None when it is none, or the engine's "never" (the year 1).

    Engines give nanoseconds; a time without a zone is UTC.
    """
    found = STAMP.fullmatch(stamp) if isinstance(stamp, str) else None
    if found is None or found[1].startswith("0001-"):
        return None
    whole, digits, zone = found.groups()
    try:
        moment = datetime.fromisoformat(whole + ("+00:00" if zone in (None, "Z") else zone)).timestamp()
    except (ValueError, OverflowError):
        return None
    return moment + (float(f"0.{digits}") if digits else 0.0)
