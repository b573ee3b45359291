"""Waiting for what a screen is about to show."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.geometry import Region
from textual.strip import Strip


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until the condition holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def strips_of(app: App[Any]) -> list[Strip]:
    """Give what is drawn on the screen, row by row."""
    return app.screen._compositor.render_strips()


def shown(app: App[Any], region: Region | None = None) -> str:
    """Give the text on the screen, line by line, or only what stands in a part of it."""
    width, height = app.size
    lines = ["".join(segment.text for segment in strip) for strip in strips_of(app)]
    if region is not None:
        lines = [line[region.x : region.right] for line in lines[region.y : region.bottom]]
    assert len(lines) <= height and width
    return "\n".join(lines)
