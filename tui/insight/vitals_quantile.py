"""Percentiles out of a histogram's buckets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple


class Quantile(NamedTuple):
    """A point below which a share of the observations lies."""

    value: float
    beyond: bool
    """It lies above the last finite bound, which is what `value` then is."""


def quantile(share: float, buckets: Mapping[str, float]) -> Quantile | None:
    """Interpolate in the bucket in which a share (0..1) of the observations is reached; None where there was none.

    `buckets` are counts of observations up to each bound, as Prometheus gives them ("+Inf" or "inf" is the last).
    """
    bounds: list[tuple[float, float]] = []
    count = 0.0
    for bound, text in sorted((float(text), text) for text in buckets):
        count = max(count, buckets[text])
        bounds.append((bound, count))
    wanted = share * count
    lower, below = 0.0, 0.0
    for bound, up_to in bounds if count > 0 else ():
        if up_to >= wanted and up_to > below:
            return _within(lower, bound, (wanted - below) / (up_to - below), has_finite=bound != bounds[0][0])
        lower, below = bound, up_to
    return None


def _within(lower: float, upper: float, part: float, has_finite: bool) -> Quantile | None:
    if math.isinf(upper):
        return Quantile(lower, True) if has_finite else None
    return Quantile(upper if upper <= 0 else lower + (upper - lower) * part, False)
