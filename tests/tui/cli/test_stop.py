"""`llmtui stop NAME`: whom it stops, whom it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.world import World
from tui.cli.arguments import Options, parse
from tui.cli.stop import work

Said = pytest.CaptureFixture[str]


async def stop(world: World, *arguments: str) -> int:
    return await work(parse(["stop", *arguments]), world.services)


def state(world: World, name: str) -> str:
    return str(world.engine.record(name)["State"]["Status"])


async def test_a_server_is_stopped_at_once_and_named(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    assert await stop(world, "smol") == 0
    assert state(world, "smol") == "exited"
    assert capsys.readouterr().out == "Stopped the container smol (vllm/vllm-openai:latest).\n"


async def test_one_that_is_stopped_already_is_no_failure(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    assert await stop(world, "smol") == 0
    assert capsys.readouterr().out == "smol does not run.\n"


async def test_one_of_rm_is_said_to_be_gone(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.add("smol", port=8123, body={"HostConfig": {"AutoRemove": True}})
    assert await stop(world, "smol") == 0
    assert "--rm and is gone" in capsys.readouterr().out
    assert world.engine.names == []


async def test_what_is_no_model_server_is_stopped_only_with_any(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.add("db", "postgres:16", ("postgres",))
    assert await stop(world, "db") == 1
    assert "--any" in capsys.readouterr().err
    assert state(world, "db") == "running"
    assert await stop(world, "db", "--any") == 0
    assert state(world, "db") == "exited"


async def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    assert await stop(world, "smoll") == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "llmtui: There is no server smoll. Near to it: smol\n")
    assert state(world, "smol") == "running"


@pytest.mark.parametrize("name", ["smol", "nobody"])
async def test_json_says_who_was_stopped_or_why_nobody_was(tmp_path: Path, capsys: Said, name: str) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    code = await stop(world, name, "--json")
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    if name == "smol":
        assert (code, told["error"], told["server"]["state"]) == (0, None, "stopped")
    else:
        assert (code, told["server"], told["error"]["title"]) == (1, None, "There is no server nobody")


async def test_without_an_engine_a_container_is_not_said_to_be_unknown(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.dead = True
    assert await stop(world, "smol") == 1
    assert "Docker does not answer" in capsys.readouterr().err


def test_the_call_of_these_tests_is_the_one_of_the_command_line() -> None:
    assert parse(["stop", "smol"]) == Options("stop", subject="smol")
