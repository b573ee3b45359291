"""Reading numbers and words out of files that anybody may have written: what is not one is None, never an error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

LARGEST = 1 << 53
"""No honest size in a config.json comes near; beyond it floats lose whole numbers."""


def real(value: object) -> float | None:
    """Give a finite, non-negative number, also of a string that holds one; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value[:40] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0 <= number <= LARGEST else None


def whole(value: object) -> int | None:
    """Give a non-negative whole number, also of a string, or the largest of a list of them; None for everything else."""
    if isinstance(value, (list, tuple)):
        found = [one for one in map(whole, value[:4096]) if one is not None]
        return max(found, default=None)
    number = real(value)
    return None if number is None else int(number)


def first(record: Mapping[str, Any], names: Iterable[str]) -> int | None:
    """Give the first of these names that holds a positive whole number."""
    for name in names:
        if found := whole(record.get(name)):
            return found
    return None


def table(value: object) -> dict[str, Any]:
    """Give a JSON object, and an empty one for everything else."""
    return value if isinstance(value, dict) else {}


def words(value: object) -> list[str]:
    """Give a list of strings; everything else in it is left out."""
    return [one for one in value[:4096] if isinstance(one, str)] if isinstance(value, (list, tuple)) else []


def word(value: object) -> str:
    """Give a short string, and "" for everything else."""
    return value[:200] if isinstance(value, str) else ""
