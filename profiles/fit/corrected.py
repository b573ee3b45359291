"""What an earlier start of the same model, on the same cards with the same version, teaches about the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from profiles.fit.estimate import estimate
from profiles.fit.plan import plan
from profiles.fit.printed import Printed
from profiles.fit.records import Card, Fit, Model, Settings

SURE_GIB = 0.15
"""What is left open after a start with the same settings: from boot to boot vLLM's own figures differ by a tenth."""
MOST_GIB = 8.0
"""A lesson larger than this is a misunderstanding, not a lesson."""


@dataclass(frozen=True, slots=True)
class Boot:
    """One start that went well: how it was launched and what it printed."""

    settings: Settings
    card: Card
    printed: Printed


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a boot teaches."""

    weights_gib: float | None = None
    """As printed; None where the next launch divides the model in another way."""
    overhead_gib: float = 0.0
    """To be added to what the estimate sets aside beside weights and cache."""
    consumed_gib: float | None = None
    """CPU: what was resident before the cache was made, as printed."""
    same: bool = False
    """It was launched just so: only what is left by chance is open."""


def corrected(model: Model, settings: Settings, card: Card, boots: Sequence[Boot] = ()) -> Fit:
    """Reckon a launch with what was printed before.

    Args:
        model: The model's facts.
        settings: Of the launch to come.
        card: The card as it is now.
        boots: Earlier starts of the same model, kind of card and version; the newest first. The first that teaches counts.
    """
    for boot in boots:
        if (found := lesson(model, settings, boot)) is not None:
            return _applied(model, settings, card, found)
    return estimate(model, settings, card)


def lesson(model: Model, settings: Settings, boot: Boot) -> Lesson | None:
    """Learn from one boot; None where it was too different or printed too little."""
    if not _alike(settings, boot.settings):
        return None
    if boot.settings.cpu:
        consumed = boot.printed.consumed_gib
        return Lesson(consumed_gib=consumed, same=_same(model, settings, boot, model)) if consumed else None
    weights = boot.printed.weights_gib
    known = replace(model, measured_gib=(weights,)) if weights else model
    then = estimate(known, boot.settings, boot.card)
    if boot.printed.kv_gib is None or then.kv_gib is None or boot.settings.kv_bytes is not None:
        return Lesson(weights) if weights else None
    over = then.kv_gib - boot.printed.kv_gib
    if abs(over) > MOST_GIB or then.kv_gib <= 0:
        return Lesson(weights) if weights else None
    return Lesson(weights, over, same=_same(model, settings, boot, known))


def _applied(model: Model, settings: Settings, card: Card, found: Lesson) -> Fit:
    known = replace(model, measured_gib=(found.weights_gib,)) if found.weights_gib else model
    wanted = settings if found.consumed_gib is None else replace(settings, consumed_gib=found.consumed_gib)
    fit = estimate(known, wanted, card, found.overhead_gib)
    if fit.uncertainty_gib is None:
        return fit
    return replace(fit, uncertainty_gib=SURE_GIB if found.same else round(SURE_GIB + fit.uncertainty_gib / 2, 2))


def _alike(one: Settings, other: Settings) -> bool:
    """Say whether the weights lie on the cards in the same way."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("tensor", "pipeline", "dtype", "quantization", "cpu", "expert_parallel", "data", "offload_gib")
    )


def _same(model: Model, settings: Settings, boot: Boot, known: Model) -> bool:
    """Say whether what sets the overhead is the same too: rows and tokens of the profile run, graphs, drafts."""
    now, then = plan(known, settings, boot.card), plan(known, boot.settings, boot.card)
    if (now.sequences, now.batched, now.family) != (then.sequences, then.batched, then.family):
        return False
    return (settings.eager, settings.draft_tokens) == (boot.settings.eager, boot.settings.draft_tokens)
