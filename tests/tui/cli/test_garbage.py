"""Garbage is not looked for while the app starts, and is from then on."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from tui.cli import garbage


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_it_is_looked_for_again_when_the_app_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "START_SECONDS", 0.01)
    loop = asyncio.new_event_loop()
    garbage.wait()
    assert not gc.isenabled()
    garbage.resume(loop)
    loop.run_until_complete(asyncio.sleep(0.05))
    loop.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
