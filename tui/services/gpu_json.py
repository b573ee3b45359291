"""GPUs as records for JSON: what is not reported is null."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tui.services.gpu import GpuView


def as_records(view: GpuView) -> list[dict[str, Any]] | None:
    """Give one record a GPU, its fields named as in `Gpu`: memory in bytes, power in watts, shares 0..1.

    None when they could not be read; no record at all when there is none.
    """
    if view.trouble is not None and not view.bare:
        return None
    return [asdict(gpu) for gpu in view.gpus]
