"""The real app in a real terminal: its options reach the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

Opener = Callable[..., Terminal]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Open llmtui without any engine; the first frame stands when this text is there."""
    terminals: list[Terminal] = []

    def open_app(*options: str, until: str = "Servers", early: str = "", **environ: str) -> Terminal:
        environ = {"DOCKER_HOST": f"unix://{tmp_path}/none.sock", "LANG": "C.UTF-8", "LC_ALL": "", **environ}
        terminal = Terminal(["-m", "tui", "--home", str(tmp_path), *options], True, 30, 120, **environ)
        terminals.append(terminal)
        if early:
            terminal.wait_for("\x1b[6n")
            terminal.type(early)
        terminal.wait_for(until)
        terminal.read(0.3)
        return terminal

    yield open_app
    for terminal in terminals:
        terminal.close()


def test_it_opens_and_quits_with_the_terminal_in_order(opened: Opener) -> None:
    terminal = opened()
    assert "1003" in terminal.left_on
    terminal.type("\x11")
    terminal.end()
    assert terminal.process.returncode == 0
    assert terminal.left_on == set()
    assert terminal.cooked


def test_the_kitty_protocol_is_never_asked_for(opened: Opener) -> None:
    assert b"\x1b[>" not in opened().written


def test_ascii_is_nothing_but_ascii(opened: Opener) -> None:
    terminal = opened("--ascii")
    drawn = bytes(terminal.written).split(b"\x1b[?1049h")[1]
    assert drawn.isascii()
    assert b"+" in drawn
    assert b"-----" in drawn


def test_chinese_comes_from_the_environment_and_goes_by_the_option(opened: Opener) -> None:
    chinese = opened(until="服务", LANG="zh_CN.UTF-8")
    english = opened("--lang", "en", LANG="zh_CN.UTF-8")
    assert b"Servers" not in chinese.written
    assert "服务".encode() not in english.written


def test_a_slow_line_gets_no_mouse_movements(opened: Opener) -> None:
    terminal = opened("--low-bandwidth")
    assert "1000" in terminal.left_on
    assert "1003" not in terminal.left_on


def test_without_colours_nothing_is_coloured(opened: Opener) -> None:
    drawn = bytes(opened("--no-color").written)
    for codes in set(drawn.split(b"\x1b[38;2;")[1:]):
        red, green, blue = codes.split(b"m")[0].split(b";")[:3]
        assert red == green == blue


def test_a_key_pressed_too_early_is_not_lost(opened: Opener) -> None:
    terminal = opened(early="q", until="\x1b[?1049l")
    terminal.end()
    assert terminal.process.returncode == 0


def test_the_demo_leaves_nothing_behind(opened: Opener, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    terminal = opened("--demo", until="qwen3-8b", TMPDIR=str(scratch))
    assert "DEMO" in bytes(terminal.written).decode("utf-8", "replace")
    assert [one.name[:12] for one in scratch.iterdir()] == ["llmtui-demo-"]
    terminal.type("\x11")
    terminal.end()
    assert list(scratch.iterdir()) == []
    assert list(tmp_path.iterdir()) == [scratch], "something was written beside the demo's own folder"
