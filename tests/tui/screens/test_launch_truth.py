"""The command that is shown and copied is what a launch does; what merely cautions does not block it."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from profiles.create import create_body, mount_entry
from profiles.paths import Place
from profiles.profile import Mount, Profile
from profiles.store import builtin
from tests.tui.screens.launch_fakes import BASE, LaunchApp
from tests.tui.screens.test_launch import SMALL, WIDE, current, find, ready
from tests.tui.waiting import shown, until
from tui.screens.launch import LaunchScreen
from tui.screens.launch_state import proposed_name
from tui.services.engine import ImageInfo
from tui.services.preflight_check import Check
from widgets.choice_list import ChoiceList

HOME = "/home/me"
FOREIGN = replace(BASE, image="foreign/vllm:1", model="~/models/q", mounts=(Mount("~/x", "/x"),))


def truth(body: dict[str, Any]) -> dict[str, Any]:
    """Give what a create body says that a command line says too."""
    entrypoint = list(body.get("Entrypoint") or ())
    return {
        "image": body["Image"],
        "entrypoint": entrypoint[:1],
        "words": [*entrypoint[1:], *body["Cmd"]],
        "env": body["Env"],
        "labels": body["Labels"],
        "mounts": body["HostConfig"]["Mounts"],
    }


def said(command: str, image: str) -> dict[str, Any]:
    """Give the same of a `docker run` line."""
    words = shlex.split(command.replace("\\\n", " "))
    at = words.index(image)
    pairs = list(pairwise(words[: at + 1]))
    taken = {
        flag: [value for key, value in pairs if key == flag] for flag in ("-e", "--label", "--entrypoint", "--mount")
    }
    mounts = [dict(part.partition("=")[::2] for part in text.split(",")) for text in taken["--mount"]]
    return {
        "image": image,
        "entrypoint": taken["--entrypoint"],
        "words": words[at + 1 :],
        "env": [entry for entry in taken["-e"] if "=" in entry],
        "labels": dict(entry.split("=", 1) for entry in taken["--label"]),
        "mounts": [mount_entry(Mount(one["source"], one["target"], "readonly" in one)) for one in mounts],
    }


@pytest.mark.parametrize(
    "entrypoint", [["vllm", "serve"], ["python3", "-m", "vllm.entrypoints.openai.api_server"], ["/bin/bash"]]
)
@pytest.mark.parametrize("profile", [*builtin(), FOREIGN], ids=lambda profile: profile.name)
async def test_the_command_says_what_is_created(tmp_path: Path, profile: Profile, entrypoint: list[str]) -> None:
    app = LaunchApp(tmp_path, replace(profile, env_names=()))
    app.launcher._environ = {"HOME": HOME}
    app.launcher.host.engine.image_list = [ImageInfo("sha256:2", (profile.image,), 1, 0.0, {"Entrypoint": entrypoint})]  # type: ignore[attr-defined]
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await until(lambda: app.launch._state.entrypoint is not None)
        await pilot.press("ctrl+y")
        await until(lambda: bool(app.copied))
        body = create_body(app.launch.profile, {}, Place(home=HOME), entrypoint)
        assert said(app.copied[0], profile.image) == truth(body)
        assert "~" not in app.copied[0]


async def test_another_image_is_asked_for_its_own_entrypoint(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    app.launcher.host.engine.image_list = [
        ImageInfo("sha256:2", ("rocm/vllm:1",), 1, 0.0, {"Entrypoint": ["/bin/bash"]})
    ]  # type: ignore[attr-defined]
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        assert "--entrypoint" not in shown(app)
        await find(app, pilot, "image", "image")
        await pilot.press("enter", *"rocm", "enter")
        await until(lambda: "--entrypoint vllm" in shown(app))


async def test_a_broken_profile_is_told_and_cannot_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "mine.toml").write_text("model = [")
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await until(lambda: "▲ mine.toml cannot be read" in shown(app))
        await pilot.press("ctrl+o")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"mine.t", "enter")
        assert isinstance(app.screen, ChoiceList) and "▲ mine.toml" in shown(app)
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, LaunchScreen))
        await pilot.press("ctrl+l")
        await until(lambda: app.results == [BASE])


@pytest.mark.parametrize("flags", [(("disable-log-requests", None),), (("seed", "1"), ("seed", "2"))])
async def test_what_only_cautions_does_not_block_the_launch(
    tmp_path: Path, flags: tuple[tuple[str, str | None], ...]
) -> None:
    profile = replace(BASE, flags=flags)
    assert [problem.warning for problem in profile.problems()] == [True]
    app = LaunchApp(tmp_path, profile)
    async with app.run_test(size=SMALL) as pilot:
        await ready(app)
        await until(lambda: "1 ▲" in shown(app) and "✖" not in shown(app))
        await pilot.press("ctrl+l")
        await until(lambda: app.results == [profile])


async def test_a_caution_hides_no_failed_check_of_the_same_field(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path, replace(BASE, ipc="private", shm_size="8m"))
    app.launcher.checks = (Check("shm", False, "Shared memory ends."),)
    async with app.run_test(size=WIDE):
        await ready(app)
        await until(lambda: "✖ Shared memory ends." in shown(app))


async def choose_model(app: LaunchApp, pilot: Pilot[None], typed: str) -> None:
    await find(app, pilot, "model", "model")
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, ChoiceList))
    await pilot.press(*typed, "enter")
    await until(lambda: isinstance(app.screen, LaunchScreen) and current(app) == "model")


async def test_a_chosen_folder_proposes_a_served_name_and_the_users_own_is_kept(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await choose_model(app, pilot, "Qwen3-8B")
        await until(lambda: app.launch.profile.served_name == "qwen3-8b")
        assert "--served-model-name qwen3-8b" in shown(app)
        await choose_model(app, pilot, "torn")
        await until(lambda: app.launch.profile.served_name == "torn")
        await find(app, pilot, "served", "served_name")
        await pilot.press("ctrl+u", *"mine")
        await choose_model(app, pilot, "Qwen3-8B")
        await until(lambda: app.launch.profile.model == "/models/Qwen3-8B")
        assert app.launch.profile.served_name == "mine"


def test_a_hub_folder_proposes_the_last_part_of_its_hub_id() -> None:
    cached = f"~/.cache/huggingface/hub/models--Qwen--Qwen3-0.6B/snapshots/{'0' * 40}"
    assert proposed_name(cached) == "qwen3-0.6b"
    assert proposed_name("D:\\models\\My Model") == "my-model"
    assert proposed_name("Qwen/Qwen3-8B") == ""


async def test_what_was_typed_during_the_last_look_is_looked_at_too(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    go_on, looked_at = asyncio.Event(), []

    async def preflight(profile: Profile) -> list[Check]:
        looked_at.append(profile.port)
        await go_on.wait()
        return []

    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "port", "port")
        app.launcher.preflight = preflight  # type: ignore[method-assign]
        await pilot.press("ctrl+l")
        await until(lambda: looked_at == [8123])
        await pilot.press("end", "backspace", "9")
        await until(lambda: app.launch.profile.port == 8129)
        go_on.set()
        await until(lambda: [one.port for one in app.results if one] == [8129])
        assert looked_at[-1] == 8129
