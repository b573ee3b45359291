"""Sizes the way Docker writes them: 16g, 512m."""

from __future__ import annotations

import re

UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(?:([bkmgt]?)|([kmgt])i?b)", re.IGNORECASE)


def size(text: str) -> int | None:
    """Read a size in Docker's forms (`512m`, `16g`, `1.5GB`) as bytes; None when it is none."""
    found = SIZE.fullmatch(text.strip())
    if not found:
        return None
    return int(float(found[1]) * UNITS[(found[2] or found[3] or "").lower()])


def size_text(amount: int) -> str:
    """Write bytes in Docker's shortest exact form: 16g, 512m, 1000."""
    for unit, whole in (("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)):
        if amount and amount % whole == 0:
            return f"{amount // whole}{unit}"
    return str(amount) if amount else ""
