"""The console's left column: servers, GPUs and vitals share its height."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.services.fleet_fakes import Load
from tests.world import World, shows, text_of, until
from tui.panes.gpus import GpusPane
from tui.panes.servers import ServersPane
from tui.panes.vitals import VitalsPane
from tui.services.engine import ContainerStats
from tui.services.gpu import Gpu, GpuAbsent, GpuProcess, GpuReading

GIB = 1 << 30


class Cards:
    """A source of GPUs that says what a test tells it."""

    name = "NVML"

    def __init__(self, *cards: Gpu, absent: GpuAbsent | None = None, hangs: bool = False) -> None:
        self.cards = cards
        self.absent = absent
        self.hangs = hangs
        self.reads = 0
        self.go_on = threading.Event()

    def read(self) -> GpuReading:
        self.reads += 1
        if self.hangs:
            self.go_on.wait(60)
        if self.absent is not None:
            raise self.absent
        return GpuReading(self.cards)


def card(index: int = 0, used: int = 6, **facts: object) -> Gpu:
    return Gpu(
        index,
        "NVIDIA GeForce RTX 4090",
        utilization=0.5,
        memory_used=used * GIB,
        memory_total=24 * GIB,
        temperature=60.0,
        **facts,  # type: ignore[arg-type]
    )


def world_with(folder: Path, cards: Cards) -> World:
    world = World(folder, gpus=cards)
    world.serve("smol", 8123)
    world.client.loads["http://127.0.0.1:8123"] = Load(3, 1)
    return world


def heights(pilot: Pilot[None]) -> list[int]:
    kinds = (ServersPane, GpusPane, VitalsPane)
    return [pilot.app.screen.query_one(kind).outer_size.height for kind in kinds]


SIZES = pytest.mark.parametrize("size", [(160, 45), (120, 36), (220, 60)], ids=lambda size: f"{size[0]}x{size[1]}")


@SIZES
@pytest.mark.parametrize("count", [1, 2, 8])
async def test_all_three_panels_stand_whole_at_every_size(tmp_path: Path, size: tuple[int, int], count: int) -> None:
    world = world_with(tmp_path, Cards(*(card(index, processes=()) for index in range(count))))
    async with world.app.run_test(size=size) as pilot:
        text = await shows(pilot, "url", "RTX 4090", "60 °C", "Vitals · smol", "running 3", "hit")
        servers, gpus, vitals = heights(pilot)
        assert servers + gpus + vitals == size[1] - 2
        assert gpus == 2 + (count if count > 2 else 4 * count)
        assert servers < size[1] // 2
        assert f"VRAM {6 * count}.0/{24 * count}.0 GiB" in text


async def test_many_servers_give_way_to_the_figures(tmp_path: Path) -> None:
    world = world_with(tmp_path, Cards(card(0), card(1)))
    for number in range(40):
        world.serve(f"server-{number:02}", 9000 + number)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "RTX 4090", "Vitals · server-00", "url", "from")
        _servers, gpus, vitals = heights(pilot)
        assert (gpus, vitals) == (12, 7)


async def test_a_machine_without_gpus_has_no_panel_of_them(tmp_path: Path) -> None:
    cards = Cards(absent=GpuAbsent("There is no NVIDIA driver here", bare=True))
    world = world_with(tmp_path, cards)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "running 3")
        await until(pilot, lambda text: world.app.gpus is not None, "the reading")
        assert "GPUs" not in text_of(world.app)
        assert "VRAM" not in text_of(world.app)


async def test_what_is_wrong_with_the_driver_is_said(tmp_path: Path) -> None:
    cards = Cards(absent=GpuAbsent("The NVIDIA driver is not loaded", "Restart the machine."))
    async with world_with(tmp_path, cards).app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "GPUs", "The NVIDIA driver is not loaded.", "running 3")


async def test_the_holder_of_memory_is_named_after_its_container(tmp_path: Path) -> None:
    world = world_with(tmp_path, Cards(card(processes=(GpuProcess(77, 5 * GIB, "VLLM::EngineCore"),))))
    world.engine.processes["smol"] = [(77, "VLLM::EngineCore")]
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "└ smol 5.0 GiB")


async def test_a_narrow_screen_shows_the_panels_only_in_the_whole_view(tmp_path: Path) -> None:
    async with world_with(tmp_path, Cards(card())).app.run_test(size=(80, 40)) as pilot:
        await shows(pilot, "busy 3", "Chat", "VRAM 6.0/24.0 GiB")
        assert "RTX 4090" not in text_of(pilot.app)  # type: ignore[arg-type]
        await pilot.press("f7")
        await shows(pilot, "RTX 4090", "60 °C", "Vitals · smol", "running 3", "url")


async def test_the_vitals_follow_the_chosen_server(tmp_path: Path) -> None:
    world = world_with(tmp_path, Cards())
    world.engine.add("ended", state="exited", port=8124)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "Vitals · smol", "running 3")
        await pilot.press("j")
        await shows(pilot, "Vitals · ended", "It does not run.")


async def test_the_details_say_what_the_container_uses(tmp_path: Path) -> None:
    world = world_with(tmp_path, Cards())
    world.engine._known("smol").usage = ContainerStats(1.23, int(2.9 * GIB), 16 * GIB)
    world.engine.engine_info = replace(world.engine.engine_info, memory=64 * GIB)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "cpu    1.2 · mem 2.9/16 GiB")


async def test_only_the_chosen_container_is_asked_and_only_while_its_details_are_seen(tmp_path: Path) -> None:
    world = world_with(tmp_path, Cards())
    world.serve("zoo", 8124)
    async with world.app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "busy 3", "Nothing said yet")
        assert not [call for call in world.engine.asked if call[0] == "stats"]
        await pilot.resize_terminal(160, 45)
        await shows(pilot, "Vitals · smol")
        await pilot.press("j")
        await shows(pilot, "Vitals · zoo")
        await until(pilot, lambda text: any(call[0] == "stats" for call in world.engine.asked), "the question")
        (zoo,) = [one.id for one in await world.engine.containers() if one.name == "zoo"]
        assert {call[1] for call in world.engine.asked if call[0] == "stats"} == {zoo}


async def test_cards_that_stand_still_write_nothing(tmp_path: Path) -> None:
    cards = Cards(card(0), card(1))
    world = world_with(tmp_path, cards)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "RTX 4090", "running 3")
        pane = world.app.screen.query_one(GpusPane)
        await until(pilot, lambda text: text.count("▅") + text.count("▄") >= 4, "a history that has begun")
        painted: list[object] = []
        pane.refresh = lambda *regions, **how: painted.append(regions) or pane  # type: ignore[assignment, method-assign, func-returns-value]
        pane.show(pane._rows, "NVML · 1 s")
        assert painted == []


async def test_no_gpu_is_read_before_the_rows_stand(tmp_path: Path) -> None:
    cards = Cards(card())
    world = world_with(tmp_path, cards)
    world.engine.delay = 0.5
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "Looking for servers")
        assert cards.reads == 0
        await shows(pilot, "busy 3", "RTX 4090")


async def test_a_driver_that_hangs_holds_up_neither_the_console_nor_the_quit(tmp_path: Path) -> None:
    cards = Cards(card(), hangs=True)
    world = world_with(tmp_path, cards)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "busy 3", "running 3")
        await until(pilot, lambda text: cards.reads == 1, "the reading that hangs")
        began = time.monotonic()
        await pilot.press("q")
        assert time.monotonic() - began < 2
    cards.go_on.set()
