"""The console, driven by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.world import World, shows, text_of, until
from tui.services.answer import NotYetError
from tui.services.errors import ServiceError


async def test_enter_goes_to_the_prompt_of_the_chosen_server(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "smol", "ready")
        await pilot.press("enter")
        await shows(pilot, "Write a message")
        await pilot.press("h", "e", "l")
        await shows(pilot, "hel")


async def test_stop_asks_first_and_says_what_ends_with_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    world.engine.record("smol")["HostConfig"]["AutoRemove"] = True
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "smol", "ready")
        await pilot.press("s")
        await shows(pilot, "Stop smol?", "--rm", "gone for good")
        await pilot.press("escape")
        await until(pilot, lambda text: "Stop smol?" not in text, "the dialog closes")
        assert not [call for call in world.engine.asked if call[0] == "stop"]
        await pilot.press("s")
        await shows(pilot, "Stop smol?")
        await pilot.press("y")
        await shows(pilot, "0 ·")


async def test_a_stopped_server_is_started_without_a_question(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited", port=8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "smol", "stopped")
        await pilot.press("s")
        await until(pilot, lambda text: "stopped" not in text, "it runs")
        assert world.engine.asked[[call[0] for call in world.engine.asked].index("start")][:1] == ("start",)


async def test_read_only_offers_and_does_nothing_that_changes_a_server(tmp_path: Path) -> None:
    world = World(tmp_path, read_only=True)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        text = await shows(pilot, "READ ONLY", "ready", "l Logs")
        assert "Stop/start" not in text and "Remove" not in text
        await pilot.press("s", "ctrl+n")
        await shows(pilot, "Read only:")
        assert not [call for call in world.engine.asked if call[0] == "stop"]


async def test_other_containers_are_shown_only_while_there_is_no_server_until_asked(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("proxy", "nginx", ("nginx",))
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "proxy", "running")
        world.serve("smol", 8123)
        await shows(pilot, "smol")
        await until(pilot, lambda text: "proxy" not in text, "the other container is hidden")
        await pilot.press("a")
        await shows(pilot, "other containers", "proxy")


async def test_the_filter_keeps_the_matching_names_and_esc_ends_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "alpha", "beta")
        await pilot.press("slash", "b", "e")
        await until(pilot, lambda text: "alpha" not in text, "alpha is filtered out")
        await pilot.press("escape")
        await shows(pilot, "alpha", "beta")


async def test_a_dead_engine_is_told_once_and_the_rows_stay_as_last_seen(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "smol", "ready")
        world.engine.dead = True
        await shows(pilot, "Docker does not answer", "as last seen")
        await pilot.press("s")
        await shows(pilot, "shown as last seen")
        world.engine.dead = False
        await until(pilot, lambda text: "as last seen" not in text.split("╰")[0], "the rows are fresh again")


async def test_help_lists_the_keys_of_the_focus_first(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 70), notifications=True) as pilot:
        await shows(pilot, "ready")
        await pilot.press("question_mark")
        text = await shows(pilot, "Keys that work here", "Stop/start")
        assert text.index("Go to the chosen server") < text.index("End llmtui")


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_below_120_columns_the_servers_are_a_strip_and_f7_opens_it(tmp_path: Path, size: tuple[int, int]) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=size, notifications=True) as pilot:
        text = await shows(pilot, "ready", "Chat", "Write a message")
        assert "image" not in text
        await pilot.press("f7")
        await shows(pilot, "image", "http://127.0.0.1:8123/v1")


async def test_f8_goes_round_the_servers_wherever_the_focus_is(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1")
        await pilot.press("enter", "f8")
        await shows(pilot, "8124/v1")
        await pilot.press("f8")
        await shows(pilot, "8123/v1")


async def test_tabs_change_by_brackets_and_letters_go_to_a_tab(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("l")
        await shows(pilot, "Log · smol")
        await pilot.press("right_square_bracket")
        await shows(pilot, "max-model-len")
        assert "Log · smol" not in text_of(world.app)


async def test_hostile_names_and_images_are_shown_as_plain_text(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("x", "[/x]\x1b]52;c;aGk=\x07[@click=app.quit]img[/]", ("vllm", "serve", "[/x]\x9b31m"), port=8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        text = await shows(pilot, "[/x]")
        assert "\x1b" not in text and "\x9b" not in text


async def test_what_is_typed_ahead_reaches_the_prompt_and_acts_nowhere_else(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "smol", "ready")
        await pilot.press("c", "r", "s", "d", "q")
        await shows(pilot, "rsdq")
        assert not {"stop", "restart", "remove"} & {call[0] for call in world.engine.asked}


async def test_a_server_or_tab_is_gone_to_by_its_name(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1")
        await pilot.press("colon", *"beta", "enter")
        await shows(pilot, "8124/v1")
        await pilot.press("colon", *"logs", "enter")
        await shows(pilot, "Log · beta")


async def test_y_copies_what_is_chosen_of_a_server(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1")
        await pilot.press("y", "enter")
        await shows(pilot, "Copied http://127.0.0.1:8123/v1")
        assert world.app.clipboard == "http://127.0.0.1:8123/v1"


async def test_a_server_that_goes_and_comes_back_under_its_name_stays_chosen(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1")
        await pilot.press("j")
        await shows(pilot, "8124/v1")
        await world.engine.remove("beta", force=True)
        await shows(pilot, "gone", "not by llmtui")
        world.serve("beta", 8124)
        await shows(pilot, "8124/v1")


async def test_an_empty_host_says_what_to_do(tmp_path: Path) -> None:
    async with World(tmp_path).app.run_test(size=(160, 45), notifications=True) as pilot:
        text = await shows(pilot, "There is no container here yet", "n launches")
        assert "enter Open" not in text


async def test_without_an_engine_the_panel_says_why_and_what_to_do(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.dead = True
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "Docker does not answer", "connection refused", "Start Docker, then look again.")


async def test_removing_a_server_removes_what_was_kept_aside_and_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    world.engine.add("smol-llmtui-old", state="exited")
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "u step back")
        await pilot.press("d")
        await shows(pilot, "Remove smol?", "kept aside until now")
        await pilot.press("y")
        await shows(pilot, "There is no container here yet")
        assert world.engine.names == []


async def never(url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
    raise NotYetError("It does not answer yet")


async def recreating(pilot: Pilot[None]) -> None:
    """Change the context length and confirm the recreate."""
    await shows(pilot, "ready")
    await pilot.press("e")
    await shows(pilot, "max-model-len", "127.0.0.1:8123")
    await pilot.press("slash", *"max-model-len", "enter", *"2048", "ctrl+l")
    await shows(pilot, "way back")
    await pilot.press("y")
    await until(pilot, lambda text: "way back" not in text, "it begins")


async def test_quitting_in_the_middle_of_a_recreate_asks_first(tmp_path: Path) -> None:
    world = World(tmp_path, ask=never)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await recreating(pilot)
        await pilot.press("ctrl+q")
        await shows(pilot, "Quit while smol is being recreated?", "the next start")
        await pilot.press("escape")
        await until(pilot, lambda text: "Quit while" not in text, "it goes on")


async def test_a_recreate_is_called_off_by_u_and_the_old_one_comes_back(tmp_path: Path) -> None:
    world = World(tmp_path, ask=never)
    world.serve("smol", 8123)
    old = world.engine.record("smol")["Id"]
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await recreating(pilot)
        await pilot.press("escape", "escape", "s")
        await shows(pilot, "is being changed right now")
        await pilot.press("u")
        await shows(pilot, "Calling off")
        await until(pilot, lambda text: world.engine.names == ["smol"], "the old one is back", 20)
        assert world.engine.record("smol")["Id"] == old


async def test_tab_goes_round_the_panels_and_never_gets_lost(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ready", "Write a message")
        seen = []
        for _turn in range(6):
            await pilot.press("tab")
            focused = world.app.focused
            assert focused is not None and focused.size.height > 0
            seen.append(type(focused).__name__)
        assert "ServerList" in seen and "Prompt" in seen


async def test_a_tab_that_is_hidden_no_longer_takes_keys(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "ready", "Write a message")
        await pilot.press("enter", *"hi", "escape", "l", "left_square_bracket", "c")
        await shows(pilot, "hi")
        world.app.screen.query_one("#work").bring("logs")  # type: ignore[attr-defined]
        await shows(pilot, "Log · smol")
        await until(pilot, lambda text: type(world.app.focused).__name__ == "LogView", "the log has the focus")


async def test_enter_on_a_failed_server_shows_its_log(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited", exit_code=1, port=8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "failed")
        await pilot.press("enter")
        await shows(pilot, "Log · smol")


async def test_until_the_user_chooses_the_first_server_is_the_chosen_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.engine.add("aaa-stopped", state="created", port=8125)
    world.serve("zzz-ready", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        text = await shows(pilot, "8123/v1", "ready")
        assert "▌● zzz-ready" in text


async def refused(url: str, model: str, task: str, api_key: str | None, timeout: float) -> str:
    raise ServiceError("Another model answers", "wrong-model", "Look at its log.")


async def test_a_failed_recreate_leaves_its_reason_beside_the_server(tmp_path: Path) -> None:
    world = World(tmp_path, ask=refused)
    world.serve("smol", 8123)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await recreating(pilot)
        await until(pilot, lambda text: "last change failed" in text.split("╰")[0], "the reason stays", 20)
