"""The parameters of a running server, by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.panes.parameters_page import COMMAND, ParametersApp, current, open_length
from tests.tui.waiting import shown, until
from tui.services.errors import ServiceError
from tui.services.server import Server, State
from widgets.choice_list import ChoiceList
from widgets.dialog_recreate import RecreateDialog


async def test_it_shows_what_runs_now(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)):
        app.pane.server = app.server("qwen")
        await until(lambda: "4096" in shown(app))
        for words in ("Parameters · qwen", "127.0.0.1:8000", "/models/qwen ▾", "☑", "as it runs now"):
            assert words in shown(app)


async def test_a_change_shows_old_and_new_and_can_be_undone(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("qwen")
        await open_length(app, pilot)
        await pilot.press("ctrl+u", *"8192")
        await until(lambda: "4096 → 8192" in shown(app))
        assert "▲▌max-model-len" in shown(app)
        assert "1 change · ctrl+l recreate · ctrl+z undo" in shown(app)
        await pilot.press("ctrl+z")
        await until(lambda: "as it runs now" in shown(app) and "→" not in shown(app))


async def test_recreate_shows_the_difference_first_and_asks(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("qwen", running=2)
        await open_length(app, pilot)
        await pilot.press("ctrl+u", *"8192", "ctrl+l")
        await until(lambda: isinstance(app.screen, RecreateDialog))
        for words in ("4096 → 8192", "2 running requests are cut off", "about 48 s", "kept until the new one"):
            assert words in shown(app)
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, RecreateDialog))
        assert not app.asked
        await pilot.press("ctrl+r")
        await until(lambda: isinstance(app.screen, RecreateDialog))
        await pilot.press("enter")  # requests end with it: enter by itself keeps what runs
        await until(lambda: not isinstance(app.screen, RecreateDialog))
        assert not app.asked
        await pilot.press("ctrl+r")
        await until(lambda: isinstance(app.screen, RecreateDialog))
        await pilot.press("y")
        await until(lambda: app.asked)
        plan = app.asked[0].plan
        assert [(change.old, change.new) for change in plan.changes] == [("4096", "8192")]
        assert "8192" in plan.body["Cmd"]


async def test_the_focus_comes_as_soon_as_there_is_a_field(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    app.engine.delay = 0.2
    async with app.run_test(size=(113, 42)):
        app.pane.focus_first()
        app.pane.server = app.server("qwen")
        await until(lambda: current(app) == "host")


async def test_a_value_that_cannot_be_is_not_recreated(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("qwen")
        await until(lambda: "127.0.0.1:8000" in shown(app))
        app.pane.focus_first()
        while current(app) != "port":
            await pilot.press("down")
        await pilot.press("x", "up", "ctrl+l")
        await until(lambda: current(app) == "port")
        assert "A port is a number from 1 to 65535" in shown(app)
        assert not isinstance(app.screen, RecreateDialog)


async def test_each_server_keeps_its_own_changes(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        first, second = app.server("qwen"), app.server("bge")
        app.pane.server = first
        await open_length(app, pilot)
        await pilot.press("end", "9")
        app.pane.server = second
        await until(lambda: "Parameters · bge" in shown(app) and "as it runs now" in shown(app))
        app.pane.server = first
        await until(lambda: "4096 → 40969" in shown(app))


async def test_a_recreated_container_is_asked_anew(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("qwen")
        await open_length(app, pilot)
        await pilot.press("9")
        await app.engine.remove("qwen", force=True)
        app.pane.server = app.server("qwen", (*COMMAND[:3], "--max-model-len", "777"))
        await until(lambda: "777" in shown(app) and "as it runs now" in shown(app))


async def test_a_container_without_vllm_has_only_the_containers_fields(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("web", ("nginx", "-g", "daemon off;"))
        await until(lambda: "restart" in shown(app))
        assert "max-model-len" not in shown(app)
        app.pane.focus_first()
        await pilot.press("ctrl+l")
        await until(lambda: isinstance(app.screen, RecreateDialog))
        assert "Nothing differs" in shown(app)


async def test_without_a_container_it_says_why_there_is_nothing_to_change(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(80, 24)):
        await until(lambda: "No server is chosen." in shown(app))
        app.pane.server = Server("this machine", "x", "remote", "endpoint", State.READY)
        await until(lambda: "remote is known by its address alone" in shown(app))


async def test_an_engine_that_fails_is_told_once_in_the_one_place(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(80, 24)):
        server = app.server("qwen")
        app.engine.fail_next("inspect", ServiceError("Docker does not answer"))
        app.pane.server = server
        await until(lambda: app.failed)
        assert app.failed[0].title == "Docker does not answer"


async def test_at_80_columns_old_and_new_stand_whole(tmp_path: Path) -> None:
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        app.pane.server = app.server("qwen")
        await open_length(app, pilot)
        await pilot.press("ctrl+u", *"8192")
        await until(lambda: "4096 → 8192" in shown(app))


async def test_the_home_folder_is_written_out_in_the_command_and_in_the_recreate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    app = ParametersApp(tmp_path)
    async with app.run_test(size=(113, 42)) as pilot:
        app.pane.server = app.server("qwen")
        await open_length(app, pilot)
        await pilot.press("ctrl+f")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"model", "enter")
        await until(lambda: not isinstance(app.screen, ChoiceList) and current(app) == "model")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ChoiceList))
        await pilot.press(*"~/models/q", "enter")
        await until(lambda: "~/models/q" in shown(app) and not isinstance(app.screen, ChoiceList))
        await pilot.press("ctrl+y", "ctrl+l")
        await until(lambda: isinstance(app.screen, RecreateDialog))
        assert "source=/home/me/models/q" in app.copied[0] and "~" not in app.copied[0]
        await pilot.press("y")
        await until(lambda: bool(app.asked))
        assert any(one["Source"] == "/home/me/models/q" for one in app.asked[0].plan.body["HostConfig"]["Mounts"])
