"""What a container uses, from two of the engine's readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.insight.log_times import epoch_of
from tui.services.engine import ContainerStats

_CACHES = ("inactive_file", "total_inactive_file")
"""What can be taken back at any time, in control groups 2 and 1; `docker stats` does not count it either."""


class DockerStats:
    """Keeps the reading before of each container: the engine itself would wait a second for one."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[float, int]] = {}

    def read(self, container: str, answer: Mapping[str, Any]) -> ContainerStats:
        """Read /containers/…/stats; the CPU is known from the second reading on."""
        memory = answer.get("memory_stats") or {}
        usage, limit = memory.get("usage"), memory.get("limit")
        details = memory.get("stats") or {}
        cache = next((details[name] for name in _CACHES if name in details), 0)
        return ContainerStats(
            self._cores(container, answer),
            max(0, usage - cache) if usage is not None else None,
            limit or None,
        )

    def _cores(self, container: str, answer: Mapping[str, Any]) -> float | None:
        """Give the CPU seconds used in a second since the reading before."""
        total: int | None = ((answer.get("cpu_stats") or {}).get("cpu_usage") or {}).get("total_usage")
        at = epoch_of(answer.get("read"))
        if total is None or at is None:
            self._before.pop(container, None)
            return None
        before, self._before[container] = self._before.get(container), (at, total)
        if before is None or at <= before[0] or total < before[1]:
            return None
        return (total - before[1]) / 1e9 / (at - before[0])
