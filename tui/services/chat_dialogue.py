"""One server's conversation: its messages, its draft, its settings and the answer that runs, whoever looks at it."""

from __future__ import annotations

import time
from asyncio import CancelledError, Lock
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from gettext import gettext as _

from tui.services.chat import Chat
from tui.services.chat_cut import CUT, JUST_SECONDS, end_of
from tui.services.chat_errors import unforeseen
from tui.services.chat_records import ChatMessage, ChatSettings, Embedding
from tui.services.errors import ServiceError
from tui.services.history import Desk, History, Key
from tui.services.server import Server, State


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back because nothing came in its place."""

    place: int
    """Where it stands."""
    question: str
    """The edited question that went unanswered; empty where the same one was asked again."""
    error: ServiceError | None
    """Why nothing came; None when the reader stopped it."""


class Dialogue:
    """What is said between the reader and one server."""

    def __init__(self, key: Key, chat: Chat, history: History) -> None:
        self.key = key
        self.messages: list[ChatMessage] = []
        self.draft = ""
        """What stands in the prompt."""
        self.settings = ChatSettings()
        self.running = False
        """Whether an answer is coming."""
        self.editing: int | None = None
        """The place of the question that is being edited; sending replaces everything from there on."""
        self.conversation: int | None = None
        """Its id in the history; None while it is not kept."""
        self.loaded = False
        """Whether what the history holds has been brought back; nothing is kept before, or it would be overwritten."""
        self.restored: Restored | None = None
        """What the last answer was to replace, when it came to nothing."""
        self._replaced: tuple[int, list[ChatMessage]] | None = None
        """A place and what stood there, until the first word of what replaces it has come: a good answer is not given for none."""
        self._cut: tuple[Server, float] | None = None
        """Whose answer ended without a reason, and when, until it is known what became of the server."""
        self._chat = chat
        self._history = history
        self._lock = Lock()

    async def load(self) -> str:
        """Bring back what was there when llmtui ended last; give the draft of then, once, to stand before what was written meanwhile.

        Raises:
            ServiceError: If the history cannot be read; the dialogue is usable all the same.
        """
        async with self._lock:
            if self.loaded:
                return ""
            desk = await self._history.desk(self.key)
            kept = [] if desk.conversation is None else await self._kept(desk.conversation)
            if self.settings == ChatSettings():
                self.settings = desk.settings
            if self.editing is not None:
                self.editing += len(kept)
            if self._replaced is not None:
                self._replaced = self._replaced[0] + len(kept), self._replaced[1]
            self.conversation, self.messages = desk.conversation, kept + self.messages
            self.loaded = True
            self.draft = desk.draft + self.draft
            return desk.draft

    async def keep(self) -> None:
        """Keep it as it is now; does nothing before it is loaded.

        Raises:
            ServiceError: If the history cannot be written.
        """
        async with self._lock:  # two at once would make two conversations of a new one
            if self.loaded and self.messages and self._replaced is None:
                self.conversation = await self._history.keep(self.key, self.conversation, self.messages)
            await self._keep_desk()

    async def keep_desk(self) -> None:
        """Keep the draft and the settings; does nothing before they are loaded.

        Raises:
            ServiceError: If the history cannot be written.
        """
        async with self._lock:
            await self._keep_desk()

    async def open(self, conversation: int | None) -> None:
        """Go on with a kept conversation, or begin a new one with None.

        Raises:
            ServiceError: If it cannot be read, then nothing has changed; or if the desk cannot be kept.
        """
        async with self._lock:
            messages = [] if conversation is None else await self._kept(conversation)
            self.editing, self.conversation, self.messages = None, conversation, messages
            await self._keep_desk()

    async def _keep_desk(self) -> None:
        if self.loaded:
            await self._history.keep_desk(self.key, Desk(self.conversation, self.draft, self.settings))

    async def _kept(self, conversation: int) -> list[ChatMessage]:
        messages = await self._history.messages(conversation)
        for message in messages:
            if message.role == "assistant" and message.figures.finish is None:
                message.end("broken")  # llmtui ended before the answer did
        return messages

    def ask(self, text: str) -> None:
        """Add a question; an edited one takes the place of the old one and of all that followed."""
        if self.editing is not None:
            self._take_away(self.editing)
            self.editing = None
        sound = text.encode("utf-8", "replace").decode()  # a lone surrogate can be neither sent nor kept
        self.messages.append(ChatMessage("user", sound))

    def questions(self) -> list[str]:
        """What was asked, oldest first."""
        return [message.text for message in self.messages if message.role == "user"]

    def last_question(self, chosen: int | None = None) -> int | None:
        """The place of the last question, or of the one that a chosen message is or answers."""
        places = range(len(self.messages) if chosen is None else chosen + 1)
        return next((place for place in reversed(places) if self.messages[place].role == "user"), None)

    def forget_answer(self) -> bool:
        """Take the answer to the last question away so that it can be asked again; say whether there is a question."""
        place = self.last_question()
        if place is None:
            return False
        self._take_away(place + 1)
        return True

    def _take_away(self, place: int) -> None:
        taken = self.messages[place:]
        del self.messages[place:]
        worth = any(message.role == "assistant" and (message.text or message.reasoning) for message in taken)
        self._replaced = (place, taken) if worth else None

    def _settle(self, error: ServiceError | None) -> None:
        """Bring back what was to be replaced, if nothing came."""
        if self._replaced is None:
            return
        place, taken = self._replaced
        asked = self.messages[place] if place < len(self.messages) else None
        question = asked.text if asked is not None and asked.role == "user" else ""
        self.messages[place:] = taken
        self._replaced, self.restored = None, Restored(place, question, error)

    async def answer(self, server: Server) -> AsyncGenerator[ChatMessage, None]:
        """Let the server answer what was asked last; the answer is the last message and grows.

        A failure stands in the answer's note; what came before it stays. Where nothing came at all, what the answer was to
        replace comes back (`restored`).
        """
        asked = list(self.messages)
        message = ChatMessage("assistant")
        self.messages.append(message)
        self.running, self.restored = True, None
        failure: ServiceError | None = None
        try:
            yield message
            if server.task == "embed":
                message.text = _vector(await self._chat.embed(server, asked[-1].text))
                message.figures = type(message.figures)(finish="stop")
            else:
                async with aclosing(self._chat.answer(server, asked, self.settings)) as pieces:
                    async for piece in pieces:
                        message.grow(piece)
                        if message.text or message.reasoning:
                            self._replaced = None
                        yield message
            self._replaced = None  # an answer without a word is one, too
        except ServiceError as error:
            message.end("broken", failure := error)
        except (CancelledError, GeneratorExit):
            message.end("stopped")
            raise
        except Exception as error:
            message.end("broken", failure := unforeseen(error, server))
        finally:
            self._cut = (
                (server, time.time()) if message.figures.finish in CUT and message.text + message.reasoning else None
            )
            self._settle(failure)
            self.running = False

    def judge(self, server: Server) -> bool:
        """Say at the last answer what became of its server in the middle of it, as soon as that shows; True when it is news."""
        if self._cut is None or self.running or not self.messages:
            return False
        asked, when = self._cut
        answer = self.messages[-1]
        end = end_of(asked, server)
        # vLLM aborts only when it shuts down, however long that takes; a connection may break for reasons of its own.
        if answer.figures.finish not in CUT or (answer.figures.finish != "abort" and time.time() - when > JUST_SECONDS):
            self._cut = None
        elif end:
            self._cut = None
            answer.end(end)
            return True
        return False


def _vector(embedding: Embedding) -> str:
    numbers = ", ".join(f"{number:.4f}" for number in embedding.first)
    words = _("A vector of **{count}** numbers, in {milliseconds:.0f} ms:\n\n```\n[{numbers}, …]\n```")
    return words.format(count=embedding.dimensions, milliseconds=embedding.seconds * 1000, numbers=numbers)


ASKABLE = frozenset({State.READY, State.BUSY, State.HUNG, State.HALF, State.BROKEN})
"""Where a question may be put; whether one that hangs answers after all is for its user to try."""


def why_not(server: Server, phase: str = "") -> str:
    """Why a server cannot be asked now, in one sentence; empty when it can.

    Args:
        server: The server.
        phase: What it does while it starts, in the reader's words; empty leaves it out.
    """
    name = server.name
    if server.url is None and server.state is not State.GONE:
        return _("There is no way to {name}: it publishes no port. Your text stays here.").format(name=name)
    if server.state in ASKABLE:
        return ""
    if server.state in {State.STARTING, State.CREATED}:
        if phase:
            return _("{name} is starting ({phase}). Your text stays here; it can be sent when it is ready.").format(
                name=name, phase=phase
            )
        return _("{name} is starting. Your text stays here; it can be sent when it is ready.").format(name=name)
    reasons = {
        State.STOPPED: _("{name} is stopped: start it first. Your text stays here."),
        State.FAILED: _("{name} failed: its log says why. Your text stays here."),
        State.PAUSED: _("{name} is paused. Your text stays here."),
        State.GONE: _("{name} is gone. Your text stays here."),
    }
    return reasons.get(server.state, _("{name} does not answer yet. Your text stays here.")).format(name=name)
