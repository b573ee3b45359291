"""Another image for a server: the difference of the catalogues comes first, its mends go into the recreate, undo brings all of it back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from profiles.catalogue import Catalogue, Source, bundled
from tests.world import World, shows, until
from tui.services.catalogue import Catalogues
from tui.services.engine import ImageInfo
from tui.services.vllm import Identity

OLD, NEW = "vllm/vllm-openai:v1", "vllm/vllm-openai:v2"
ONE = replace(bundled(), source=Source.IMAGE, version="1.0")
DOCTORED = tuple(
    replace(flag, name="sequences-at-once", aliases=()) if flag.name == "max-num-seqs" else flag
    for flag in ONE.flags
    if flag.name != "enforce-eager"
)
TWO = replace(ONE, version="2.0", flags=DOCTORED)
SERVER = ("vllm", "serve", "/models/m", "--max-num-seqs", "8", "--enforce-eager", "--max-model-len", "1024")


class Known(Catalogues):
    """Catalogues that images tell at once, or when they are let."""

    def __init__(self, table: dict[str, Catalogue]) -> None:
        super().__init__(None, None)
        self.table = table
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def of_image(self, reference: str, *, ask: bool = True) -> Catalogue:
        if not ask:
            return bundled()
        await self.go_on.wait()
        return self.table.get(reference, bundled())


def world_of(folder: Path, new: Catalogue = TWO, here: bool = True) -> tuple[World, Known]:
    """A server of one image, and another image whose vLLM lost a flag and renamed one."""
    world = World(folder)
    world.engine.add("smol", OLD, SERVER, port=8123)
    ran = world.engine.record("smol")["Image"]
    world.client.alive["http://127.0.0.1:8123"] = Identity("m", "/models/m", 1024, "1.0")
    world.engine.image_list.append(ImageInfo(ran, (OLD,), 10, 0.0))
    if here:
        world.engine.image_list.append(ImageInfo("sha256:two", (NEW,), 10, 0.0))
    known = Known({OLD: ONE, ran: ONE, NEW: new})
    world.services.__dict__["catalogues"] = known
    return world, known


async def with_new_image(pilot: Pilot[None]) -> None:
    """Put the other image into the form, and ask for the recreate."""
    await shows(pilot, "ready")
    await pilot.press("e")
    await shows(pilot, "max-model-len", "127.0.0.1:8123")
    await pilot.press("slash", *"image", "enter")
    await pilot.pause()
    await pilot.press("enter", *NEW, "enter")
    await shows(pilot, "1 change")
    await pilot.press("ctrl+l")


async def test_the_difference_comes_first_and_its_mends_go_into_the_recreate_and_undo_brings_all_back(
    tmp_path: Path,
) -> None:
    world, _known = world_of(tmp_path)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await with_new_image(pilot)
        text = await shows(
            pilot, "vLLM 1.0 → 2.0", "1 flag dies", "1 renamed", "2 things that this server uses are refused"
        )
        assert "[x] ✖ vLLM 2.0 has no --enforce-eager: it is left out." in text
        assert "[x] ✖ --max-num-seqs is called --sequences-at-once now." in text
        await pilot.press("enter")
        asked = await shows(pilot, "Recreate smol", "--enforce-eager", "--sequences-at-once")
        assert "v2" in asked
        await pilot.press("y")
        await shows(pilot, "runs again and answers", seconds=20)
        record = world.engine.record("smol")
        assert record["Config"]["Image"] == NEW
        words = [*(record["Config"].get("Entrypoint") or ()), *record["Config"]["Cmd"]]
        assert "--enforce-eager" not in words and words[words.index("--sequences-at-once") + 1] == "8"
        await pilot.press("escape", "u")
        await shows(pilot, "Bring back what smol was before?", "--enforce-eager")
        await pilot.press("y")
        await shows(pilot, "smol is what it was", seconds=20)
        record = world.engine.record("smol")
        assert record["Config"]["Image"] == OLD
        assert "--enforce-eager" in [*(record["Config"].get("Entrypoint") or ()), *record["Config"]["Cmd"]]


async def test_a_mend_that_is_not_wanted_is_left_out_and_the_form_says_what_is_refused(tmp_path: Path) -> None:
    world, _known = world_of(tmp_path)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await with_new_image(pilot)
        await shows(pilot, "[x] ✖ vLLM 2.0 has no --enforce-eager")
        await pilot.press("shift+tab", "shift+tab", "space")
        await shows(pilot, "[ ] ✖ vLLM 2.0 has no --enforce-eager")
        await pilot.press("tab", "tab", "enter")
        await shows(pilot, "Not recreated yet", "--enforce-eager")
        assert world.engine.record("smol")["Config"]["Image"] == OLD


async def test_leaving_the_difference_leaves_the_server_as_it_is(tmp_path: Path) -> None:
    world, known = world_of(tmp_path)
    known.go_on.clear()
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await with_new_image(pilot)
        text = await shows(pilot, "Asking both images for their flags")
        assert "Go on" not in text
        await pilot.press("escape")
        await until(pilot, lambda text: "Asking both" not in text, "it is left")
        await pilot.pause()
        assert "Recreate smol" not in await shows(pilot, "1 change")
        assert world.engine.record("smol")["Config"]["Image"] == OLD


async def test_an_image_that_is_not_there_is_pulled_when_the_user_wants_it(tmp_path: Path) -> None:
    world, _known = world_of(tmp_path, here=False)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await with_new_image(pilot)
        await shows(pilot, f"Pull {NEW}?", "the server goes on running")
        await pilot.press("n")
        await until(pilot, lambda text: "goes on running" not in text, "no")
        assert not any(call[0] == "pull" for call in world.engine.asked)
        await pilot.press("ctrl+l")
        await shows(pilot, f"Pull {NEW}?")
        await pilot.press("y")
        await shows(pilot, "vLLM 1.0 → 2.0")
        assert any(call[0] == "pull" for call in world.engine.asked)


async def test_an_image_that_cannot_be_asked_is_said_to_be_unknown(tmp_path: Path) -> None:
    world, _known = world_of(tmp_path, new=bundled())
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await with_new_image(pilot)
        await shows(pilot, "the new image could not be asked for its flags")
        await pilot.press("enter")
        await shows(pilot, "Recreate smol")
