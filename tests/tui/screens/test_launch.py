"""The launch screen, by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from profiles.profile import Profile
from tests.tui.screens.launch_fakes import BASE, LaunchApp
from tests.tui.waiting import shown, until
from tui.screens.dialogs import NameDialog
from tui.screens.launch import LaunchScreen
from tui.services.preflight_check import Check
from widgets.choice_list import ChoiceList
from widgets.form import Form
from widgets.overlay import OverlayLine

WIDE = (160, 45)
SMALL = (80, 24)


def current(app: LaunchApp) -> str | None:
    return app.launch.query_one(Form).current


async def ready(app: LaunchApp) -> None:
    await until(lambda: isinstance(app.screen, LaunchScreen) and current(app) == "profile" and app.launcher.looks)


async def find(app: LaunchApp, pilot: Pilot[None], name: str, field: str) -> None:
    await pilot.press("ctrl+f")
    await until(lambda: isinstance(app.screen, ChoiceList))
    await pilot.press(*name, "enter")
    await until(lambda: isinstance(app.screen, LaunchScreen) and current(app) == field)


async def test_filling_the_form_changes_the_command(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        assert "--max-model-len 4096" in shown(app)
        await find(app, pilot, "max-m", "--max-model-len")
        await pilot.press("ctrl+u", *"8192", "down", *"0.5")
        await until(lambda: "--max-model-len 8192" in shown(app) and "--gpu-memory-utilization 0.5" in shown(app))
        assert "4096" not in shown(app)
        assert app.launch.profile.flag("max-model-len") == "8192"


async def test_a_switch_and_a_choice_reach_the_command(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "enforce", "--enforce-eager")
        await pilot.press("space", "up", "enter", *"fp8_e5", "enter")
        await until(lambda: "--kv-cache-dtype fp8_e5m2" in shown(app))
        assert "--enforce-eager" not in shown(app).replace("kv-cache", "")


async def test_the_models_on_disk_are_offered_with_what_is_wrong(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "model", "model")
        await until(lambda: "1.1 GB · bfloat16" in shown(app))
        await pilot.press("enter")
        await until(lambda: "/models/Qwen3-8B" in shown(app) and "17.2 GB · bfloat16" in shown(app))
        await pilot.press(*"torn", "enter")
        await until(lambda: "✖▌model" in shown(app))
        assert "model-00002.safetensors" in shown(app)


async def test_slash_finds_a_folded_field_and_adds_a_flag_that_has_no_row(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("slash")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"shm", "enter")
        await until(lambda: current(app) == "shm_size")
        await find(app, pilot, "--swap_space=4", "flag:swap-space")
        await until(lambda: "--swap-space 4" in shown(app))
        await find(app, pilot, "seed", "flag:seed")


async def test_every_flag_stands_among_all_flags_and_stays_while_it_is_emptied(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "seed", "flag:seed")
        await pilot.press("backspace")
        await until(lambda: "--seed" not in shown(app))
        assert current(app) == "flag:seed"
        await pilot.press("9")
        await until(lambda: "--seed 9" in shown(app))
        assert [name for name, _value in app.launch.profile.flags] == ["max-model-len", "enforce-eager", "seed"]


async def test_ctrl_z_gives_a_field_its_value_back(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "max-m", "--max-model-len")
        await pilot.press("9", "ctrl+z")
        assert app.launch.profile == BASE


async def test_escape_keeps_the_draft_and_says_so(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "max-m", "--max-model-len")
        await pilot.press("end", "9", "escape")
        await until(lambda: app.results == [None])
        assert any("kept for the next time" in str(note.message) for note in app._notifications)
        app.open()
        await until(lambda: isinstance(app.screen, LaunchScreen) and "--max-model-len 40969" in shown(app))
        assert "1 change" in shown(app)
        await pilot.press("ctrl+r")
        await until(lambda: "--max-model-len 4096 " in shown(app))
        assert not app.drafts


async def test_ctrl_l_looks_once_more_and_hands_the_profile_back(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        looks = app.launcher.looks
        await pilot.press("ctrl+l")
        await until(lambda: app.results)
        assert app.results == [BASE]
        assert app.launcher.looks > looks


async def test_a_failed_check_says_why_focuses_the_field_and_offers_a_way_out(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    app.launcher.checks = (Check("port", False, "Port 8123 is held by bge.", "Take 8124, which is free.", "8124"),)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("ctrl+l")
        await until(lambda: current(app) == "port")
        assert not app.results
        assert "✖▌port" in shown(app)
        assert "Port 8123 is held by bge." in shown(app)
        await pilot.press("ctrl+t")
        app.launcher.checks = ()
        await until(lambda: "▌port" in shown(app) and "-p 127.0.0.1:8124:8000" in shown(app))
        await pilot.press("ctrl+l")
        await until(lambda: app.results)
        assert app.results[0] is not None and app.results[0].port == 8124


async def test_what_is_no_value_stands_there_with_its_reason_and_is_not_launched(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await find(app, pilot, "port", "port")
        await pilot.press("end", "x")
        await until(lambda: "✖▌port" in shown(app))
        assert "127.0.0.1:8123x" in shown(app)
        await pilot.press("ctrl+l")
        await pilot.pause(0.2)
        assert not app.results
        await pilot.press("backspace")
        await until(lambda: "✖" not in shown(app))


async def test_saving_a_built_in_profile_asks_for_a_name(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path, None)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(app.screen, NameDialog))
        await pilot.press("ctrl+u", *"mine", "enter")
        await until(lambda: "from profile mine" in shown(app))
        saved = app.store.get("mine")
        assert saved is not None and not saved.builtin
        await find(app, pilot, "max-num-s", "--max-num-seqs")
        await pilot.press("ctrl+u", *"17", "ctrl+s")
        await until(lambda: (app.store.get("mine") or BASE).flag("max-num-seqs") == "17")


async def test_what_cannot_be_saved_is_told(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path, None)
    (tmp_path / "profiles").write_text("in the way")
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("ctrl+s")
        await until(lambda: isinstance(app.screen, NameDialog))
        await pilot.press("ctrl+u", *"mine", "enter")
        await until(lambda: app.failed)
        assert "mine was not saved" in app.failed[0].error.title


async def test_an_engine_that_fails_leaves_the_form_usable(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    app.launcher.host.engine.dead = True  # type: ignore[attr-defined]
    app.launcher.checks = (Check("engine", False, "Docker does not answer.", "Start Docker."),)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await until(lambda: "✖ host" in shown(app) and "Start Docker." in shown(app))
        await pilot.press("ctrl+l")
        await until(lambda: current(app) == "host")
        assert not app.results


async def test_ctrl_o_begins_from_another_profile(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    app.store.save(Profile("other", "Qwen/Qwen3-8B"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("ctrl+o")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"other", "enter")
        await until(lambda: "from profile other" in shown(app))
        assert app.launch.profile.model == "Qwen/Qwen3-8B"


async def test_ctrl_y_copies_the_command(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("ctrl+y")
        await until(lambda: app.copied)
        assert app.copied[0].startswith("docker run -d")


async def test_a_letter_on_a_picker_row_opens_its_list_with_the_letter_as_filter(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    app.store.save(Profile("quite-other", "Qwen/Qwen3-8B"))
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press(*"quite", "enter")
        await until(lambda: "from profile quite-other" in shown(app))
        assert app.launch.profile.model == "Qwen/Qwen3-8B"


async def test_letters_that_come_faster_than_the_list_are_all_in_its_filter(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await ready(app)
        await pilot.press("down", "down")
        await until(lambda: current(app) == "image")
        for character in "vllm/o":
            app.post_message(events.Key({"/": "slash"}.get(character, character), character))
        await until(lambda: isinstance(app.screen, ChoiceList) and app.screen.query(OverlayLine))
        await until(lambda: app.screen.query_one(OverlayLine).value == "vllm/o")
        await pilot.press("escape")
        await until(lambda: app.screen is app.launch)


async def test_the_name_stands_near_the_top_and_is_reached_by_the_arrows(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await ready(app)
        await pilot.press("down", "down", "down")
        await until(lambda: current(app) == "name")
        await pilot.press("ctrl+u", *"mine")
        await until(lambda: app.launch.profile.name == "mine")


@pytest.mark.parametrize("size", [SMALL, (120, 30), WIDE])
async def test_nothing_is_cut_at_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=size) as pilot:
        await ready(app)
        for label, name in (("gpu-memory", "--gpu-memory-utilization"), ("auto-tool", "--enable-auto-tool-choice")):
            await find(app, pilot, label, name)
            row = "▌" + name.removeprefix("--")
            await until(lambda row=row: row in shown(app))  # type: ignore[misc]
        lines = shown(app).splitlines()
        assert len(lines) == size[1]
        assert all("ctrl+l launch" not in line or line.rstrip().endswith(("─╯", "ctrl+y copy ─╯")) for line in lines)


async def test_below_140_columns_fit_command_and_notes_are_tabs(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await ready(app)
        assert "│ Command · bash │ Notes" in shown(app)
        await pilot.press("right_square_bracket")
        await until(lambda: "docker run -d" in shown(app))
        await pilot.press("right_square_bracket")
        await until(lambda: "Docker answers." in shown(app))
        await pilot.click("#notes", offset=(24, 0))
        await until(lambda: "docker run -d" in shown(app))
