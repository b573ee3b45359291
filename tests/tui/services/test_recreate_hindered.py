"""Going back although something stands in the way: a full disk, an engine that will not remove."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.services.recreate_scene import Answers, doubled, failure, fleet, impatient, scene
from tui.services import recreate_recover
from tui.services.errors import ServiceError
from tui.services.journal import Entry, Journal


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.mark.parametrize("written", range(1, 6))
@pytest.mark.parametrize("auto_remove", [False, True])
async def test_a_disk_that_fills_up_in_the_middle_does_not_keep_the_old_one_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int, auto_remove: bool
) -> None:
    engine = fleet()
    engine.record("qwen3")["HostConfig"]["AutoRemove"] = auto_remove
    recreator = scene(engine, tmp_path)
    plan = await recreator.plan("qwen3", doubled)
    write, count = Journal._write, 0

    def full(journal: Journal, entry: Entry) -> None:
        nonlocal count
        count += 1
        if count > written:
            raise OSError(28, "No space left on device")
        write(journal, entry)

    monkeypatch.setattr(Journal, "_write", full)
    error = await failure(recreator.recreate(plan))
    assert "No space left" in error.detail and error.mend == "The old qwen3 runs again."
    record = await engine.inspect("qwen3")
    assert record["State"]["Running"] and record["Config"]["Cmd"][-1] == "1024"


async def test_why_the_new_one_could_not_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stays(_engine: object, _container: str) -> None:
        raise ServiceError("The old container does not go away")

    async def busy(*_about: object, **_how: object) -> None:
        raise ServiceError("device or resource busy")

    monkeypatch.setattr(recreate_recover, "until_gone", stays)
    engine = fleet()
    recreator = scene(engine, tmp_path, Answers(ServiceError("Another model answers")))
    plan = await recreator.plan("qwen3", doubled)
    engine.remove = busy  # type: ignore[method-assign,assignment]
    error = await failure(recreator.recreate(plan))
    assert "device or resource busy" in error.detail and "old container" not in error.detail
