"""The journal: private, whole or absent, and fair to a second llmtui."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui.services.errors import ServiceError
from tui.services.journal import Entry, Journal

ENTRY = Entry("recreate", "local", "qwen3", "stop", {"env": ["KEY=secret"]})


async def test_an_entry_comes_back_as_it_was_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "journal")
    await journal.record(ENTRY)
    (read,) = await journal.entries()
    assert (read.kind, read.host, read.name, read.step, read.data) == ("recreate", "local", "qwen3", "stop", ENTRY.data)
    assert read.time > 0
    await journal.forget(ENTRY)
    assert await journal.entries() == []


async def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    await journal.record(ENTRY)
    (file,) = journal.folder.glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.folder.stat().st_mode) == 0o700
    assert "secret" not in repr(ENTRY)


async def test_a_later_step_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for step in ("stop", "aside", "create"):
        await journal.record(Entry("recreate", "local", "qwen3", step))
    await journal.record(Entry("kept", "local", "qwen3", "done"))
    await journal.record(Entry("recreate", "other", "qwen3", "stop"))
    assert [(one.kind, one.host, one.step) for one in await journal.entries()] == [
        ("recreate", "local", "create"),
        ("kept", "local", "done"),
        ("recreate", "other", "stop"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"llmtui": 1}',
        '{"llmtui": 99, "kind": "recreate", "host": "h", "name": "n", "step": "s", "data": {}, "time": 1}',
        '{"llmtui": 1, "kind": 5, "host": "h", "name": "n", "step": "s", "data": {}, "time": 1}',
        '{"llmtui": 1, "kind": "k", "host": "h", "name": "n", "step": "s", "data": [], "time": "x"}',
        "[" * 5000,
        "\udcff",
    ],
)
async def test_what_is_not_ours_is_skipped_with_a_sentence(text: str, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    await journal.record(ENTRY)
    (tmp_path / "action-other.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert len(await journal.entries()) == 1
    assert len(journal.broken) == 1
    assert journal.broken[0].startswith("action-other.json in the journal cannot be read: ")


async def test_a_file_that_is_too_big_or_a_folder_is_skipped(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(9_000_000)
    (tmp_path / "folder.json").mkdir()
    assert await journal.entries() == []
    assert len(journal.broken) == 2


async def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    journal = Journal(tmp_path / "file" / "journal")
    with pytest.raises(ServiceError, match="cannot be written"):
        await journal.record(ENTRY)
    with pytest.raises(ServiceError, match="cannot be written"):
        await journal.hold("local", "qwen3")
    assert await journal.entries() == []


async def test_only_one_may_act_on_a_container(tmp_path: Path) -> None:
    one, two = Journal(tmp_path), Journal(tmp_path)
    with await one.hold("local", "qwen3"):
        with pytest.raises(ServiceError, match="Another llmtui is at work on qwen3") as caught:
            await two.hold("local", "qwen3")
        assert str(os.getpid()) in caught.value.detail
        (await two.hold("local", "other")).release()
    (await two.hold("local", "qwen3")).release()
    assert list(tmp_path.glob("*.lock")) == []


async def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, sys; from pathlib import Path; from tui.services.journal import Journal\n"
        f"hold = asyncio.run(Journal(Path({str(tmp_path)!r})).hold('local', 'qwen3'))\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    root = Path(__file__).parents[3]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(ServiceError, match="Another llmtui"):
            await Journal(tmp_path).hold("local", "qwen3")
        process.kill()
        process.wait(10)
    (await Journal(tmp_path).hold("local", "qwen3")).release()


async def test_a_name_from_outside_cannot_leave_the_folder(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    await journal.record(Entry("recreate", "local", "../../etc/passwd", "stop"))
    (file,) = journal.folder.iterdir()
    assert json.loads(file.read_text())["name"] == "../../etc/passwd"
