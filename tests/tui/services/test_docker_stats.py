"""What the engine's readings say of what a container uses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tui.services.test_docker_engine import Run
from tui.services.docker_engine import DockerEngine
from tui.services.docker_stats import DockerStats
from tui.services.engine import ContainerStats


def answer(second: int, cpu: float, **memory: Any) -> dict[str, Any]:
    return {
        "read": f"2026-01-31T09:30:{second:02}.5Z",
        "cpu_stats": {"cpu_usage": {"total_usage": int(cpu * 1e9)}},
        "memory_stats": memory,
    }


def test_the_cores_are_known_from_the_second_reading_on() -> None:
    stats = DockerStats()
    assert stats.read("a", answer(0, 10.0)).cpu is None
    assert stats.read("a", answer(5, 16.0)).cpu == pytest.approx(1.2)
    assert stats.read("b", answer(6, 99.0)).cpu is None


def test_a_container_that_was_started_anew_counts_from_there() -> None:
    stats = DockerStats()
    stats.read("a", answer(0, 100.0))
    assert stats.read("a", answer(5, 1.0)).cpu is None
    assert stats.read("a", answer(10, 6.0)).cpu == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["inactive_file", "total_inactive_file"])
def test_files_in_memory_that_nobody_needs_do_not_count(name: str) -> None:
    read = DockerStats().read("a", answer(0, 1.0, usage=1000, limit=4000, stats={name: 300}))
    assert (read.memory, read.limit) == (700, 4000)


def test_what_an_engine_does_not_say_is_not_known() -> None:
    assert DockerStats().read("a", {}) == ContainerStats()
    assert DockerStats().read("a", {"cpu_stats": {}, "memory_stats": {}, "read": "0001-01-01T00:00:00Z"}).cpu is None


@pytest.mark.docker
async def test_a_busy_container_uses_about_a_core(docker_engine: DockerEngine, container: Run) -> None:
    name = container(["sh", "-c", "while :; do :; done"])
    first = await docker_engine.stats(name)
    assert first.memory is not None
    await docker_engine.inspect(name)
    second = await docker_engine.stats(name)
    assert second.cpu is not None
    assert 0.0 < second.cpu < 4.0
