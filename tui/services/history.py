"""Conversations and boots kept on disk: SQLite in one private thread, so that the event loop never waits for a file."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, fields
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tui.services.chat_records import ChatMessage, ChatSettings, Figures
from tui.services.errors import ServiceError
from tui.services.history_schema import brought_up_to_date

if TYPE_CHECKING:
    from tui.services.history_boots import KeptBoot

Result = TypeVar("Result")
Key = tuple[str, str]
"""A server's key: host and name."""

TITLE = 60
"""Characters of the first question that name a conversation."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One kept conversation, for a list."""

    id: int
    title: str
    messages: int
    changed: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one had before oneself when one last left a server."""

    conversation: int | None = None
    draft: str = ""
    settings: ChatSettings = field(default_factory=ChatSettings)


class History:
    """Conversations, drafts and chat settings of each server; never a key or a token.

    Nothing is opened before the first call. Every method raises ServiceError when the file is locked, damaged or cannot be
    written; the chat goes on without it.

    Args:
        path: The database file; made with mode 0600, its folder too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._known: dict[int, set[int]] = {}
        """Ids of the messages of each conversation that we read or wrote: another llmtui's are not ours to delete."""

    async def desk(self, key: Key) -> Desk:
        """What stood there when the server was left."""
        return await self._run(lambda: self._desk(key))

    async def keep_desk(self, key: Key, desk: Desk) -> None:
        """Remember it."""
        await self._run(lambda: self._keep_desk(key, desk))

    async def conversations(self, key: Key) -> list[Summary]:
        """The kept conversations of a server, the newest first."""
        return await self._run(lambda: self._conversations(key))

    async def messages(self, conversation: int) -> list[ChatMessage]:
        """The messages of a conversation in their order."""
        return await self._run(lambda: self._messages(conversation))

    async def keep(self, key: Key, conversation: int | None, messages: Sequence[ChatMessage]) -> int:
        """Keep a conversation as it is now; the messages learn their ids.

        Returns:
            The conversation's id, a new one when None was given.
        """
        # What another llmtui added meanwhile stays; what it deleted and is still given here comes back.
        copied, rows = list(messages), [_row(message) for message in messages]
        kept, ids = await self._run(lambda: self._keep(key, conversation, rows))
        for message, id in zip(copied, ids, strict=True):
            message.id = id
        return kept

    async def remove(self, conversation: int) -> None:
        """Remove a conversation for good."""
        await self._run(lambda: self._write("DELETE FROM conversation WHERE id = ?", (conversation,)))

    async def boots(self, model: str) -> list[KeptBoot]:
        """The starts of a model that went well, the newest first."""
        from tui.services import history_boots

        return await self._run(lambda: history_boots.newest(self._open(), model))

    async def keep_boot(self, kept: KeptBoot) -> None:
        """Remember what vLLM printed in a start that went well."""
        from tui.services import history_boots

        await self._run(lambda: history_boots.keep(self._open(), kept))

    def close(self, wait: float = 0.2) -> None:
        """Let what waits be written, for a moment at most, and close the file."""
        self._closed = True
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(wait)

    async def _run(self, job: Callable[[], Result]) -> Result:
        if self._closed:
            raise ServiceError(_("The chat history is closed"))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="history", daemon=True)
            self._thread.start()
        future: Future[Result] = Future()
        self._jobs.put((job, future))
        return await asyncio.wrap_future(future)

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            listened = future.set_running_or_notify_cancel()
            try:
                result = job()
            except Exception as error:
                if listened:
                    future.set_exception(_told(error, self._path))
            else:
                if listened:
                    future.set_result(result)
        if self._connection is not None:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(self._path, timeout=2.0, isolation_level=None)
            try:
                brought_up_to_date(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _write(self, statement: str, values: Sequence[Any]) -> None:
        self._open().execute(statement, values)

    def _desk(self, key: Key) -> Desk:
        row = (
            self._open()
            .execute("SELECT conversation, draft, settings FROM desk WHERE host = ? AND name = ?", key)
            .fetchone()
        )
        return Desk() if row is None else Desk(row[0], row[1], _loaded(ChatSettings, row[2]))

    def _keep_desk(self, key: Key, desk: Desk) -> None:
        self._write(
            "INSERT INTO desk (host, name, conversation, draft, settings)"
            " VALUES (?, ?, (SELECT id FROM conversation WHERE id = ?), ?, ?) ON CONFLICT (host, name) DO UPDATE"
            " SET conversation = excluded.conversation, draft = excluded.draft, settings = excluded.settings",
            (*key, desk.conversation, desk.draft, json.dumps(asdict(desk.settings))),
        )

    def _conversations(self, key: Key) -> list[Summary]:
        rows = self._open().execute(
            "SELECT id, title, (SELECT count(*) FROM message WHERE conversation = c.id), changed FROM conversation AS c"
            " WHERE host = ? AND name = ? ORDER BY changed DESC, id DESC LIMIT 500",
            key,
        )
        return [Summary(*row) for row in rows]

    def _messages(self, conversation: int) -> list[ChatMessage]:
        rows = self._open().execute(
            "SELECT id, role, text, reasoning, figures, note FROM message WHERE conversation = ? ORDER BY id",
            (conversation,),
        )
        found = [ChatMessage(row[1], row[2], row[3], _loaded(Figures, row[4]), row[5], row[0]) for row in rows]
        self._known[conversation] = {message.id for message in found if message.id is not None}
        return found

    def _keep(self, key: Key, conversation: int | None, rows: list[tuple[Any, ...]]) -> tuple[int, list[int]]:
        database = self._open()
        title = next((row[2].strip()[:TITLE] for row in rows if row[1] == "user"), "")
        with _transaction(database):
            kept = _conversation(database, key, conversation, title)
            dropped = self._known.get(kept, set()) - {row[0] for row in rows}
            database.executemany("DELETE FROM message WHERE id = ?", [(id,) for id in dropped])
            ids = [_put(database, kept, place, row) for place, row in enumerate(rows)]
        self._known[kept] = set(ids)
        return kept, ids


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Any:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _conversation(database: sqlite3.Connection, key: Key, conversation: int | None, title: str) -> int:
    """The id to write to: the given one, or that of a new one when it is gone or another server's."""
    changed = time.time()
    known = "UPDATE conversation SET title = ?, changed = ? WHERE id = ? AND host = ? AND name = ?"
    if conversation is not None and database.execute(known, (title, changed, conversation, *key)).rowcount:
        return conversation
    new = "INSERT INTO conversation (host, name, title, changed) VALUES (?, ?, ?, ?)"
    return int(database.execute(new, (*key, title, changed)).lastrowid or 0)


def _put(database: sqlite3.Connection, conversation: int, place: int, row: tuple[Any, ...]) -> int:
    put = (
        "INSERT INTO message (id, conversation, place, role, text, reasoning, figures, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET place = excluded.place, text = excluded.text, reasoning = excluded.reasoning,"
        " figures = excluded.figures, note = excluded.note WHERE message.conversation = excluded.conversation"
    )
    if row[0] is not None and database.execute(put, (row[0], conversation, place, *row[1:])).rowcount:
        return int(row[0])
    return int(database.execute(put, (None, conversation, place, *row[1:])).lastrowid or 0)


def _row(message: ChatMessage) -> tuple[Any, ...]:
    figures = json.dumps({name: value for name, value in asdict(message.figures).items() if value is not None})
    return (message.id, message.role, message.text, message.reasoning, figures, message.note)


def _loaded(kind: type[Result], text: str) -> Result:
    """A record from its JSON; what a newer llmtui wrote into it is left out."""
    try:
        values = json.loads(text)
    except ValueError:
        return kind()
    if not isinstance(values, dict):
        return kind()
    names = {known.name for known in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in values.items() if name in names})


def _told(error: Exception, path: Path) -> ServiceError:
    words = str(error).lower()
    if "locked" in words or "busy" in words:
        return ServiceError(
            _("The chat history is in use by another program"), str(error), _("The chat goes on; close the other one")
        )
    if "malformed" in words or "not a database" in words or "newer" in words:
        mend = _("The chat goes on without it; move {path} away and a new one is made").format(path=path)
        return ServiceError(_("The chat history cannot be read"), str(error), mend)
    if "full" in words or "no space" in words:
        return ServiceError(
            _("The disk is full: the chat is not kept"), str(error), _("Make room; the chat goes on meanwhile")
        )
    mend = _("The chat goes on without it; see who owns {path}").format(path=path)
    return ServiceError(_("The chat history cannot be written"), str(error), mend)
