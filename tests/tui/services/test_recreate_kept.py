"""What is kept as the way back: it follows a rename, goes with its server, and an undo hits nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import doubled, fleet, impatient, scene, steps
from tui.services import recreate_kept
from tui.services.errors import ServiceError
from tui.services.journal import Journal
from tui.services.recreate import Recreator


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it."""
    return fleet()


async def recreated(engine: FakeEngine, folder: Path) -> Recreator:
    """Recreate qwen3, so that something is kept of it."""
    recreator = scene(engine, folder)
    await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    return recreator


async def test_undo_does_not_destroy_a_server_that_was_renamed_since(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = await recreated(engine, tmp_path)
    await engine.rename("qwen3", "production")
    with pytest.raises(ServiceError, match="qwen3 has been renamed to production since"):
        await recreator.undo("qwen3")
    assert sorted(engine.names) == ["production", "qwen3-llmtui-old"]
    assert (await engine.inspect("production"))["State"]["Running"]


async def test_what_is_kept_follows_a_rename(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = await recreated(engine, tmp_path)
    await engine.rename("qwen3", "production")
    await recreator.renamed("qwen3", "production")
    assert sorted(engine.names) == ["production", "production-llmtui-old"]
    assert await recreator.kept() == {"production"}
    assert await recreator.recover() == []
    assert await recreator.undo("production") == "The old production runs again."
    assert engine.names == ["production"]
    assert (await engine.inspect("production"))["Config"]["Cmd"][-1] == "1024"
    assert [(one.kind, one.name) for one in await Journal(tmp_path).entries()] == [("past", "production")]
    ahead = await recreator.step("production", "redo")
    assert ahead is not None
    assert [(one.field, one.new) for one in ahead.changes] == [("--max-model-len", "2048")]


async def test_a_rename_of_what_has_nothing_kept_changes_nothing(engine: FakeEngine, tmp_path: Path) -> None:
    await scene(engine, tmp_path).renamed("qwen3", "production")
    assert engine.names == ["qwen3"]


async def test_a_move_that_was_cut_off_leaves_one_entry_after_the_next_start(
    engine: FakeEngine, tmp_path: Path
) -> None:
    recreator, journal = await recreated(engine, tmp_path), Journal(tmp_path)
    (before,) = [one for one in await journal.entries() if one.kind == "kept"]
    await engine.rename("qwen3", "production")
    await recreator.renamed("qwen3", "production")
    (after,) = [one for one in await journal.entries() if one.kind == "kept"]
    await journal.record(before)
    await journal.record(after)  # both, as a kill between the two writes leaves them
    await recreator.recover()
    assert [one.name for one in await journal.entries() if one.kind == "kept"] == ["production"]


async def test_a_removed_server_of_rm_leaves_no_secrets_behind(engine: FakeEngine, tmp_path: Path) -> None:
    engine.record("qwen3")["HostConfig"]["AutoRemove"] = True
    recreator = await recreated(engine, tmp_path)
    assert await recreator.kept() == {"qwen3"}
    await engine.remove("qwen3", force=True)
    await recreator.let_go("qwen3")
    assert list(tmp_path.iterdir()) == []


async def test_what_was_removed_by_hand_is_forgotten_by_the_next_start(engine: FakeEngine, tmp_path: Path) -> None:
    engine.record("qwen3")["HostConfig"]["AutoRemove"] = True
    recreator = await recreated(engine, tmp_path)
    await engine.remove("qwen3", force=True)
    assert await recreator.recover() == []
    assert list(tmp_path.iterdir()) == []


async def test_the_entry_goes_even_when_the_container_does_not(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = await recreated(engine, tmp_path)
    engine.fail_next("remove", ServiceError("The engine refuses"))
    with pytest.raises(ServiceError, match="The engine refuses"):
        await recreator.let_go("qwen3")
    assert list(tmp_path.iterdir()) == []


async def test_what_has_lost_its_old_container_is_not_said_to_be_kept(engine: FakeEngine, tmp_path: Path) -> None:
    recreator = await recreated(engine, tmp_path)
    await engine.remove("qwen3-llmtui-old", force=True)
    assert await recreator.kept() == frozenset()


@pytest.mark.parametrize("with_rm", [False, True])
async def test_a_key_stays_on_the_disk_only_where_nothing_else_holds_the_way_back(
    with_rm: bool, engine: FakeEngine, tmp_path: Path
) -> None:
    record = engine.record("qwen3")
    record["Config"]["Env"] = ["VLLM_API_KEY=geheim"]
    record["HostConfig"]["AutoRemove"] = with_rm
    recreator = await recreated(engine, tmp_path)
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    assert ("geheim" in written) is with_rm
    await recreator.undo("qwen3")
    assert (await engine.inspect("qwen3"))["Config"]["Env"] == ["VLLM_API_KEY=geheim"]


async def test_an_entry_of_an_earlier_llmtui_loses_its_secrets_at_the_next_start(
    engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.record("qwen3")["Config"]["Env"] = ["VLLM_API_KEY=geheim"]
    with monkeypatch.context() as patch:
        patch.setattr(recreate_kept, "bare", lambda kept: kept)
        recreator = await recreated(engine, tmp_path)
    assert "geheim" in "".join(path.read_text() for path in tmp_path.iterdir())
    assert await recreator.recover() == []
    assert "geheim" not in "".join(path.read_text() for path in tmp_path.iterdir())
    assert await recreator.undo("qwen3") == "The old qwen3 runs again."
