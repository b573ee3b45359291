"""What the chat tab keeps: the draft of whom one writes to, and what the history holds of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from textual import events, on
from textual.timer import Timer
from textual.widgets import TextArea

from tui.messages import ServiceFailed
from tui.panes.chat_view import ChatView
from tui.services.chat_dialogue import Dialogue
from tui.services.errors import ServiceError

Kept = TypeVar("Kept")
DRAFT_SECONDS = 1.5
"""How long after a key the draft is written to the history."""


class ChatDesk(ChatView):
    """Keeps drafts: what stands in the prompt belongs to the dialogue that is addressed, from the moment it is chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._addressed: Dialogue | None = None
        self._saving: Timer | None = None
        self._told: set[str] = set()

    def address(self, dialogue: Dialogue | None) -> None:
        """Let what is typed from now on be for this dialogue; what was typed for the one before is kept."""
        self.save_draft()
        self._addressed = dialogue
        self.prompt.begin(dialogue.draft if dialogue is not None else "", [])

    async def fetch(self, dialogue: Dialogue) -> None:
        """Bring back what the history holds of it; a draft of then stands before what was typed meanwhile."""
        self._note_draft()
        draft = await self.keep(dialogue.load())
        if draft and dialogue is self._addressed and dialogue.editing is None:
            self.prompt.begin(draft + self.prompt.text, [])
            self._note_draft()

    def save_draft(self) -> None:
        """Write the draft to the history, beside the screen."""
        self._saving = None
        self._note_draft()
        if self._addressed is not None:
            self.run_worker(self.keep(self._addressed.keep_desk()), group="chat-keep")

    async def keep(self, keeping: Awaitable[Kept]) -> Kept | None:
        """Wait for the history; trouble with it is told once, and the chat goes on."""
        try:
            return await keeping
        except ServiceError as error:
            if error.title not in self._told and self.is_running:
                self._told.add(error.title)
                self.post_message(ServiceFailed(error))
        return None

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._note_draft() and self._saving is None:
            self._saving = self.set_timer(DRAFT_SECONDS, self.save_draft)

    def _note_draft(self) -> bool:
        """Take what stands in the prompt as the draft; say whether it is another one now."""
        dialogue, text = self._addressed, self.prompt.text
        if dialogue is None or dialogue.editing is not None or dialogue.draft == text:
            return False
        dialogue.draft = text
        return True

    async def on_unmount(self, event: events.Unmount) -> None:
        """Keep the draft; the history writes it on its own, and quitting waits for no disk."""
        self._note_draft()
        if self._addressed is not None:
            keeping = asyncio.ensure_future(self.keep(self._addressed.keep_desk()))
            await asyncio.wait({keeping}, timeout=0.05)
