"""Launching: pull, create, start; and what breaks half-way leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from profiles.profile import Profile
from tests.conftest import remove_quietly
from tests.fakes import FakeEngine
from tests.own_daemon import run_busybox
from tui.services.engine import ImageInfo, PullProgress
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.launch import Launcher, Step
from tui.services.launch_pull import PullBar

PROFILE = Profile("qwen3", "Qwen/Qwen3-0.6B", gpus="none", env_names=("HF_TOKEN",))
IMAGE = ImageInfo("sha256:1", ("vllm/vllm-openai:latest",), 10, 0.0)


def launcher(engine: FakeEngine, folder: Path) -> Launcher:
    """A launcher on a fake engine."""
    return Launcher(Host("local", "local", engine), Journal(folder), {"HF_TOKEN": "hf_secret"})


async def steps(one: Launcher) -> list[Step]:
    """Launch to the end."""
    return [step async for step in one.launch(PROFILE)]


async def test_an_image_that_is_here_is_created_and_started_at_once(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)
    assert [step.name for step in await steps(launcher(engine, tmp_path))] == ["create", "done"]
    record = await engine.inspect("qwen3")
    assert record["State"]["Running"]
    assert record["Config"]["Labels"]["llmtui.profile"] == "qwen3"
    assert "HF_TOKEN=hf_secret" in record["Config"]["Env"]
    assert "hf_secret" not in str(record["Config"]["Cmd"])
    assert list(tmp_path.iterdir()) == []


async def test_a_missing_image_is_pulled_first(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.pulls["vllm/vllm-openai:latest"] = [
        PullProgress("a", "Downloading", 50, 100),
        PullProgress("a", "Pull complete"),
    ]
    said = await steps(launcher(engine, tmp_path))
    assert said[0].name == "pull"
    assert [step.name for step in said][-2:] == ["create", "done"]
    assert [one.fraction for one in said if one.text == "vllm/vllm-openai:latest is here"] == [1.0]


async def test_a_pull_that_is_refused_creates_nothing(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.pulls["vllm/vllm-openai:latest"] = [
        PullProgress("a", "Waiting"),
        ServiceError("The registry has no such image"),
    ]
    with pytest.raises(ServiceError, match="no such image"):
        await steps(launcher(engine, tmp_path))
    assert engine.names == []
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_a_pull_closes_it(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.hanging = False
    one = launcher(engine, tmp_path)
    engine.pulls["vllm/vllm-openai:latest"] = [PullProgress("a", "Downloading", 1, 100)]
    iterator = one.launch(PROFILE)
    assert (await anext(iterator)).name == "pull"
    await iterator.aclose()
    assert engine.sources[-1].closed
    assert engine.names == []
    assert list(tmp_path.iterdir()) == []


async def test_a_start_that_fails_removes_the_half_made_container(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)
    engine.fail_next(
        "start", ServiceError("The port 127.0.0.1:8000 is taken", "port is already allocated", "Choose another.")
    )
    with pytest.raises(ServiceError) as caught:
        await steps(launcher(engine, tmp_path))
    assert caught.value.title == "qwen3 did not start and is removed again: The port 127.0.0.1:8000 is taken"
    assert caught.value.mend == "Choose another."
    assert engine.names == []
    assert list(tmp_path.iterdir()) == []


async def test_a_taken_name_is_said_and_whoever_has_it_is_left_alone(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)
    engine.add("qwen3", state="created")
    with pytest.raises(ServiceError, match="qwen3 was not created: The name qwen3 is in use"):
        await steps(launcher(engine, tmp_path))
    assert engine.names == ["qwen3"]


async def test_cancelling_in_the_middle_of_a_start_takes_the_container_back(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)
    engine.delay = 0.05
    task = asyncio.ensure_future(steps(launcher(engine, tmp_path)))
    while not any(call[0] == "start" for call in engine.asked):
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.names == []
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_does_not_wait_for_an_engine_that_hangs(tmp_path: Path) -> None:
    engine = FakeEngine(patience=3.0)
    engine.image_list.append(IMAGE)
    one = launcher(engine, tmp_path)
    iterator = one.launch(PROFILE)
    await anext(iterator)
    engine.hanging = True
    task = asyncio.ensure_future(anext(iterator))
    await asyncio.sleep(0.05)
    began = asyncio.get_running_loop().time()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.get_running_loop().time() - began < 0.6


async def test_a_launch_does_not_overwrite_the_way_back_of_a_recreate(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)
    await Journal(tmp_path).record(Entry("recreate", "local", "qwen3", "stop", {"old": "x"}, engine="fake-engine"))
    with pytest.raises(ServiceError, match="An earlier recreate of qwen3 is not finished"):
        await steps(launcher(engine, tmp_path))
    assert [one.step for one in await Journal(tmp_path).entries()] == ["stop"]


async def test_an_engine_that_dies_in_the_middle_leaves_word_for_the_next_start(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)
    for method in ("create", "containers"):
        engine.fail_next(method, ServiceError("Docker does not answer in time"))
    with pytest.raises(ServiceError, match="qwen3 was not created: Docker does not answer in time"):
        await steps(launcher(engine, tmp_path))
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_the_bar_weighs_layers_by_their_bytes_and_never_goes_back() -> None:
    bar = PullBar()
    assert bar.fraction is None
    seen = []
    for progress in (
        PullProgress("big", "Pulling fs layer"),
        PullProgress("small", "Pulling fs layer"),
        PullProgress("big", "Downloading", 450, 900),
        PullProgress("small", "Downloading", 100, 100),
        PullProgress("small", "Verifying Checksum"),
        PullProgress("small", "Download complete"),
        PullProgress("small", "Pull complete"),
        PullProgress("big", "Download complete"),
        PullProgress("big", "Extracting", 450, 900),
        PullProgress("late", "Pulling fs layer"),
        PullProgress("big", "Pull complete"),
        PullProgress("late", "Already exists"),
        PullProgress("", "Status: Downloaded newer image"),
    ):
        bar.feed(progress)
        seen.append(bar.fraction)
    assert seen == sorted(seen)  # type: ignore[type-var]
    assert seen[-1] == 1.0
    assert (bar.received, bar.total) == (1000, 1000)


@pytest.mark.docker
async def test_a_real_engine_starts_it_and_a_refused_start_leaves_nothing(
    tmp_path: Path, docker_engine: object, busybox: str
) -> None:
    engine: FakeEngine = docker_engine  # type: ignore[assignment]
    one = Launcher(Host("local", "local", engine), Journal(tmp_path), {})
    profile = Profile("g-launch-test", "true", image=busybox, port=8792, gpus="none", in_image=True)
    broken = Profile("g-launch-broken", "/no/such/program", image=busybox, port=8793, gpus="none", in_image=True)
    try:
        assert [step.name async for step in one.launch(profile)] == ["create", "done"]
        with pytest.raises(ServiceError, match="g-launch-broken did not start and is removed again"):
            [step async for step in one.launch(broken)]
        names = [row.name for row in await engine.containers()]
        assert "g-launch-test" in names
        assert "g-launch-broken" not in names
    finally:
        await engine.remove("g-launch-test", force=True)


@pytest.mark.docker
async def test_a_real_pull_is_told_and_can_be_cancelled(
    tmp_path: Path, docker_engine: Any, docker_client: Any, busybox: str, registry: str
) -> None:
    image = f"{registry}/llmtui-test/launch:1"
    layer = f"g-launch-layer-{os.getpid()}"
    run_busybox(docker_client, layer, ["sh", "-c", "head -c 20000000 /dev/urandom > /blob"])
    docker_client.wait(layer)
    docker_client.commit(layer, repository=image.rpartition(":")[0], tag="1")
    remove_quietly(docker_client, layer)
    list(docker_client.push(image, stream=True))
    docker_client.remove_image(image)
    one = Launcher(Host("local", "local", docker_engine), Journal(tmp_path), {})
    profile = Profile("g-launch-pull", "true", image=image, port=0, gpus="none", in_image=True)
    try:
        iterator = one.launch(profile)
        await anext(iterator)
        await iterator.aclose()
        assert await docker_engine.image(image) is None
        said = [step async for step in one.launch(profile)]
        fractions = [step.fraction or 0.0 for step in said if step.name == "pull"]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1.0
        assert [step.name for step in said][-2:] == ["create", "done"]
    finally:
        remove_quietly(docker_client, "g-launch-pull")
        docker_client.remove_image(image)


async def test_a_container_that_could_not_be_taken_away_is_not_said_to_be_gone(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.image_list.append(IMAGE)

    async def refuses(*_about: object, **_how: object) -> None:
        raise ServiceError("Docker does not answer in time")

    engine.start = engine.remove = refuses  # type: ignore[method-assign,assignment]
    with pytest.raises(ServiceError, match="qwen3 did not start and could not be removed"):
        await steps(launcher(engine, tmp_path))
    assert engine.names == ["qwen3"]
