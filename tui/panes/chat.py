"""The chat tab: one conversation, one draft and one running answer for each server."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from gettext import gettext as _
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker

from tui.messages import CopyAsked, ServiceFailed
from tui.panes.chat_choice import Choice
from tui.panes.chat_conversations import ConversationsScreen
from tui.panes.chat_edit import ChatEdit
from tui.panes.chat_settings import ChatSettingsScreen
from tui.panes.chat_words import copies, snippet_choices
from tui.services.chat import Chat
from tui.services.chat_dialogue import Dialogue, why_not
from tui.services.chat_errors import unforeseen
from tui.services.chat_records import ChatMessage
from tui.services.errors import ServiceError
from tui.services.history import History, Key
from tui.services.server import Server
from tui.services.state_words import phase_words
from widgets.conversation import Conversation
from widgets.prompt import Prompt

LATE_SECONDS = 6.0
"""How long a question may wait for the first word before the server is looked at more closely."""


class ChatPane(ChatEdit):
    """Talks to the chosen server.

    Choosing another server stops nothing: its answer goes on in the background and stands there when one returns.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "stop", _("Stop answer"), id="chat.stop", tooltip=_("Stop the answer; what came of it stays")
        ),
        Binding(
            "ctrl+g",
            "settings",
            _("Settings"),
            id="chat.settings",
            tooltip=_("System prompt, temperature, length, thinking"),
        ),
        Binding(
            "ctrl+o",
            "conversations",
            _("Conversations"),
            id="chat.conversations",
            tooltip=_("Open, begin or delete one"),
        ),
    ]

    server: reactive[Server | None] = reactive(None, repaint=False)
    """Whom one talks to."""

    class Answering(Message):
        """A server of ours began or ended to answer."""

        def __init__(self, server_key: Key, answering: bool) -> None:
            super().__init__()
            self.server_key = server_key
            self.answering = answering

    class Unanswered(Message):
        """A question has waited long for the first word."""

        def __init__(self, server_key: Key) -> None:
            super().__init__()
            self.server_key = server_key

    def __init__(self, chat: Chat, history: History, *, id: str | None = None) -> None:
        """Build the tab; nothing is loaded before it is shown with a server."""
        super().__init__(id=id)
        self._chat = chat
        self._history = history
        self._dialogues: dict[Key, Dialogue] = {}
        self._answers: dict[Key, Worker[None]] = {}

    def on_mount(self) -> None:
        """Tell every second what keeps us waiting."""
        self.set_interval(1.0, lambda: self.show_waiting(self.server))

    def on_descendant_focus(self) -> None:
        """Load the client while the reader is still writing: loading it costs a second that nobody else should pay."""
        if self.server is not None and self.prompt.has_focus:
            self._chat.warm()

    def watch_server(self, before: Server | None, server: Server | None) -> None:
        """Show another server's conversation, or what changed of this one."""
        if (before and before.key) != (server and server.key):
            if self.shown is not None and self.shown.editing is not None:
                self.end_editing(self.shown)
            self.shown = None
            self.say("")
            self.address(self._dialogue(server) if server is not None else None)
            self.run_worker(self._show(server), group="chat-show", exclusive=True)
        elif server is not None:
            if self.waits_for("ready"):
                self._say_waiting(server)
            if (dialogue := self._dialogue(server)).judge(server):
                self.run_worker(self._tell_end(dialogue, server.name), group="chat-keep")
        self.name_server()

    def name_server(self) -> None:
        """Say whom one writes to."""
        self.describe(self.server, None if self.server is None else self._dialogue(self.server))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`esc` is ours only while there is something to stop."""
        if action == "stop":
            return self.shown is not None and (self.shown.running or self.shown.editing is not None)
        return True

    def action_stop(self) -> None:
        """Stop the answer that runs here, or give up editing."""
        if (dialogue := self.shown) is None:
            return
        if dialogue.key in self._answers:
            self._answers[dialogue.key].cancel()
        elif dialogue.editing is not None:
            self.end_editing(dialogue)
            self.say("")

    def action_settings(self) -> None:
        """Change how this server answers."""
        if self.shown is not None and self.server is not None:
            self.run_worker(self._change_settings(self.shown, self.server), group="chat-modal", exclusive=True)

    def action_conversations(self) -> None:
        """Choose another conversation."""
        if self.shown is None or self.server is None or self._busy(self.shown):
            return
        self.run_worker(self._choose_conversation(self.shown, self.server), group="chat-modal", exclusive=True)

    @on(Prompt.Submitted)
    async def _send(self, event: Prompt.Submitted) -> None:
        event.stop()
        dialogue, server = self.shown, self.server
        if server is None:
            self.say(_("Choose a server first. Your text stays here."))
        elif dialogue is None:
            self.say(_("Its conversation is being fetched. Your text stays here."), until="fetched")
        elif not self._busy(dialogue) and not self._refused(server):
            edits = dialogue.editing is not None
            self.prompt.begin(dialogue.draft if edits else self.prompt.typed_since(event.text), [])
            await self._bring_back(dialogue, server)
            if (place := dialogue.editing) is not None:
                await self.conversation.cut(place)
            dialogue.ask(event.text.strip("\n"))
            self.prompt.earlier = dialogue.questions()
            await self.add_last(dialogue, server.name)
            self._begin(dialogue, server)

    @on(Conversation.Wanted)
    async def _wanted(self, event: Conversation.Wanted) -> None:
        event.stop()
        dialogue, server = self.shown, self.server
        if event.what == "write":
            self.prompt.focus()
        elif dialogue is None or server is None or dialogue.last_question() is None:
            self.say(_("Nothing said yet."))
        elif event.what == "edit":
            if not self._busy(dialogue):
                self.edit(dialogue, dialogue.last_question(event.place))
        elif event.what == "retry":
            await self._retry(dialogue, server)
        elif event.what == "copy":
            self.offer(_("Copy"), copies(dialogue.messages, server.name), self._copy)
        else:
            asked = dialogue.messages[: (dialogue.last_question() or 0) + 1]
            self.offer(_("The last question as"), snippet_choices(server, asked, dialogue.settings), self._copy)

    def _copy(self, choice: Choice) -> None:
        self.post_message(CopyAsked(choice.text, choice.what))

    async def _retry(self, dialogue: Dialogue, server: Server) -> None:
        if not self._busy(dialogue) and not self._refused(server) and dialogue.forget_answer():
            await self.conversation.cut(len(dialogue.messages))
            self._begin(dialogue, server)

    def _busy(self, dialogue: Dialogue) -> bool:
        worker = self._answers.get(dialogue.key)
        busy = worker is not None and not worker.is_finished
        if busy:
            self.say(_("An answer is still coming: esc stops it."), until=dialogue.key)
        return busy

    def _refused(self, server: Server) -> bool:
        reason = why_not(server, phase_words(server.phase or ""))
        if reason:
            self.say(reason, until="ready")
        return bool(reason)

    def _say_waiting(self, server: Server) -> None:
        if not self._refused(server):
            self.say("")

    def _begin(self, dialogue: Dialogue, server: Server) -> None:
        """Let the answer come in a worker that outlives the choice of another server."""
        self.say("")
        self._answers[dialogue.key] = self.run_worker(
            self._answer(dialogue, server), name="answer", group=f"answer {'/'.join(dialogue.key)}"
        )

    async def _answer(self, dialogue: Dialogue, server: Server) -> None:
        try:
            await self._let_answer(dialogue, server)
        except Exception as error:  # one answer that goes wrong must not take the program with it
            self.post_message(ServiceFailed(unforeseen(error, server)))

    async def _let_answer(self, dialogue: Dialogue, server: Server) -> None:
        self.post_message(self.Answering(dialogue.key, True))
        begun = False
        try:
            async with aclosing(dialogue.answer(server)) as states:
                async for message in states:
                    await (self.show_last if begun else self.add_last)(dialogue, server.name)
                    if not begun:
                        begun = True
                        self.set_timer(LATE_SECONDS, partial(self._tell_late, dialogue, message))
                        self.refresh_bindings()
                        self.run_worker(self.keep(dialogue.keep()), group="chat-keep")
        finally:
            self._answers.pop(dialogue.key, None)
            keeping = asyncio.ensure_future(self.keep(dialogue.keep()))
            if self.is_running:
                self.post_message(self.Answering(dialogue.key, False))
                self.refresh_bindings()
                self.happened(dialogue.key)
                await self.show_end(dialogue, server.name)
            await keeping

    async def _tell_end(self, dialogue: Dialogue, name: str) -> None:
        await self.show_last(dialogue, name)
        await self.keep(dialogue.keep())

    def _tell_late(self, dialogue: Dialogue, message: ChatMessage) -> None:
        if dialogue.running and message is dialogue.messages[-1] and not (message.text or message.reasoning):
            self.post_message(self.Unanswered(dialogue.key))

    async def _bring_back(self, dialogue: Dialogue, server: Server) -> None:
        """Try once more what the history refused before; until it succeeds nothing new is kept."""
        if not dialogue.loaded:
            await self.fetch(dialogue)
            if dialogue.loaded and dialogue is self.shown:
                await self.show_dialogue(dialogue, server.name)

    async def _show(self, server: Server | None) -> None:
        if server is None:
            return await self.show_nobody()
        dialogue = self._dialogue(server)
        await self.fetch(dialogue)
        dialogue.judge(server)
        await self.show_dialogue(dialogue, server.name)
        if self.waits_for("fetched"):
            self._say_waiting(self.server or server)  # it was to be sent; what still stands in the way is said
        self.name_server()
        self.refresh_bindings()

    async def _change_settings(self, dialogue: Dialogue, server: Server) -> None:
        settings = await self.app.push_screen_wait(ChatSettingsScreen(server.name, dialogue.settings))
        if settings is not None:
            dialogue.settings = settings
            self.name_server()
            await self.keep(dialogue.keep_desk())

    async def _choose_conversation(self, dialogue: Dialogue, server: Server) -> None:
        try:
            summaries = await self._history.conversations(dialogue.key)
            screen = ConversationsScreen(server.name, self._history, summaries, dialogue.conversation)
            chosen = await self.app.push_screen_wait(screen)
            if chosen is not None and chosen != dialogue.conversation:
                if dialogue.editing is not None:
                    self.end_editing(dialogue)
                await dialogue.open(chosen or None)
                await self.show_dialogue(dialogue, server.name)
        except ServiceError as error:
            self.post_message(ServiceFailed(error))

    def _dialogue(self, server: Server) -> Dialogue:
        return self._dialogues.setdefault(server.key, Dialogue(server.key, self._chat, self._history))

    async def on_unmount(self, event: events.Unmount) -> None:
        """Nothing that runs here outlives the tab."""
        for worker in self._answers.values():
            worker.cancel()
