"""What must hold for every GPU record, whatever it was read from."""

from __future__ import annotations

import math

from tui.services.gpu import Gpu


def assert_sound(gpu: Gpu) -> None:
    """Every number is in its range, or None."""
    for part in (gpu.utilization, gpu.fan):
        assert part is None or 0 <= part <= 1
    for number in (gpu.temperature, gpu.power, gpu.power_limit):
        assert number is None or (isinstance(number, float) and math.isfinite(number) and number >= 0)
    for whole in (gpu.memory_used, gpu.memory_total, gpu.clock, gpu.clock_memory, gpu.ecc_errors):
        assert whole is None or (isinstance(whole, int) and not isinstance(whole, bool) and whole >= 0)
    assert isinstance(gpu.index, int)
    assert gpu.trouble in (None, "lost")
    for text in (gpu.name, gpu.uuid):
        assert text is None or text
