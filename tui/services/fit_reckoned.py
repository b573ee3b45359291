"""A launch reckoned on what is known: which card counts, which earlier start teaches, and what follows. Pure, within milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from profiles.fit import versions, weights
from profiles.fit.corrected import corrected, lesson
from profiles.fit.estimate import estimate
from profiles.fit.flags import settings
from profiles.fit.records import Card, Fit, Model, Settings
from profiles.profile import Profile
from tui.services.fit_card import card_of, takes
from tui.services.fits import Cards, Ground, boots_for
from tui.services.gpu import Gpu
from tui.services.history_boots import KeptBoot


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An estimate, and what it was made from."""

    fit: Fit
    settings: Settings
    card: Card
    model: Model
    gpus: tuple[Gpu, ...] = ()
    """The GPUs that the launch takes; none for the CPU back end, or where none is seen."""
    boot: KeptBoot | None = None
    """The earlier start that corrected it."""
    same: bool = False
    """Whether that start was launched just so."""

    @property
    def parameters(self) -> int:
        """How many weights the model has; 0 where that is not known."""
        files = self.model.files
        return files.parameters if files is not None else self.model.total or weights.count(self.model)

    def with_cache(self, dtype: str) -> Fit:
        """Give the estimate with another type of KV cache."""
        return _fit(self.model, replace(self.settings, kv_dtype=dtype), self.card, self.boot)


def reckon(
    profile: Profile, version: str, ground: Ground, cards: Cards, total_gib: float | None = None
) -> Reckoned | None:
    """Reckon a launch; None while the model's facts are not known.

    Args:
        profile: As it would be launched.
        version: vLLM's version as the image itself said it; "" leaves it to the image's tag.
        ground: What is known of the model.
        cards: The memory of the host as it is now.
        total_gib: Another card's memory, of which nobody holds anything; None takes the host's own.
    """
    if ground.model is None:
        return None
    wanted = settings(profile, version)
    taken = () if wanted.cpu else tuple(gpu for gpu in cards.gpus if takes(profile, gpu))
    card = cards.ram if wanted.cpu else card_of(taken, profile)
    if total_gib is not None:
        card = replace(card, total_gib=total_gib, free_gib=None)
    boot = teacher(ground, wanted, card)
    return Reckoned(
        _fit(ground.model, wanted, card, boot),
        wanted,
        card,
        ground.model,
        taken,
        boot,
        boot is not None and launched_so(boot, wanted),
    )


def teacher(ground: Ground, wanted: Settings, card: Card) -> KeptBoot | None:
    """Choose the start that teaches most: one that was launched just so before others, the newer before the older."""
    known = boots_for(ground.boots, card, versions.version(wanted.version))
    ordered = sorted(known, key=lambda one: not launched_so(one, wanted))
    model = ground.model
    if model is None:
        return None
    return next((one for one in ordered if launched_so(one, wanted) or lesson(model, wanted, one.boot)), None)


def launched_so(kept: KeptBoot, wanted: Settings) -> bool:
    """Say whether a start was launched with just these settings, however its version was written."""
    return replace(kept.settings, version="") == replace(wanted, version="")


def starts(models: dict[str, Model], profile: Profile, version: str, cards: Cards) -> dict[str, Fit]:
    """Give a rough estimate of a profile with each of many models, by their paths."""
    wanted = settings(profile, version)
    card = cards.ram if wanted.cpu else card_of(cards.gpus, profile)
    divided = wanted.tensor * wanted.pipeline
    return {
        path: estimate(replace(model, measured_gib=tuple(gib / divided for gib in model.measured_gib)), wanted, card)
        for path, model in models.items()
    }


def others(gpus: Sequence[Gpu]) -> tuple[str, ...]:
    """Name who holds most of the fullest card's memory now, the largest first; empty where the driver does not say."""
    fullest = max(gpus, key=lambda gpu: gpu.memory_used or 0, default=None)
    if fullest is None or not fullest.processes:
        return ()
    ordered = sorted(fullest.processes, key=lambda one: -(one.memory or 0))
    names = [one.owner or (one.name or "").rpartition("/")[2] for one in ordered]
    return tuple(dict.fromkeys(name for name in names if name))


def without(cards: Cards, owner: str) -> Cards:
    """Give the memory as if one server were not there; unknown where the driver does not say what it holds."""

    def freed(gpu: Gpu) -> Gpu:
        if gpu.memory_used is None or gpu.processes is None:
            return replace(gpu, memory_used=None)
        own = sum(one.memory or 0 for one in gpu.processes if one.owner == owner)
        return replace(gpu, memory_used=max(0, gpu.memory_used - own))

    return replace(cards, gpus=tuple(map(freed, cards.gpus)), ram=replace(cards.ram, free_gib=None))


def _fit(model: Model, wanted: Settings, card: Card, boot: KeptBoot | None) -> Fit:
    return corrected(model, wanted, card, () if boot is None else (boot.boot,))
