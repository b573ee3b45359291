"""Searching the disks for models: in bounded time, whatever lies there."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.services.test_models_on_disk import NOWHERE, model
from tui.services import models_on_disk
from tui.services.models_on_disk import LocalModel, find, hub_cache, likely_folders, newest_snapshot
from tui.services.models_on_disk_look import look


async def test_folders_are_searched_three_levels_deep(tmp_path: Path) -> None:
    for deep in ("a", "b/c", "b/d/e", "f/g/h/i", ".hidden/j", "node_modules/k"):
        model(tmp_path / deep)
    assert [one.name for one in await find([tmp_path], cache=NOWHERE)] == ["a", "c", "e"]


async def test_a_folder_named_twice_is_found_once_and_none_is_an_empty_list(tmp_path: Path) -> None:
    model(tmp_path / "a")
    (tmp_path / "link").symlink_to(tmp_path / "link")
    found = await find([tmp_path, tmp_path / "a", tmp_path / "none"], cache=NOWHERE)
    assert [one.name for one in found] == ["a"]
    assert await find([], cache=NOWHERE) == []


async def test_the_hub_cache_is_read_with_its_ids(tmp_path: Path) -> None:
    repo = tmp_path / "models--Qwen--Qwen3-0.6B"
    snapshot = model(repo / "snapshots" / "abc123")
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("abc123")
    (tmp_path / "datasets--x--y" / "snapshots").mkdir(parents=True)
    (one,) = await find([], cache=tmp_path)
    assert (one.name, one.hub_id, one.path) == ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", snapshot)
    assert newest_snapshot(repo) == snapshot
    assert newest_snapshot(tmp_path) is None


async def test_a_download_that_did_not_end_is_told(tmp_path: Path) -> None:
    half = tmp_path / "models--a--half"
    (model(half / "snapshots" / "abc") / "model.safetensors").unlink()
    (half / "blobs").mkdir()
    (half / "blobs" / "0123.incomplete").write_text("x")
    (tmp_path / "models--a--none" / "blobs").mkdir(parents=True)
    one, two = await find([], cache=tmp_path)
    assert (one.hub_id, two.hub_id) == ("a/half", "a/none")
    assert one.problem == "Its download did not end: There are no weights in the folder."
    assert "without a finished snapshot" in two.problem


async def test_a_dead_mount_hangs_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model(tmp_path / "good" / "a")
    (tmp_path / "dead").mkdir()
    stuck, real = threading.Event(), models_on_disk._inside

    def slow(folder: Path) -> tuple[list[Path], bool, bool]:
        if folder.name == "dead":
            stuck.wait(20)
        return real(folder)

    monkeypatch.setattr(models_on_disk, "_inside", slow)
    began = time.monotonic()
    found = await find([tmp_path / "dead", tmp_path / "good"], seconds=0.5, cache=NOWHERE)
    assert [one.name for one in found] == ["a"]
    assert time.monotonic() - began < 2
    stuck.set()


async def test_the_event_loop_goes_on_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model(tmp_path / "a")

    def slow(folder: Path, *rest: object) -> LocalModel:
        time.sleep(0.3)
        return look(folder)

    monkeypatch.setattr(models_on_disk, "look", slow)
    search = asyncio.ensure_future(find([tmp_path], cache=NOWHERE))
    longest, last = 0.0, time.monotonic()
    while not search.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert len(search.result()) == 1
    assert longest < 0.25


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HF_HUB_CACHE": "/x/hub", "HF_HOME": "/y"}, "/x/hub"),
        ({"HF_HOME": "/y"}, "/y/hub"),
        ({"XDG_CACHE_HOME": "/z"}, "/z/huggingface/hub"),
    ],
)
def test_where_the_hub_cache_is(environ: dict[str, str], folder: str) -> None:
    assert hub_cache(environ) == Path(folder)


def test_likely_folders_are_named_without_being_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda self: pytest.fail("looked"))
    assert Path("/home/me/models") in likely_folders(Path("/home/me"))


@pytest.fixture(autouse=True)
def _an_empty_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide where this machine keeps models."""
    monkeypatch.setattr(models_on_disk, "likely_folders", list)
    monkeypatch.setattr(models_on_disk, "MOUNTS", tmp_path_factory.mktemp("mnt"))


async def test_drives_and_usual_places_are_searched_without_being_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("mnt/d/models/a", "mnt/disk2/huggingface/b", "mnt/models/c", "mnt/d/other/x", "home/models/d"):
        model(tmp_path / place)
    monkeypatch.setattr(models_on_disk, "MOUNTS", tmp_path / "mnt")
    monkeypatch.setattr(models_on_disk, "likely_folders", lambda: likely_folders(tmp_path / "home"))
    assert [one.name for one in await find([], cache=NOWHERE)] == ["a", "b", "c", "d"]


async def test_a_drive_that_does_not_answer_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model(tmp_path / "good" / "models" / "a")
    model(tmp_path / "dead" / "models" / "b")
    stuck, real = threading.Event(), models_on_disk._inside

    def slow(folder: Path) -> tuple[list[Path], bool, bool]:
        if "dead" in folder.parts:
            stuck.wait(20)
        return real(folder)

    monkeypatch.setattr(models_on_disk, "_inside", slow)
    monkeypatch.setattr(models_on_disk, "MOUNTS", tmp_path)
    assert [one.name for one in await find([], seconds=0.5, cache=NOWHERE)] == ["a"]
    stuck.set()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    names = [
        thread.name for thread in threading.enumerate() if thread.name.startswith("models in") and not thread.daemon
    ]
    assert names == []
