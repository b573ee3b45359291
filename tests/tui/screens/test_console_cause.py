"""A server that fails is explained above its log; enter mends it."""

from __future__ import annotations

import time
from pathlib import Path

from textual.pilot import Pilot

from tests.world import World, shows, text_of, until
from tui.services.errors import ServiceError
from widgets.cause_card import CauseCard
from widgets.log_view import LogView
from widgets.server_list import ServerList

LOG = Path("tests/data/fail-kv-cache.log")
TITLE = "The KV cache is smaller than one request"


def recorded() -> bytes:
    """A recorded failure, without the engine's stamps."""
    return b"".join(line.partition(b" ")[2] for line in LOG.read_bytes().splitlines(keepends=True))


def a_world(folder: Path) -> World:
    world = World(folder)
    world.engine.add("smol", port=8123, command=("vllm", "serve", "/models/m", "--max-model-len", "8192"))
    return world


async def failed(world: World, pilot: Pilot[None]) -> None:
    """Let it fail in front of the log."""
    await shows(pilot, "smol")
    await pilot.press("l")
    await until(pilot, lambda text: isinstance(pilot.app.focused, LogView), "the log has the focus")
    world.engine.feed("smol", recorded())
    world.engine.exit("smol", 1)
    await shows(pilot, TITLE, "fixes")


async def test_the_card_comes_within_two_seconds_takes_the_focus_and_names_the_line(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol")
        await pilot.press("l")
        await until(pilot, lambda text: isinstance(pilot.app.focused, LogView), "the log has the focus")
        world.engine.feed("smol", recorded())
        began = time.monotonic()
        world.engine.exit("smol", 1)
        await shows(pilot, "Did not start", TITLE)
        assert time.monotonic() - began < 2.0
        assert isinstance(pilot.app.focused, CauseCard)
        await pilot.press("o")
        log = pilot.app.screen.query_one(LogView)
        await until(pilot, lambda text: log.has_focus, "the log has the focus")
        card = pilot.app.screen.query_one(CauseCard).cause
        assert card is not None
        assert log.line_number == card.line
        assert b"To serve at least one request" in log.store.at(log.store.index_of(card.line or 0) or 0).text


async def test_who_looks_at_the_list_keeps_the_focus_and_reads_the_cause_below_it(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol")
        world.engine.feed("smol", recorded())
        world.engine.exit("smol", 1)
        await shows(pilot, TITLE)
        assert isinstance(pilot.app.focused, ServerList)


async def test_enter_recreates_it_with_the_fix_and_the_card_is_gone(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await failed(world, pilot)
        await pilot.press("enter")
        await shows(pilot, "Recreate smol", "--max-model-len", "8192 →")
        await pilot.press("y")
        await shows(pilot, "smol starts with the change")
        await until(pilot, lambda text: "Did not start" not in text, "the card is gone")
        record = world.engine.record("smol")
        assert record["State"]["Running"]
        words = record["Config"]["Cmd"]
        assert int(words[words.index("--max-model-len") + 1]) < 8192


async def test_what_fails_again_says_what_was_tried(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await failed(world, pilot)
        await pilot.press("enter")
        await shows(pilot, "Recreate smol")
        await pilot.press("y")
        await shows(pilot, "smol starts with the change")
        world.engine.feed("smol", recorded())
        world.engine.exit("smol", 1)
        await shows(pilot, "tried before: --max-model-len")


async def test_one_that_was_stopped_has_no_card(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol")
        await pilot.press("l")
        world.engine.feed("smol", b"INFO starting\n")
        await world.engine.stop("smol")
        await shows(pilot, "stopped")
        assert not pilot.app.screen.query_one(CauseCard).display


async def test_a_path_that_is_not_there_opens_launch_on_the_model(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    log = Path("tests/data/failures/model-path-not-mounted-v011.txt").read_bytes()
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol")
        await pilot.press("l")
        await until(pilot, lambda text: isinstance(pilot.app.focused, LogView), "the log has the focus")
        world.engine.feed("smol", log)
        world.engine.exit("smol", 1)
        await shows(pilot, "Did not start")
        await pilot.press("enter")
        await shows(pilot, "New server · from container smol")
        await until(pilot, lambda text: _row(text).startswith("model"), "the model's field has the focus")


def _row(text: str) -> str:
    rows = [line for line in text.splitlines() if "▌" in line]
    return rows[0].partition("▌")[2].strip() if rows else ""


async def test_a_crash_loop_is_named_and_s_stops_it(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45)) as pilot:
        await shows(pilot, "smol")
        record = world.engine.record("smol")
        world.engine.feed("smol", recorded())
        world.engine.exit("smol", 1)
        record["RestartCount"] = 4
        record["State"].update(Status="restarting", Restarting=True, Running=True)
        world.engine.emit("die", "smol", exitCode="1")
        await shows(pilot, "crash loop 4", TITLE, "s stops it")
        await pilot.press("s")
        await shows(pilot, "Stop smol?")
        await pilot.press("y")
        await until(pilot, lambda text: ("stop", record["Id"], None) in world.engine.asked, "it is stopped")


async def test_an_engine_that_cannot_start_it_is_explained_too(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    async with world.app.run_test(size=(160, 45), notifications=True) as pilot:
        await failed(world, pilot)
        said = 'could not select device driver "" with capabilities: [[gpu]]'
        world.engine.fail_next("start", ServiceError("The engine refused", said))
        await pilot.press("enter")
        await shows(pilot, "Recreate smol")
        await pilot.press("y")
        await until(pilot, lambda text: "The engine refused" in text, "it is told")
        assert "Did not start · The KV cache" not in text_of(world.app)
