"""Where messages that come and go stand: never over the prompt or the keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World, shows, text_of


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_long_message_stands_whole_under_the_top_line(tmp_path: Path, size: tuple[int, int]) -> None:
    world = World(tmp_path)
    world.serve("qwen", 8123)
    async with world.app.run_test(size=size, notifications=True) as pilot:
        await shows(pilot, "ready", "temp 0.7")
        before = text_of(world.app).splitlines()
        words = (
            "Docker does not answer on gpu1 (ssh: connection refused). Servers there are shown as last seen. r retries."
        )
        world.app.notify(words, title="Docker does not answer", severity="error", timeout=10, markup=False)
        text = (await shows(pilot, "gpu1", "r retries.")).splitlines()
        assert text[0] == before[0]
        assert text[-5:] == before[-5:]
        assert "Docker does not answer" in text[1]
