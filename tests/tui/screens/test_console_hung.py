"""A question that waits in vain lets the list say that its server hangs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.chat_server import serving
from tests.world import World, shows
from tui.insight.stall import Outcome
from tui.panes import chat
from tui.services import fleet_watch


async def test_a_question_without_an_answer_finds_out_that_the_server_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "LATE_SECONDS", 0.1)
    monkeypatch.setattr(fleet_watch, "CHOSEN_SECONDS", 0.1)
    world = World(tmp_path)
    async with serving(pieces=["yes"], hold=asyncio.Event()) as slow, world.app.run_test(size=(120, 36)) as pilot:
        world.serve("slow", int(slow.url.rpartition(":")[2]))
        world.client.outcomes[slow.url] = [Outcome.LATE]
        await shows(pilot, "ready")
        await pilot.press("c", *"hi", "enter")
        await shows(pilot, "✖ slow", "hung", "slow is hung: it gives no token")
        world.client.outcomes[slow.url] = [Outcome.ANSWERED]
        await pilot.press("escape")
