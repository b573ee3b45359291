"""Sizes the way Docker writes them (16g, 512m) and counts the way vLLM reads them (8k, 16K)."""

from __future__ import annotations

import re

UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(?:([bkmgt]?)|([kmgt])i?b)", re.IGNORECASE)

COUNT = re.compile(r"(\d{1,18})(?:\.(\d{1,18}))?([kKmMgGtT]?)")
DECIMAL = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
BINARY = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


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


def token_count(text: str) -> int | None:
    """Read a count as vLLM does: 4096, 8k (8000), 16K (16384), 25.6k; None for auto, -1 and what it refuses."""
    found = COUNT.fullmatch(text.strip())
    if found is None:
        return None
    whole, part, unit = found.groups()
    if unit in DECIMAL:
        return int(float(f"{whole}.{part or 0}") * DECIMAL[unit])
    return None if part else int(whole) * BINARY.get(unit, 1)
