"""Several steps back, and forward again: each configuration comes back as it was, whatever became of its container."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import IMAGE, failure, fleet, impatient, scene, steps
from tui.services.engine import ImageInfo
from tui.services.errors import ServiceError
from tui.services.journal import Journal
from tui.services.recreate import Recreator
from tui.services.timeline import MOST, Timeline, Version, Way, moment, timeline_of


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it, its length 1024."""
    return fleet()


async def lengthened(recreator: Recreator, *lengths: int) -> None:
    """Recreate qwen3 with one context length after the other."""
    for length in lengths:

        def edit(body: dict[str, Any], length: int = length) -> dict[str, Any]:
            return {**body, "Cmd": [*body["Cmd"][:-1], str(length)]}

        await steps(recreator.recreate(await recreator.plan("qwen3", edit)))


async def length(engine: FakeEngine) -> str:
    """The context length that qwen3 runs with."""
    record = await engine.inspect("qwen3")
    assert record["State"]["Running"]
    return str(record["Config"]["Cmd"][-1])


async def step(recreator: Recreator, way: Way = "undo") -> bool:
    """Go one step; False where there is none."""
    back = await recreator.step("qwen3", way)
    if back is None:
        return False
    if back.plan is None:
        await recreator.undo("qwen3", way)
    else:
        await steps(recreator.recreate(back.plan))
    return True


async def walked(recreator: Recreator, engine: FakeEngine, way: Way) -> list[str]:
    """Go as far as it goes; the length after each step."""
    seen = []
    while await step(recreator, way):
        seen.append(await length(engine))
    return seen


async def test_every_press_brings_the_one_before_and_every_step_can_be_gone_forward_again(
    engine: FakeEngine, tmp_path: Path
) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096, 8192)
    assert await walked(recreator, engine, "undo") == ["4096", "2048", "1024"]
    assert await walked(recreator, engine, "redo") == ["2048", "4096", "8192"]
    assert await walked(recreator, engine, "undo") == ["4096", "2048", "1024"]
    assert len([name for name in engine.names if name.startswith("qwen3")]) <= 2


async def test_the_steps_survive_a_restart_of_llmtui(engine: FakeEngine, tmp_path: Path) -> None:
    await lengthened(scene(engine, tmp_path), 2048, 4096)
    again = scene(engine, tmp_path)
    assert await again.recover() == []
    assert await step(again)
    third = scene(engine, tmp_path)
    await third.recover()
    assert await third.kept() == {"qwen3"}
    assert await step(third)
    assert await length(engine) == "1024"
    assert await walked(scene(engine, tmp_path), engine, "redo") == ["2048", "4096"]


async def test_a_step_says_what_it_changes_when_that_ran_by_whom_and_how_many_are_left(
    engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    back = await recreator.step("qwen3", "undo")
    assert back is not None
    assert [(one.field, one.old, one.new) for one in back.changes] == [("--max-model-len", "4096", "2048")]
    assert (back.behind, back.ahead, back.plan, back.version.by) == (1, 1, None, "ann")
    assert 0 < back.version.began <= back.version.ended
    assert await step(recreator)
    back = await recreator.step("qwen3", "undo")
    assert back is not None
    assert (back.behind, back.ahead) == (0, 2)
    assert back.plan is not None  # its container is gone: it is made again
    assert 0 < back.version.began <= back.version.ended


async def test_a_new_recreate_ends_the_way_forward(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    await step(recreator)
    await lengthened(recreator, 512)
    assert await recreator.step("qwen3", "redo") is None
    assert await walked(recreator, engine, "undo") == ["2048", "1024"]


async def test_a_step_whose_server_does_not_answer_is_taken_back_and_stays_where_it_was(
    engine: FakeEngine, tmp_path: Path
) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    await step(recreator)

    async def wrong(*_asked: Any) -> str:
        raise ServiceError("Another model answers")

    broken = scene(engine, tmp_path, wrong)
    back = await broken.step("qwen3", "undo")
    assert back is not None
    assert back.plan is not None
    assert "Another model answers" in str(await failure(broken.recreate(back.plan)))
    assert await length(engine) == "2048"
    assert await walked(recreator, engine, "undo") == ["1024"]


async def test_a_step_cut_off_by_a_kill_counts_once(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    engine.fail_next("start", ServiceError("Docker does not answer"))
    with pytest.raises(ServiceError, match="does not answer"):
        await recreator.undo("qwen3")
    again = scene(engine, tmp_path)
    await again.recover()
    assert await length(engine) == "2048"
    assert await walked(again, engine, "undo") == ["1024"]
    assert await walked(again, engine, "redo") == ["2048", "4096"]


async def test_an_old_image_comes_back_by_its_id_when_its_tag_moved_on(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    first = engine.record("qwen3")["Image"]
    await lengthened(recreator, 2048, 4096)
    await step(recreator)
    engine.image_list[:] = [ImageInfo(first, (), 10, 0.0), ImageInfo("sha256:new", (IMAGE,), 10, 0.0)]
    await step(recreator)
    assert (await engine.inspect("qwen3"))["Config"]["Image"] == first


async def test_the_restart_policy_comes_back_too(engine: FakeEngine, tmp_path: Path) -> None:
    engine.record("qwen3")["HostConfig"]["RestartPolicy"] = {"Name": "on-failure", "MaximumRetryCount": 3}
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    for _step in range(2):
        await step(recreator)
        policy = (await engine.inspect("qwen3"))["HostConfig"]["RestartPolicy"]
        assert policy == {"Name": "on-failure", "MaximumRetryCount": 3}


async def test_a_server_of_rm_goes_back_several_steps_too(engine: FakeEngine, tmp_path: Path) -> None:
    engine.record("qwen3")["HostConfig"]["AutoRemove"] = True
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    assert await walked(recreator, engine, "undo") == ["2048", "1024"]
    assert await walked(recreator, engine, "redo") == ["2048", "4096"]


async def test_secrets_are_in_files_of_ours_alone_never_shown_and_deleted_with_the_way_back(
    engine: FakeEngine, tmp_path: Path
) -> None:
    engine.record("qwen3")["Config"]["Env"] = ["VLLM_API_KEY=geheim"]
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    holding = [path for path in tmp_path.iterdir() if "geheim" in path.read_text()]
    assert [path.name.partition("-")[0] for path in holding] == ["past"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
    assert "geheim" not in repr(await recreator.step("qwen3", "undo"))
    await recreator.let_go("qwen3")
    assert list(tmp_path.iterdir()) == []
    assert engine.names == ["qwen3"]
    assert await recreator.step("qwen3", "undo") is None


async def test_a_server_that_somebody_deleted_leaves_no_configuration_behind(
    engine: FakeEngine, tmp_path: Path
) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    for name in engine.names:
        await engine.remove(name, force=True)
    await recreator.recover()
    assert list(tmp_path.iterdir()) == []


async def test_one_that_was_deleted_by_hand_is_passed_over(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, 2048, 4096)
    (aside,) = [name for name in engine.names if "llmtui-old" in name]
    await engine.remove(aside, force=True)  # 2048 stood there and nowhere else
    assert await walked(recreator, engine, "undo") == ["1024"]
    assert await walked(recreator, engine, "redo") == ["4096"]


async def test_no_more_than_some_are_kept(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = scene(engine, tmp_path)
    await lengthened(recreator, *range(1, MOST + 4))
    line = await timeline_of(recreator.host, Journal(tmp_path), "qwen3")
    assert len(line.past) == MOST
    assert (await walked(recreator, engine, "undo"))[-1] == "3"


def test_a_step_written_down_twice_is_one_step() -> None:
    one, two = Version("1"), Version("2")
    line = Timeline((one,), ()).turned("undo", two, "1")
    assert line == Timeline((), (two,))
    assert line.turned("undo", two, "1") == line
    assert line.turned("redo", one, "2").turned("redo", one, "2") == Timeline((one,), ())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02T00:00:00Z", 0.0),
        ("2026-01-01T00:00:00Z", 1767225600.0),
        ("2026-01-01T00:00:00.123456789Z", 1767225600.123456),
        ("2026-01-01T01:00:00.5+01:00", 1767225600.5),
        ("0001-01-01T00:00:00Z", 0.0),
        ("", 0.0),
        ("soon", 0.0),
    ],
)
def test_the_engines_time_is_read_as_it_writes_it(text: str, seconds: float) -> None:
    assert moment(text) == pytest.approx(seconds, abs=1e-6)
