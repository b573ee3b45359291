"""How far off the estimate may be, GiB: what is known for sure adds nothing, what is guessed adds."""

from __future__ import annotations

from profiles.fit.plan import Plan
from profiles.fit.records import Model, Settings
from profiles.fit.versions import FAMILIES


def uncertainty(model: Model, settings: Settings, plan: Plan, size: float) -> float:
    """Give a band around the KV cache in which nine of ten start-ups lie."""
    if settings.kv_bytes is not None:
        return 0.0
    newest = plan.family is FAMILIES[-1]
    band = 0.5 if newest else 0.25
    if not model.measured_gib and model.files is None:
        band += size * ((0.01 if model.total else 0.03) if not _packed(model, settings) else 0.12)
    if plan.tensor > 1:
        band += 1.2 if plan.family is FAMILIES[0] else 0.5
    band += 0.3 if model.experts else 0.0
    band += 0.3 if model.multimodal else 0.0
    band += 0.7 if "version" in plan.guessed else 0.0
    band += 0.2 * len([name for name in plan.guessed if name != "version"])
    return round(band, 2)


def _packed(model: Model, settings: Settings) -> bool:
    return bool(model.quantization.name) or settings.quantization not in ("", "auto", "none")
