"""What the launch screen says it began from, and what the launched container says of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from profiles.container import LABEL, all_labels
from profiles.profile import Profile
from profiles.render import docker_run
from tests.tui.screens.launch_fakes import BASE, LaunchApp
from tests.tui.waiting import shown, until
from tests.world import World, shows
from tui.panes.profile_draft import Draft
from tui.screens.launch import LaunchScreen
from tui.screens.launch_form import Found
from tui.screens.launch_state import LaunchState
from widgets.choice_list import ChoiceList
from widgets.form import Form

RENAMED = replace(BASE, name="qwen-2")


def state(profile: Profile, *, from_container: bool = False) -> LaunchState:
    return LaunchState(Draft.of(profile, BASE), BASE.name, "here", Found((BASE,)), from_container=from_container)


def test_under_another_name_the_container_says_from_which_profile_it_was_launched() -> None:
    assert all_labels(state(RENAMED).launched)[LABEL] == "qwen"
    assert f"--label {LABEL}=qwen " in docker_run(state(RENAMED).launched)
    assert state(BASE).launched == BASE


def test_what_was_drawn_up_from_a_container_names_no_profile() -> None:
    assert state(RENAMED, from_container=True).launched == RENAMED


async def test_p_says_that_the_values_come_from_a_container(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("by-hand", 8123)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "ready")
        await pilot.press("p")
        await shows(pilot, "New server · from container by-hand")


@pytest.mark.parametrize(("size", "offered"), [((160, 45), False), ((80, 24), True)])
async def test_the_other_tab_is_a_key_only_where_there_are_tabs(
    tmp_path: Path, size: tuple[int, int], offered: bool
) -> None:
    app = LaunchApp(tmp_path)
    async with app.run_test(size=size):
        await until(lambda: isinstance(app.screen, LaunchScreen) and app.launcher.looks)
        ids = {active.binding.id for active in app.launch.active_bindings.values()}
        assert "launch.start" in ids and ("launch.side" in ids) is offered


async def test_where_no_model_was_found_the_list_says_what_may_be_typed_and_has_room_for_it(tmp_path: Path) -> None:
    app = LaunchApp(tmp_path)
    app.find_models = nothing  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: isinstance(app.screen, LaunchScreen) and app.launcher.looks)
        await pilot.press("slash", *"model", "enter")
        await until(lambda: isinstance(app.screen, LaunchScreen) and app.launch.query_one(Form).current == "model")
        await pilot.press("enter")
        await until(lambda: "nothing was found; type it: a folder or a hub id" in shown(app))
        assert isinstance(app.screen, ChoiceList) and app.screen.query_one("Vertical").size.width >= 48
        await pilot.press(*"/a/long/way/down/to/where/the/models/of/the/team/lie/Qwen3-8B")
        await until(lambda: "use …" in shown(app) and "lie/Qwen3-8B" in shown(app).split("use …")[1])


async def nothing() -> tuple[()]:
    return ()
