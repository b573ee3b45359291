"""Conversations on disk: kept, brought back, and done without when the disk will not."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.services.chat_records import ChatMessage, ChatSettings, Figures
from tui.services.errors import ServiceError
from tui.services.history import Desk, History
from tui.services.history_schema import MIGRATIONS

KEY = ("here", "qwen3")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is to be."""
    return tmp_path / "data" / "history.db"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    """A history that is closed again."""
    history = History(path)
    yield history
    history.close()


def talk() -> list[ChatMessage]:
    """A question and its answer."""
    figures = Figures(0.118, 46.2, 212, 9, 1.8, 96, "stop")
    return [ChatMessage("user", "用一句话介绍 AI"), ChatMessage("assistant", "AI …", "let me see", figures, "a note")]


async def test_a_conversation_comes_back_as_it_was(path: Path, history: History) -> None:
    kept = await history.keep(KEY, None, talk())
    again = History(path)
    messages = await again.messages(kept)
    again.close()
    assert [(m.role, m.text, m.reasoning, m.figures, m.note) for m in messages] == [
        (m.role, m.text, m.reasoning, m.figures, m.note) for m in talk()
    ]


async def test_keeping_again_changes_and_cuts_but_never_doubles(history: History) -> None:
    messages = talk()
    kept = await history.keep(KEY, None, messages)
    messages[1].text = "changed"
    assert await history.keep(KEY, kept, messages) == kept
    await history.keep(KEY, kept, messages[:1])
    assert [message.text for message in await history.messages(kept)] == ["用一句话介绍 AI"]


async def test_each_server_has_its_own_conversations_newest_first(history: History) -> None:
    first = await history.keep(KEY, None, talk())
    second = await history.keep(KEY, None, [ChatMessage("user", "another one")])
    await history.keep(("there", "qwen3"), None, talk())
    found = await history.conversations(KEY)
    assert [(summary.id, summary.messages) for summary in found] == [(second, 1), (first, 2)]
    assert found[0].title == "another one"


async def test_the_desk_remembers_draft_and_settings(history: History) -> None:
    assert await history.desk(KEY) == Desk()
    desk = Desk(await history.keep(KEY, None, talk()), "half a sent", ChatSettings("be brief", None, 0.9, 64, False))
    await history.keep_desk(KEY, desk)
    assert await history.desk(KEY) == desk


async def test_a_removed_conversation_is_gone_with_its_messages(path: Path, history: History) -> None:
    kept = await history.keep(KEY, None, talk())
    await history.keep_desk(KEY, Desk(kept))
    await history.remove(kept)
    assert await history.conversations(KEY) == []
    assert (await history.desk(KEY)).conversation is None
    history.close()
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM message").fetchone() == (0,)


async def test_nobody_else_may_read_it(path: Path, history: History) -> None:
    await history.keep(KEY, None, talk())
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


async def test_a_locked_file_is_told_and_works_again_later(path: Path, history: History) -> None:
    await history.keep(KEY, None, talk())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ServiceError, match="in use by another program"):
        await history.keep(KEY, None, talk())
    other.execute("ROLLBACK")
    other.close()
    assert await history.keep(KEY, None, talk())


async def test_a_damaged_file_is_told_and_left_alone(path: Path, history: History) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this was a database once " * 200)
    with pytest.raises(ServiceError, match="cannot be read"):
        await history.desk(KEY)
    assert path.read_bytes().startswith(b"this was")


async def test_a_newer_file_is_left_alone(path: Path, history: History) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(ServiceError, match="newer llmtui"):
        await history.desk(KEY)


async def test_a_full_disk_is_told_and_nothing_is_half_kept(history: History) -> None:
    kept = await history.keep(KEY, None, talk())
    await history._run(lambda: history._open().execute("PRAGMA max_page_count = 14"))
    with pytest.raises(ServiceError, match="disk is full"):
        await history.keep(KEY, kept, [*talk(), ChatMessage("assistant", "x" * 400_000)])
    assert len(await history.messages(kept)) == 2


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    history = History(tmp_path / "file" / "history.db")
    with pytest.raises(ServiceError, match="cannot be written"):
        await history.desk(KEY)
    history.close()


async def test_what_was_asked_for_is_written_before_it_closes(path: Path) -> None:
    history = History(path)
    keeping = asyncio.ensure_future(history.keep(KEY, None, talk()))
    await asyncio.sleep(0)
    keeping.cancel()
    history.close(2.0)
    again = History(path)
    assert len(await again.conversations(KEY)) == 1
    again.close()


async def test_lone_surrogates_and_zero_bytes_are_kept_or_told_but_never_crash(history: History) -> None:
    kept = await history.keep(KEY, None, [ChatMessage("user", "a\0b")])
    assert (await history.messages(kept))[0].text == "a\0b"


async def test_two_programs_on_one_file_delete_nothing_of_each_other(path: Path, history: History) -> None:
    kept = await history.keep(KEY, None, talk())
    other = History(path)
    mine, theirs = await history.messages(kept), await other.messages(kept)
    await other.keep(KEY, kept, [*theirs, ChatMessage("user", "theirs"), ChatMessage("assistant", "to them")])
    mine += [ChatMessage("user", "mine"), ChatMessage("assistant", "to me")]
    await history.keep(KEY, kept, mine)
    await history.keep(KEY, kept, mine[:2])
    other.close()
    texts = [message.text for message in await history.messages(kept)]
    assert texts == ["用一句话介绍 AI", "AI …", "theirs", "to them"]


async def test_what_two_programs_said_stands_question_by_question(path: Path, history: History) -> None:
    kept = await history.keep(KEY, None, talk()[:1])
    other = History(path)
    read = [await history.messages(kept), await other.messages(kept)]
    for one, words, messages in ((history, "mine", read[0]), (other, "theirs", read[1])):
        await one.keep(KEY, kept, [messages[0], ChatMessage("user", words), ChatMessage("assistant", words)])
    other.close()
    assert [message.text for message in await history.messages(kept)][1:] == ["mine", "mine", "theirs", "theirs"]


async def test_an_id_is_never_given_twice(path: Path, history: History) -> None:
    lost = talk()
    kept = await history.keep(KEY, None, lost)
    other = History(path)
    await other.remove(kept)
    others = [ChatMessage("user", "theirs"), ChatMessage("assistant", "to them")]
    new = await other.keep(KEY, None, others)
    assert new != kept and not {message.id for message in others} & {message.id for message in lost}
    again = await history.keep(KEY, kept, lost)
    assert again not in {kept, new}
    assert [message.text for message in await other.messages(new)] == ["theirs", "to them"]
    assert len(await other.messages(again)) == 2
    other.close()


async def test_a_message_of_another_conversation_is_never_overwritten(history: History) -> None:
    theirs = await history.keep(KEY, None, talk())
    taken = (await history.messages(theirs))[0].id
    mine = await history.keep(KEY, None, [ChatMessage("user", "mine", id=taken)])
    assert [message.text for message in await history.messages(mine)] == ["mine"]
    assert [message.text for message in await history.messages(theirs)] == ["用一句话介绍 AI", "AI …"]


async def test_a_desk_whose_conversation_another_program_removed_is_kept_without_it(history: History) -> None:
    await history.keep_desk(KEY, Desk(77, "half a sent"))
    assert await history.desk(KEY) == Desk(None, "half a sent")


async def test_a_file_of_the_first_version_keeps_everything(path: Path, history: History) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        for statement in MIGRATIONS[0]:
            database.execute(statement)
        database.execute("INSERT INTO conversation VALUES (4, 'here', 'qwen3', 'old', 1.0)")
        database.execute("INSERT INTO message VALUES (9, 4, 0, 'user', 'old', '', '{}', '')")
        database.execute("INSERT INTO desk VALUES ('here', 'qwen3', 4, 'draft', '{}')")
        database.execute("PRAGMA user_version = 1")
    assert await history.desk(KEY) == Desk(4, "draft")
    assert [message.text for message in await history.messages(4)] == ["old"]
    added = ChatMessage("user", "new")
    await history.keep(KEY, 4, [*await history.messages(4), added])
    assert added.id == 10
    await history.remove(4)
    assert (await history.desk(KEY)).conversation is None


async def test_what_cannot_be_written_at_all_is_told(history: History) -> None:
    with pytest.raises(ServiceError):
        await history.keep(KEY, None, [ChatMessage("user", "\ud800")])


@pytest.mark.parametrize("used", [False, True])
async def test_once_closed_it_refuses_and_lets_nobody_wait(history: History, used: bool) -> None:
    if used:
        await history.desk(KEY)
    history.close()
    async with asyncio.timeout(2):
        with pytest.raises(ServiceError, match="closed"):
            await history.desk(KEY)
