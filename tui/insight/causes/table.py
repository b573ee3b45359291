"""All signs, compiled once, by the literal that finds them."""

from __future__ import annotations

from functools import cache
from itertools import chain

from tui.insight.causes import signs_docker, signs_files, signs_flags, signs_gpu, signs_hub, signs_memory
from tui.insight.causes.records import Sign

TABLES = (signs_docker, signs_gpu, signs_memory, signs_hub, signs_files, signs_flags)


@cache
def signs() -> dict[bytes, tuple[Sign, ...]]:
    """Give the signs of each literal."""
    found: dict[bytes, list[Sign]] = {}
    for one in chain.from_iterable(table.ROWS for table in TABLES):
        sign = one.compiled()
        found.setdefault(sign.literal, []).append(sign)
    return {literal: tuple(some) for literal, some in found.items()}
