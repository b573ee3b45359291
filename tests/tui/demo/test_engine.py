"""The engine that exists in memory only."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.tui.waiting import until
from tui.demo.engine import DemoEngine
from tui.demo.gpus import DemoGpus
from tui.demo.models import GIB
from tui.insight.phases import BootReader
from tui.services.errors import ServiceError

BODY = {"Image": "vllm/vllm-openai:v0.32.0", "Cmd": ["Qwen/Qwen3-0.6B", "--max-model-len", "8192"]}


@pytest.fixture
async def engine() -> AsyncIterator[DemoEngine]:
    made = DemoEngine(pace=200.0)
    yield made
    made.close()


async def states(engine: DemoEngine) -> dict[str, str]:
    return {one.name: one.state for one in await engine.containers()}


def text_of(engine: DemoEngine, name: str) -> str:
    lines = [line for batch in engine.logs(name, tty=False, follow=False) for line in batch.lines]
    return b"\n".join(lines).decode()


async def test_nothing_in_a_log_is_left_to_be_filled(engine: DemoEngine) -> None:
    for one in await engine.containers():
        assert "@" not in text_of(engine, one.name).replace("@ ", "")


async def test_a_boot_goes_through_its_phases_in_their_order(engine: DemoEngine) -> None:
    await engine.create("fresh", BODY)
    await engine.start("fresh")
    await until(lambda: "startup complete" in text_of(engine, "fresh"))
    reader, seen = BootReader(0.0), []
    for number, line in enumerate(text_of(engine, "fresh").splitlines()):
        reader.feed(float(number), line)
        current = reader.boot(float(number)).current
        if current is not None and current.name not in seen:
            seen.append(current.name)
    assert seen == ["config", "engine", "weights", "KV cache", "graphs", "server"]


async def test_a_context_that_does_not_fit_fails_with_the_numbers(engine: DemoEngine) -> None:
    await engine.start("qwen3-4b-long")
    await until(lambda: not any(one.name == "qwen3-4b-long" for one in engine.running))
    record = await engine.inspect("qwen3-4b-long")
    assert record["State"]["ExitCode"] == 1
    told = text_of(engine, "qwen3-4b-long")
    assert "max seq len (131072), (18.00 GiB KV cache is needed" in told
    assert "available KV cache memory (12.64 GiB)" in told


async def test_names_are_unique_and_what_runs_is_not_removed_unasked(engine: DemoEngine) -> None:
    with pytest.raises(ServiceError, match="in use"):
        await engine.create("bge-m3", BODY)
    with pytest.raises(ServiceError, match="in use"):
        await engine.rename("glm-4-9b", "bge-m3")
    with pytest.raises(ServiceError, match="still running"):
        await engine.remove("qwen3-8b")
    with pytest.raises(ServiceError, match="no container"):
        await engine.inspect("nobody")
    await engine.remove("qwen3-8b", force=True)
    assert "qwen3-8b" not in await states(engine)


async def test_an_image_is_pulled_layer_by_layer_and_then_there(engine: DemoEngine) -> None:
    body = {**BODY, "Image": "vllm/vllm-openai:latest"}
    with pytest.raises(ServiceError, match="no image"):
        await engine.create("fresh", body)
    told = list(engine.pull("vllm/vllm-openai:latest"))
    assert {one.status for one in told} == {"Downloading", "Extracting", "Pull complete"}
    await engine.create("fresh", body)
    assert (await states(engine))["fresh"] == "created"


async def test_a_pull_that_is_closed_brings_nothing(engine: DemoEngine) -> None:
    source = engine.pull("vllm/vllm-openai:nightly")
    next(iter(source))
    source.close()
    assert list(source) == []
    assert await engine.image("vllm/vllm-openai:nightly") is None


async def test_what_happens_is_told(engine: DemoEngine) -> None:
    source = engine.events()
    await engine.stop("qwen3-8b")
    await engine.start("qwen3-8b")
    await engine.rename("qwen3-8b", "eight")
    source.end()
    assert [event.action for event in source] == ["kill", "die", "stop", "start", "rename"]


async def test_a_container_started_with_rm_goes_when_it_is_stopped(engine: DemoEngine) -> None:
    await engine.create("passing", {**BODY, "HostConfig": {"AutoRemove": True}})
    await engine.start("passing")
    await engine.stop("passing")
    assert "passing" not in await states(engine)


async def test_under_the_hosts_network_its_port_is_one_of_its_own(engine: DemoEngine) -> None:
    await engine.create("open", {**BODY, "HostConfig": {"NetworkMode": "host"}})
    await engine.start("open")
    record = await engine.inspect("open")
    assert record["NetworkSettings"]["Ports"]["8000/tcp"][0]["HostPort"] not in ("", "8000")


async def test_the_cards_are_as_full_as_what_runs_on_them(engine: DemoEngine) -> None:
    gpus = DemoGpus(engine)
    first, second = gpus.read().gpus
    assert (first.memory_used or 0) > 18 * GIB > 4 * GIB > (second.memory_used or 0)
    await engine.stop("qwen3-8b")
    assert (gpus.read().gpus[0].memory_used or 0) < GIB
