"""Recreating real containers: nothing changes that was not asked for, and what fails is as it was."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import remove_quietly
from tests.tui.services.recreate_scene import Answers, command, essence, failure, longer, scene, steps
from tui.services import answer_wait
from tui.services.answer import NotYetError
from tui.services.docker_engine import DockerEngine
from tui.services.engine import Container
from tui.services.errors import ServiceError

pytestmark = pytest.mark.docker
COMPOSE = {
    "com.docker.compose.project": "shop",
    "com.docker.compose.service": "llm",
    "com.docker.compose.config-hash": "0123",
    "com.docker.compose.container-number": "1",
}


@pytest.fixture
def name(docker_client: Any) -> Iterator[str]:
    """A name that is free, and cleared with all that was kept aside under it."""
    name = f"g-{uuid.uuid4().hex[:8]}"
    yield name
    for row in docker_client.containers(all=True):
        if any(one.lstrip("/").startswith(name) for one in row["Names"]):
            remove_quietly(docker_client, row["Id"])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_wait, "STEADY_SECONDS", 0.4)
    monkeypatch.setattr(answer_wait, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(answer_wait, "ASK_EVERY", 0.2)


async def run(engine: DockerEngine, image: str, name: str, **parts: Any) -> str:
    """Run a stand-in server, as by hand."""
    host = {"PortBindings": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}, **parts.pop("HostConfig", {})}
    body = {
        "Image": image,
        "Cmd": command(),
        "ExposedPorts": {"8000/tcp": {}},
        "StopTimeout": 2,
        **parts,
        "HostConfig": host,
    }
    container = await engine.create(name, body)
    await engine.start(container)
    return container


async def family(engine: DockerEngine, name: str) -> list[Container]:
    """All containers of this test."""
    return sorted((one for one in await engine.containers() if one.name.startswith(name)), key=lambda one: one.name)


KINDS: dict[str, dict[str, Any]] = {
    "by-hand": {"Env": ["A=1"], "Tty": True, "HostConfig": {"IpcMode": "host", "Memory": 64_000_000}},
    "rm": {"HostConfig": {"AutoRemove": True}},
    "compose": {"Labels": COMPOSE, "Hostname": "llm", "HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}}},
    "always": {"HostConfig": {"RestartPolicy": {"Name": "always"}, "ShmSize": 200_000_000}},
    "on-failure": {"StopTimeout": 3, "HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 4}}},
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_recreate_without_a_change_leaves_everything_as_it_was(
    kind: str, docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    old = await run(docker_engine, busybox, name, **KINDS[kind])
    before = await docker_engine.inspect(old)
    recreator = scene(docker_engine, tmp_path)
    plan = await recreator.plan(name)
    assert plan.changes == ()
    await steps(recreator.recreate(plan))
    after = await docker_engine.inspect(name)
    assert after["Id"] != old
    assert after["State"]["Running"]
    assert essence(after) == essence(before)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_new_one_that_answers_wrongly_gives_way_to_the_old(
    kind: str, docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    old = await run(docker_engine, busybox, name, **KINDS[kind])
    before = await docker_engine.inspect(old)
    recreator = scene(docker_engine, tmp_path, Answers(ServiceError("Another model answers than m", "n")))
    error = await failure(recreator.recreate(await recreator.plan(name, longer)))
    assert (error.title, error.detail) == ("Another model answers than m", "n")
    assert error.mend == f"The old {name} runs again."
    after = await docker_engine.inspect(name)
    assert essence(after) == essence(before)
    assert after["State"]["Running"]
    assert kind == "rm" or after["Id"] == old
    assert [one.name for one in await family(docker_engine, name)] == [name]
    assert list(tmp_path.glob("*")) == []


@pytest.mark.parametrize("kind", ["by-hand", "rm", "always"])
async def test_undo_brings_the_old_one_back(
    kind: str, docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    before = await docker_engine.inspect(await run(docker_engine, busybox, name, **KINDS[kind]))
    recreator = scene(docker_engine, tmp_path)
    await steps(recreator.recreate(await recreator.plan(name, longer)))
    changed = await docker_engine.inspect(name)
    assert changed["Config"]["Cmd"] == command(2048)
    assert name in await recreator.kept()
    assert await recreator.undo(name) == f"The old {name} runs again."
    assert essence(await docker_engine.inspect(name)) == essence(before)
    assert [one.name for one in await family(docker_engine, name)] == [name]
    assert name not in await recreator.kept()


async def test_one_generation_is_kept_aside_with_restart_off(
    docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    await run(docker_engine, busybox, name, **KINDS["always"])
    recreator = scene(docker_engine, tmp_path)
    for length in (2048, 4096, 8192):
        await steps(recreator.recreate(await recreator.plan(name, lambda body, n=length: longer(body, n))))
    now, kept = await family(docker_engine, name)
    assert (await docker_engine.inspect(now.id))["Config"]["Cmd"] == command(8192)
    aside = await docker_engine.inspect(kept.id)
    assert aside["Config"]["Cmd"] == command(4096)
    assert aside["HostConfig"]["RestartPolicy"]["Name"] == "no"
    assert not aside["State"]["Running"]


async def test_a_container_that_stood_still_is_recreated_and_not_started(
    docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    await docker_engine.stop(await run(docker_engine, busybox, name), 1)
    recreator = scene(docker_engine, tmp_path, Answers(ServiceError("must not be asked")))
    plan = await recreator.plan(name, longer)
    assert not plan.running
    await steps(recreator.recreate(plan))
    new = await docker_engine.inspect(name)
    assert new["State"]["Status"] == "created"
    assert new["Config"]["Cmd"] == command(2048)


@pytest.mark.parametrize("kind", ["by-hand", "rm", "always"])
async def test_a_new_one_that_ends_at_once_is_quoted_and_taken_back(
    kind: str, docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    await run(docker_engine, busybox, name, **KINDS[kind])
    recreator = scene(docker_engine, tmp_path, Answers(NotYetError("nobody listens")))
    script = (
        "echo starting; echo 'vllm: error: unrecognized arguments: --nf4' >&2; sleep 0.3; exit 2; vllm serve /models/m"
    )
    plan = await recreator.plan(name, lambda body: {**body, "Cmd": ["sh", "-c", script]})
    error = await failure(recreator.recreate(plan))
    assert error.detail == "vllm: error: unrecognized arguments: --nf4"
    assert error.title.startswith(f"{name} ended")
    assert (await docker_engine.inspect(name))["State"]["Running"]
    assert [one.name for one in await family(docker_engine, name)] == [name]


async def test_further_networks_are_joined_again_with_their_aliases(
    docker_engine: DockerEngine, docker_client: Any, busybox: str, name: str, tmp_path: Path
) -> None:
    networks = [f"{name}-one", f"{name}-two"]
    for network in networks:
        docker_client.create_network(network)
    try:
        endpoints = {"NetworkingConfig": {"EndpointsConfig": {networks[0]: {"Aliases": ["llm"]}}}}
        await run(docker_engine, busybox, name, HostConfig={"NetworkMode": networks[0]}, **endpoints)
        await docker_engine.connect(networks[1], name, {"Aliases": ["gateway", "m"]})
        before = essence(await docker_engine.inspect(name))
        recreator = scene(docker_engine, tmp_path)
        await steps(recreator.recreate(await recreator.plan(name)))
        assert essence(await docker_engine.inspect(name)) == before
        await recreator.undo(name)
        assert essence(await docker_engine.inspect(name)) == before
    finally:
        remove_quietly(docker_client, name)
        for network in networks:
            docker_client.remove_network(network)


async def test_a_port_taken_meanwhile_is_told_and_the_old_one_is_back(
    docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    taken = {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8791"}]}
    await run(docker_engine, busybox, f"{name}-other", HostConfig={"PortBindings": taken})
    await run(docker_engine, busybox, name)
    recreator = scene(docker_engine, tmp_path)
    plan = await recreator.plan(
        name, lambda body: {**body, "HostConfig": {**body["HostConfig"], "PortBindings": taken}}
    )
    error = await failure(recreator.recreate(plan))
    assert "8791" in error.title
    assert error.mend == f"The old {name} runs again."
    assert [one.name for one in await family(docker_engine, name)] == [name, f"{name}-other"]


async def test_an_image_that_is_nowhere_stops_the_recreate_before_anything_is_touched(
    docker_engine: DockerEngine, busybox: str, name: str, tmp_path: Path
) -> None:
    old = await run(docker_engine, busybox, name)
    recreator = scene(docker_engine, tmp_path)
    plan = await recreator.plan(name, lambda body: {**body, "Image": "127.0.0.1:1/none/such:1"})
    assert plan.needs_pull
    await failure(recreator.recreate(plan))
    record = await docker_engine.inspect(name)
    assert record["Id"] == old
    assert record["State"]["Running"]
    assert list(tmp_path.glob("*")) == []


async def test_what_lies_in_an_anonymous_volume_stays_with_the_container(
    docker_engine: DockerEngine, docker_client: Any, busybox: str, name: str, tmp_path: Path
) -> None:
    await run(docker_engine, busybox, name, Volumes={"/data": {}})
    docker_client.exec_start(docker_client.exec_create(name, ["sh", "-c", "echo precious > /data/file"])["Id"])
    recreator = scene(docker_engine, tmp_path)
    plan = await recreator.plan(name)
    assert any("anonymous volumes (1) are handed to the new container" in text for text in plan.warnings)
    assert plan.changes == ()

    def read() -> bytes:
        answer: bytes = docker_client.exec_start(docker_client.exec_create(name, ["cat", "/data/file"])["Id"])
        return answer

    await steps(recreator.recreate(plan))
    assert read() == b"precious\n"
    await steps(recreator.recreate(await recreator.plan(name)))
    assert read() == b"precious\n"
    await recreator.undo(name)
    assert read() == b"precious\n"
    failing = scene(docker_engine, tmp_path, Answers(ServiceError("no")))
    await failure(failing.recreate(await failing.plan(name, longer)))
    assert read() == b"precious\n"
    for mount in (await docker_engine.inspect(name))["Mounts"]:
        remove_quietly(docker_client, name)
        docker_client.remove_volume(mount["Name"], force=True)
