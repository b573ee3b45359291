"""`llmtui export`: a profile or a running server, written to be used elsewhere."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from profiles.profile import Profile
from profiles.store import load
from tests.world import World
from tui.__main__ import main
from tui.cli.arguments import parse
from tui.cli.export import work

Said = pytest.CaptureFixture[str]
MINE = Profile("mine", "a/b", gpus="none", env=(("HF_TOKEN", "hf_" + "x" * 20),), options=("--rm",))


async def export(world: World, *arguments: str) -> int:
    return await work(parse(["export", *arguments]), world.services)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.services.store.save(MINE)
    return made


async def test_a_profile_is_printed_and_what_is_lost_is_said_beside_it(world: World, capsys: Said) -> None:
    assert await export(world, "mine", "--as", "compose") == 0
    said = capsys.readouterr()
    assert yaml.safe_load(said.out)["services"]["mine"]["environment"] == {"HF_TOKEN": None}
    assert "--rm" in said.err and "HF_TOKEN is a secret" in said.err and "xxxx" not in said.out + said.err


async def test_without_a_form_it_is_bash_and_one_line_is_one_line(world: World, capsys: Said) -> None:
    assert await export(world, "mine", "--one-line") == 0
    out = capsys.readouterr().out
    assert out.startswith("docker run -d --name mine ") and out.count("\n") == 1


async def test_a_file_is_written_and_can_be_taken_in_again(world: World, tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "shared.toml"
    assert await export(world, "mine", "--as", "toml", "-o", str(file)) == 0
    assert capsys.readouterr().out == ""
    assert load(file.read_text(), "x").env_names == ("HF_TOKEN",)
    assert await asyncio.to_thread(main, ["import", str(file), "--save", "two", "--home", str(tmp_path / "other")]) == 0
    kept = load((tmp_path / "other/config/profiles/two.toml").read_text(), "x")
    assert (kept.name, kept.model, kept.options) == ("two", "a/b", ("--rm",))


async def test_a_running_server_is_written_as_the_profile_it_is(world: World, capsys: Said) -> None:
    body: dict[str, Any] = {
        "Image": "vllm/vllm-openai:latest",
        "Entrypoint": ["vllm", "serve"],
        "Cmd": ["x/y", "--max-model-len", "4096"],
        "HostConfig": {},
    }
    await world.engine.create("runs", body)
    assert await export(world, "--server", "runs", "--as", "argv") == 0
    out = capsys.readouterr().out
    assert "vllm serve x/y" in out and "--max-model-len 4096" in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["gone"], "gone"), (["--server", "gone"], "gone"), (["mine", "-o", "/dev/null/x"], "/dev/null/x")],
)
async def test_what_cannot_be_written_is_one_sentence(
    world: World, capsys: Said, arguments: list[str], word: str
) -> None:
    assert await export(world, *arguments) == 1
    said = capsys.readouterr()
    assert said.out == "" and word in said.err and len(said.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["mine", "--as", "fish"], ["mine", "--server", "runs"]])
def test_a_wrong_call_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["export", *arguments])
    assert ended.value.code == 2
