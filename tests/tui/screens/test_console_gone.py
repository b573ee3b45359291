"""A server that somebody else removes while one looks at it, or while a question about it stands."""

from __future__ import annotations

from pathlib import Path

from tests.world import World, shows, until


async def test_it_stays_as_gone_with_one_sentence_until_one_moves_on(tmp_path: Path) -> None:
    world = World(tmp_path)
    for name, port in (("alpha", 8123), ("beta", 8124), ("gamma", 8125)):
        world.serve(name, port)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1", "Vitals · alpha")
        await pilot.press("j")
        await shows(pilot, "8124/v1", "Vitals · beta")
        await world.engine.remove("beta", force=True)
        text = await shows(pilot, "gone", "removed", "not by llmtui")
        assert "Vitals · beta" in text and "Stop/start" not in text
        await pilot.press("j")
        await shows(pilot, "8125/v1", "Vitals · gamma")
        await until(pilot, lambda text: "beta" not in text, "beta is gone for good")


async def test_a_question_about_it_is_answered_with_what_happened_and_with_its_name(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    world.serve("beta", 8124)
    number = world.engine.record("alpha")["Id"]
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1")
        await pilot.press("d")
        await shows(pilot, "Remove alpha?")
        await world.engine.remove("alpha", force=True)
        fleet = world.services.fleet
        await until(pilot, lambda text: fleet.view.server(("local", "alpha")).state == "gone", "gone")  # type: ignore[union-attr]
        await pilot.press("y")
        text = await shows(pilot, "alpha was removed")
        assert number not in text
        assert sum(asked[0] == "remove" for asked in world.engine.asked) == 1  # the one by hand


async def test_what_the_engine_refuses_is_told_with_the_name(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.serve("alpha", 8123)
    number = world.engine.record("alpha")["Id"]
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await shows(pilot, "8123/v1")
        await pilot.press("s")
        await shows(pilot, "Stop alpha?")
        # The engine has forgotten it, and no word of that has come yet.
        world.engine._fleet.pop("alpha")
        await pilot.press("y")
        text = await shows(pilot, "There is no container alpha")
        assert number not in text
