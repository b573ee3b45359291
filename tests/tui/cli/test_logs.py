"""`llmtui logs NAME`: what stands on stdout, and what on stderr."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import ROOT
from tests.world import World
from tui.cli.arguments import parse
from tui.cli.logs import work

Said = pytest.CaptureFixture[str]
POLL = b'INFO:     172.17.0.1:5 - "GET /metrics HTTP/1.1" 200 OK\n'
USERS = b'INFO:     172.17.0.1:5 - "POST /v1/chat/completions HTTP/1.1" 200 OK\n'
COUNTING = 'i=0; while true; do i=$((i+1)); printf "\\033[31mline %s\\033[0m\\n" $i; sleep 0.2; done'


async def logs(world: World, *arguments: str) -> int:
    return await work(parse(["logs", *arguments]), world.services)


async def test_the_log_is_clean_and_our_own_polling_lines_are_left_out(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    world.engine.feed("smol", b"\x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07and \x9b1m8 bit\n" + POLL + USERS)
    assert await logs(world, "smol") == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == ["red and \ufffd1m8 bit", USERS.decode().strip()]
    assert said.err == ""
    assert await logs(world, "smol", "--all") == 0
    assert POLL.decode().strip() in capsys.readouterr().out.splitlines()


async def test_an_unfinished_last_line_is_shown_too(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    world.engine.feed("smol", b"whole\nhalf")
    assert await logs(world, "smol") == 0
    assert capsys.readouterr().out == "whole\nhalf\n"


@pytest.mark.parametrize("count", [0, 1, 3, 900])
async def test_so_many_of_the_last_lines_are_shown_whatever_is_hidden_among_them(
    tmp_path: Path, capsys: Said, count: int
) -> None:
    world = World(tmp_path)
    world.engine.add("smol", state="exited")
    for number in range(5):
        world.engine.feed("smol", f"word {number}\n".encode() + POLL * 300)
    assert await logs(world, "smol", "--tail", str(count)) == 0
    words = [f"word {number}" for number in range(5)]
    assert capsys.readouterr().out.splitlines() == words[max(0, 5 - count) :]


async def test_an_unknown_name_is_answered_with_the_nearest_of_all_containers(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    assert await logs(world, "smo") == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "llmtui: There is no server or container smo. Near to it: smol\n")


async def test_without_an_engine_it_is_said_why(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.engine.dead = True
    assert await logs(world, "smol") == 1
    assert "Docker does not answer" in capsys.readouterr().err


async def test_following_goes_on_through_a_restart_and_repeats_nothing(tmp_path: Path, capsys: Said) -> None:
    world = World(tmp_path)
    world.serve("smol", 8123)
    world.engine.feed("smol", b"".join(b"old %d\n" % number for number in range(5)))
    following = asyncio.ensure_future(logs(world, "smol", "-f", "--tail", "2"))
    out, err = "", ""

    async def comes(word: str) -> None:
        nonlocal out, err
        until = time.monotonic() + 10
        while word not in out:
            assert time.monotonic() < until, f"{word} never came: {out} {err}"
            assert not following.done(), following
            said = capsys.readouterr()
            out, err = out + said.out, err + said.err
            await asyncio.sleep(0.02)

    await comes("old 4")
    world.engine.feed("smol", b"new\n")
    await comes("new")
    await world.engine.restart("smol")
    world.engine.feed("smol", b"again\n")
    await comes("again")
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert out.splitlines() == ["old 3", "old 4", "new", "again"]
    assert "started again" in err + capsys.readouterr().err


def opened(name: str, home: Path, *arguments: str, **pipes: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tui", "--home", str(home), "--lang", "en", "logs", name, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **pipes)


@pytest.mark.docker
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_real_log_is_followed_until_a_signal(
    container: Callable[..., str], tmp_path: Path, number: signal.Signals
) -> None:
    name = container(["sh", "-c", COUNTING])
    process = opened(name, tmp_path, "-f", env=os.environ)
    assert process.stdout is not None
    first = [process.stdout.readline() for _line in range(5)]
    process.send_signal(number)
    rest, complaint = process.communicate(timeout=20)
    assert process.returncode == 128 + number
    lines = [*first, *rest.splitlines(keepends=True)]
    assert lines == [f"line {at + 1}\n" for at in range(len(lines))]
    assert complaint == ""


@pytest.mark.docker
def test_a_log_whose_reader_leaves_ends_without_a_word(container: Callable[..., str], tmp_path: Path) -> None:
    name = container(["sh", "-c", "echo one; echo two; sleep 60"])
    process = opened(name, tmp_path, "-f")
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "one\n"
    process.stdout.close()  # it writes nothing more, so that only a look tells it
    assert process.wait(20) == 0
    assert process.stderr.read() == ""
