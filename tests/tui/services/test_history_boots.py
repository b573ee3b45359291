"""Starts that went well are kept: one row for each way of launching, bounded, and never more than can be read."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from profiles.fit.printed import Printed
from profiles.fit.records import Card, Settings
from tui.services import history_boots
from tui.services.history import History
from tui.services.history_boots import KeptBoot
from tui.services.history_schema import MIGRATIONS

KEPT = KeptBoot(
    "Qwen/Qwen3-8B",
    Settings("0.32.0", utilization=0.9, length=16384),
    Card(24.0, name="RTX 4090"),
    Printed(weights_gib=15.27, kv_gib=4.4, kv_tokens=32_000),
    at=1000.0,
)


async def test_what_is_kept_comes_back_whole_and_newest_first(tmp_path: Path) -> None:
    history = History(tmp_path / "llmtui.db")
    other = replace(KEPT, settings=Settings("0.32.0", utilization=0.8), at=2000.0)
    await history.keep_boot(KEPT)
    await history.keep_boot(other)
    assert await history.boots(KEPT.model) == [other, KEPT]
    assert await history.boots("another/model") == []
    history.close()


async def test_a_later_start_of_the_same_launch_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    history = History(tmp_path / "llmtui.db")
    later = replace(KEPT, printed=Printed(kv_gib=4.5), at=3000.0)
    for one in (KEPT, later, replace(KEPT, at=500.0)):
        await history.keep_boot(one)
    assert await history.boots(KEPT.model) == [later]
    history.close()


async def test_the_table_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_boots, "MOST_BOOTS", 3)
    history = History(tmp_path / "llmtui.db")
    for at in range(6):
        await history.keep_boot(replace(KEPT, settings=Settings(length=at + 1), at=float(at)))
    assert [one.at for one in await history.boots(KEPT.model)] == [5.0, 4.0, 3.0]
    history.close()


@pytest.mark.parametrize("settings", ["", "[]", "{", '{"length": "long"}', '{"eager": 1}', '{"version": 3}'])
async def test_a_row_that_cannot_be_read_is_left_out(tmp_path: Path, settings: str) -> None:
    history = History(tmp_path / "llmtui.db")
    await history.keep_boot(KEPT)
    with sqlite3.connect(tmp_path / "llmtui.db") as database:
        database.execute("UPDATE boot SET settings = ?", (settings,))
    assert await history.boots(KEPT.model) == []
    history.close()


async def test_what_a_newer_llmtui_wrote_into_a_row_is_left_out(tmp_path: Path) -> None:
    history = History(tmp_path / "llmtui.db")
    await history.keep_boot(KEPT)
    with sqlite3.connect(tmp_path / "llmtui.db") as database:
        database.execute("""UPDATE boot SET card = '{"total_gib": 24.0, "name": "RTX 4090", "colour": "red"}'""")
    assert await history.boots(KEPT.model) == [KEPT]
    history.close()


async def test_an_older_file_gets_the_table(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "llmtui.db") as database:
        for statements in MIGRATIONS[:2]:
            for statement in statements:
                database.execute(statement)
        database.execute("PRAGMA user_version = 2")
    history = History(tmp_path / "llmtui.db")
    await history.keep_boot(KEPT)
    assert await history.boots(KEPT.model) == [KEPT]
    history.close()
