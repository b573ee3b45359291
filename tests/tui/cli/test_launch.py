"""`llmtui launch PROFILE`: the checks, the start, the wait."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from profiles.profile import Profile
from tests.world import World
from tui.cli.arguments import parse
from tui.cli.launch import work
from tui.services.engine import ImageInfo
from tui.services.errors import ServiceError
from tui.services.vllm import Identity

Said = pytest.CaptureFixture[str]
IMAGE = "vllm/vllm-openai:latest"
URL = "http://127.0.0.1:8123"
FAILS = b"ValueError: No available memory for the cache blocks.\nRuntimeError: Engine core initialization failed.\n"


def world_with_profile(folder: Path, **changes: Any) -> World:
    world = World(folder)
    config = {"Entrypoint": ["/bin/sh"]}  # so that `vllm serve` stands in the container's own record
    world.engine.image_list.append(ImageInfo("sha256:1", (IMAGE,), 1, 0.0, config))
    given: dict[str, Any] = {"port": 8123, "gpus": "none", "image": IMAGE, **changes}
    world.services.store.save(Profile("smol", "a/b", **given))
    return world


async def launch(world: World, *arguments: str) -> int:
    return await work(parse(["launch", *arguments]), world.services)


async def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.02)


def runs(world: World) -> bool:
    return "smol" in world.engine.names and bool(world.engine.record("smol")["State"]["Running"])


async def test_a_profile_is_launched_by_its_name_and_its_address_is_told(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    assert await launch(world, "smol") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("smol is starting: http://127.0.0.1:8123/v1\n", "")
    assert world.engine.record("smol")["State"]["Running"]


async def test_a_file_is_a_profile_too_and_name_and_port_may_be_others(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    file = tmp_path / "mine.toml"
    file.write_text(f'model = "a/b"\nimage = "{IMAGE}"\ngpus = "none"\n', "utf-8")
    assert await launch(world, str(file), "--name", "two", "--host-port", "8124") == 0
    record = world.engine.record("two")
    assert record["HostConfig"]["PortBindings"]["8000/tcp"][0]["HostPort"] == "8124"
    assert record["Config"]["Labels"]["llmtui.profile"] == "mine"
    assert "two is starting: http://127.0.0.1:8124/v1" in capsys.readouterr().out


async def test_what_stands_in_the_way_is_said_and_nothing_is_made(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    world.engine.add("smol", state="exited")
    assert await launch(world, "smol") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "The name smol is taken by a container (stopped" in said.err and "Take smol-2" in said.err
    assert not any(call[0] == "create" for call in world.engine.asked)


async def test_json_names_every_check_that_is_not_well(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    world.engine.add("smol", state="exited")
    assert await launch(world, "smol", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    (name,) = [check for check in told["checks"] if check["name"] == "name"]
    assert (name["ok"], name["offer"], told["name"], told["server"]) == (False, "smol-2", "smol", None)
    assert told["error"]["title"] == "smol is not launched"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("smoll", "There is no profile smoll. Near to it: smol"),
        ("none.toml", "none.toml cannot be read as a profile: No such file"),
    ],
)
async def test_a_profile_that_is_not_there_is_told(tmp_path: Path, capsys: Said, subject: str, words: str) -> None:
    assert await launch(world_with_profile(tmp_path), subject) == 1
    assert words in capsys.readouterr().err


async def test_an_own_profile_that_cannot_be_read_is_told_as_such(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    (tmp_path / "profiles" / "torn.toml").write_text("name = ", "utf-8")
    assert await launch(world, "torn") == 1
    assert "torn.toml cannot be read as a profile" in capsys.readouterr().err


async def test_an_engine_that_refuses_is_told_and_takes_the_container_back(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    world.engine.fail_next("start", ServiceError("Docker could not start smol", "no such device"))
    assert await launch(world, "smol") == 1
    assert "no such device" in capsys.readouterr().err
    assert world.engine.names == []


async def test_waiting_shows_the_phases_and_ends_when_it_is_ready(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    waiting = asyncio.ensure_future(launch(world, "smol", "--wait"))
    await until(lambda: runs(world), "its start")
    world.engine.feed("smol", b"INFO vLLM API server version 0.32.0\nINFO Starting to load model a/b...\n")
    err = ""

    def phase_is_shown() -> bool:
        nonlocal err
        err += capsys.readouterr().err
        return "weights" in err

    await until(phase_is_shown, "the phase of the weights")
    assert not waiting.done()
    world.client.alive[URL] = Identity("a/b", None, None, None)
    assert await waiting == 0
    assert capsys.readouterr().out.endswith(f"{URL}/v1\n")


async def test_waiting_for_one_that_fails_shows_its_last_lines_and_the_cause(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    waiting = asyncio.ensure_future(launch(world, "smol", "--wait", "--json"))
    await until(lambda: runs(world), "its start")
    world.engine.feed("smol", FAILS)
    world.engine.exit("smol", 1)
    assert await waiting == 1
    said = capsys.readouterr()
    assert "RuntimeError: Engine core initialization failed." in said.err
    assert "exit code 1: ValueError: No available memory for the cache blocks" in said.err
    told = json.loads(said.out)
    assert (told["server"]["state"], told["server"]["exit_code"]) == ("failed", 1)
    assert "No available memory" in told["error"]["title"]


async def test_who_stops_waiting_leaves_the_server_running_and_is_told_so(tmp_path: Path, capsys: Said) -> None:
    world = world_with_profile(tmp_path)
    waiting = asyncio.ensure_future(launch(world, "smol", "--wait"))
    await until(lambda: runs(world), "its start")
    await until(lambda: any(call[0] == "events" for call in world.engine.asked), "the watching")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert world.engine.record("smol")["State"]["Running"]
    assert "smol goes on starting; llmtui logs smol -f" in capsys.readouterr().err
