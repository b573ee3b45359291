"""The journal's entries belong to one engine: another one under the same host name is not touched by them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from profiles.profile import Profile
from tests.fakes import FakeEngine
from tests.tui.services.recreate_scene import (
    IMAGE,
    Answers,
    changes,
    doubled,
    failure,
    fleet,
    impatient,
    scene,
    steps,
    until_waiting,
)
from tui.services.answer import NotYetError
from tui.services.docker_records import engine_info
from tui.services.engine import ImageInfo
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.launch import Launcher


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine with one server on it."""
    return fleet()


def other() -> FakeEngine:
    """Another engine that answers at the same address."""
    one = FakeEngine()
    one.engine_info = replace(one.engine_info, id="another-engine")
    return one


async def cut_off(engine: FakeEngine, folder: Path) -> None:
    """Leave a recreate of qwen3 unfinished."""
    recreator = scene(engine, folder, Answers(NotYetError("Nobody answers")), limit=0.2)
    iterator = recreator.recreate(await recreator.plan("qwen3", doubled))
    await until_waiting(iterator)
    engine.dead = True
    await failure(iterator)
    engine.dead = False


async def without_identity(folder: Path) -> None:
    """Make every entry one that was written before engines were told apart."""
    journal = Journal(folder)
    for entry in await journal.entries():
        await journal.forget(entry)
        await journal.record(replace(entry, engine=""))
        (path,) = folder.glob("action-*.json")
        record = json.loads(path.read_text())
        del record["engine"]
        path.write_text(json.dumps(record))


def test_an_engines_id_is_read_where_it_lasts() -> None:
    assert engine_info({}, {"ID": "abc"}, "unix:///s", "").identity == "abc"
    podman = {"Components": [{"Name": "Podman Engine"}]}
    assert engine_info(podman, {"ID": "new-every-time"}, "unix:///s", "").identity == "unix:///s"


async def test_a_recreate_cut_off_on_one_engine_is_not_mended_on_another(engine: FakeEngine, tmp_path: Path) -> None:
    await cut_off(engine, tmp_path)
    second = other()
    assert await scene(second, tmp_path).recover() == []
    assert second.names == []
    assert changes(second) == []
    (told,) = await scene(engine, tmp_path).recover()
    assert told.text.endswith("The old qwen3 runs again.")


async def test_the_way_back_of_one_engine_is_not_offered_on_another(engine: FakeEngine, tmp_path: Path) -> None:
    recreator, elsewhere = scene(engine, tmp_path), scene(other(), tmp_path)
    await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    assert await recreator.kept() == {"qwen3"}
    assert await elsewhere.kept() == frozenset()
    assert "qwen3" not in await elsewhere.kept()
    with pytest.raises(ServiceError, match="no earlier qwen3"):
        await elsewhere.undo("qwen3")
    await elsewhere.let_go("qwen3")
    assert await elsewhere.recover() == []
    assert await recreator.undo("qwen3") == "The old qwen3 runs again."


async def test_a_recreate_on_another_engine_leaves_the_way_back_of_the_first(
    engine: FakeEngine, tmp_path: Path
) -> None:
    second = fleet()
    second.engine_info = replace(second.engine_info, id="another-engine")
    for one in (engine, second):
        recreator = scene(one, tmp_path)
        await steps(recreator.recreate(await recreator.plan("qwen3", doubled)))
    for one in (engine, second):
        assert await scene(one, tmp_path).undo("qwen3") == "The old qwen3 runs again."
        assert (await one.inspect("qwen3"))["Config"]["Cmd"][-1] == "1024"


async def test_an_engine_without_an_id_is_known_by_its_address(engine: FakeEngine, tmp_path: Path) -> None:
    engine.engine_info = replace(engine.engine_info, id="")
    await cut_off(engine, tmp_path)
    second = other()
    second.engine_info = replace(second.engine_info, id="", address="tcp://elsewhere:2375")
    assert await scene(second, tmp_path).recover() == []
    assert len(await scene(engine, tmp_path).recover()) == 1


async def test_an_entry_that_names_no_engine_needs_its_old_container(engine: FakeEngine, tmp_path: Path) -> None:
    await cut_off(engine, tmp_path)
    await without_identity(tmp_path)
    assert await scene(other(), tmp_path).recover() == []
    (told,) = await scene(engine, tmp_path).recover()
    assert told.text.endswith("The old qwen3 runs again.")
    assert list(tmp_path.glob("*.json")) == []


async def test_a_launch_clears_only_what_is_of_its_engine(engine: FakeEngine, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    await journal.record(Entry("recreate", "local", "fresh", "stop", {"old": "x"}, engine="another-engine"))
    engine.image_list.append(ImageInfo("sha256:1", (IMAGE,), 10, 0.0))
    launcher = Launcher(Host("local", "local", engine), journal, {})
    await steps(launcher.launch(Profile("fresh", "a/b", gpus="none")))
    assert "fresh" in engine.names
    assert [one.engine for one in await journal.entries()] == ["another-engine"]


async def test_without_entries_the_engine_is_not_asked(tmp_path: Path) -> None:
    engine = FakeEngine()
    recreator = scene(engine, tmp_path)
    assert await recreator.kept() == frozenset()
    assert await recreator.recover() == []
    assert engine.asked == []
