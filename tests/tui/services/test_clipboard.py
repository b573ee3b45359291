"""Copied text arrives by the ways there are, within a bounded time."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tui.services import clipboard
from tui.services.errors import ServiceError

TEXT = "docker run 你好 'x'\nsecond line\n"


def program(folder: Path, name: str, script: str) -> None:
    """Put a shell script on the PATH folder."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def environ_of(folder: Path, **more: str) -> dict[str, str]:
    """Only this folder and the system's own programs on PATH."""
    return {"PATH": f"{folder}:/usr/bin:/bin", "HERE": str(folder), **more}


async def test_a_bare_terminal_has_only_its_own_way(tmp_path: Path) -> None:
    assert clipboard.ways({}) == ()
    assert await clipboard.copy(TEXT, environ_of(tmp_path)) == "the terminal's clipboard"


async def test_windows_gets_utf_16(tmp_path: Path) -> None:
    program(tmp_path, "clip.exe", 'cat > "$HERE/got"')
    assert await clipboard.copy(TEXT, environ_of(tmp_path, WSL_DISTRO_NAME="Ubuntu")) == "the Windows clipboard"
    assert (tmp_path / "got").read_bytes().decode("utf-16-le") == TEXT


async def test_an_old_tmux_is_asked_again_without_the_flag(tmp_path: Path) -> None:
    program(tmp_path, "tmux", '[ "$2" = -w ] && { echo unknown option >&2; exit 1; }; cat > "$HERE/got"')
    assert await clipboard.copy(TEXT, environ_of(tmp_path, TMUX="/tmp/x,1,0")) == "tmux's buffer"
    assert (tmp_path / "got").read_text() == TEXT


async def test_inside_tmux_on_wsl_the_one_that_works_is_named(tmp_path: Path) -> None:
    program(tmp_path, "clip.exe", "exit 3")
    program(tmp_path, "tmux", "cat > /dev/null")
    assert await clipboard.copy(TEXT, environ_of(tmp_path, TMUX="x", WSL_INTEROP="x")) == "tmux's buffer"


async def test_a_way_that_takes_nothing_is_told_in_plain_words(tmp_path: Path) -> None:
    program(tmp_path, "tmux", "echo no server running >&2; exit 1")
    with pytest.raises(ServiceError, match="no server running") as told:
        await clipboard.copy(TEXT, environ_of(tmp_path, TMUX="x"))
    assert told.value.title == "tmux did not take the text"
    assert told.value.mend


async def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"clip\.exe is not on PATH"):
        await clipboard.copy(TEXT, {"PATH": str(tmp_path), "WSL_INTEROP": "x"})


async def test_a_program_that_hangs_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "SECONDS", 0.2)
    program(tmp_path, "clip.exe", "exec sleep 60")
    began = time.monotonic()
    with pytest.raises(ServiceError, match="no answer within"):
        await clipboard.copy("x" * 1_000_000, environ_of(tmp_path, WSL_INTEROP="x"))
    assert time.monotonic() - began < 2


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
async def test_a_real_tmux_keeps_the_text(tmp_path: Path) -> None:
    socket = tmp_path / "s"
    tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
    subprocess.run([*tmux, "new-session", "-d", "sleep 60"], check=True)
    try:
        environ = {**os.environ, "TMUX": f"{socket},1,0"}
        assert await clipboard.copy(TEXT, environ) == "tmux's buffer"
        shown = subprocess.run([*tmux, "show-buffer"], capture_output=True, text=True, check=True)
        assert shown.stdout == TEXT
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
