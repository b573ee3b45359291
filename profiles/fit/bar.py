"""The bar: an answer's parts drawn to scale in a row of cells, each with a letter of its own."""

from __future__ import annotations

from profiles.fit.records import Fit

LETTERS = {"others": "o", "weights": "W", "non_torch": "n", "activation": "a", "graphs": "g", "kv": "K", "rest": "."}


def cells(fit: Fit, width: int) -> tuple[tuple[str, int], ...]:
    """Give each part's name and its number of cells; together they are exactly `width`, and no part vanishes while there is room.

    What does not fit on the card stretches the scale, so that one sees by how much.
    """
    parts = [part for part in fit.parts() if part.gib > 0]
    total = sum(part.gib for part in parts)
    if not parts or total <= 0 or width <= 0:
        return ()
    parts = sorted(sorted(parts, key=lambda part: -part.gib)[:width], key=parts.index)
    counts = [max(1, int(width * part.gib / total)) for part in parts]
    while sum(counts) > width:
        counts[counts.index(max(counts))] -= 1
    shares = [width * part.gib / total - count for part, count in zip(parts, counts, strict=True)]
    while sum(counts) < width:
        place = shares.index(max(shares))
        counts[place] += 1
        shares[place] -= 1
    return tuple((part.name, count) for part, count in zip(parts, counts, strict=True))


def letters(fit: Fit, width: int) -> str:
    """Draw the bar with letters alone."""
    return "".join(LETTERS[name] * count for name, count in cells(fit, width))
