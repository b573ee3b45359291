"""Saving a log: what cannot be a file is told, and nobody's file is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.panes.test_logs import PaneApp, engine_with
from tests.tui.waiting import until
from tui.panes.log_file import proposed_path, save
from tui.services.errors import ServiceError


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("~nobody-of-this-name/x.log", "no such user"),
        ("/tmp/a\0b.log", "no name for a file"),
        ("/nowhere/at/all.log", "No such file"),
        ("/tmp", "Is a directory"),
    ],
)
async def test_what_cannot_be_a_file_is_told(path: str, words: str) -> None:
    with pytest.raises(ServiceError) as caught:
        await save(path, [b"x"])
    assert words in caught.value.detail


async def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("precious")
    assert await save(str(path), [b"one"]) == tmp_path / "x-2.log"
    assert await save(str(path), [b"two"]) == tmp_path / "x-3.log"
    assert path.read_text() == "precious"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["x-2.log", "x-3.log", "x.log"]


async def test_a_failure_in_the_middle_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> object:
        yield b"x"
        raise KeyError("gone")

    with pytest.raises(ServiceError):
        await save(str(tmp_path / "x.log"), pieces())  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


async def test_saving_where_a_file_is_takes_another_name_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("precious")
    engine = engine_with()
    engine.feed("smol", b"one\n")
    async with PaneApp(engine).run_test(notifications=True, size=(120, 30)) as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one")
        app.pane.view.focus()
        app.pane.box.save_as = str(tmp_path / "log.txt")
        await pilot.press("ctrl+s", "enter")
        await until((tmp_path / "log-2.txt").exists)
        await until(lambda: any("log.txt was there already" in one.message for one in app._notifications))
        assert (tmp_path / "log.txt").read_text() == "precious"


def test_a_working_folder_that_is_gone_makes_room_for_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    monkeypatch.setenv("HOME", str(tmp_path))
    gone.rmdir()
    assert proposed_path("qwen3", "now") == str(tmp_path / "qwen3-now.log")
