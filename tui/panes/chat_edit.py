"""What the chat tab does when a question is asked again in other words, and when nothing comes of that."""

from __future__ import annotations

from gettext import gettext as _

from tui.messages import ServiceFailed
from tui.panes.chat_desk import ChatDesk
from tui.panes.chat_words import editing_line
from tui.services.chat_dialogue import Dialogue, Restored


class ChatEdit(ChatDesk):
    """Lets earlier questions be edited; what they are to replace stays until something has come in its place."""

    def edit(self, dialogue: Dialogue, place: int | None) -> None:
        """Take the question at this place into the prompt."""
        if place is not None:
            self._edit_as(dialogue, place, dialogue.messages[place].text)
            self.prompt.focus()

    def end_editing(self, dialogue: Dialogue) -> None:
        """Give up editing."""
        dialogue.editing = None  # the prompt comes back with the draft, which must replace no question
        self.prompt.begin(dialogue.draft, dialogue.questions())

    async def show_end(self, dialogue: Dialogue, name: str) -> None:
        """Show how an answer ended: what came of it, or what came back because nothing did."""
        restored, dialogue.restored = dialogue.restored, None
        if restored is None:
            await self.show_last(dialogue, name)
            return
        if restored.error is not None:
            self.post_message(ServiceFailed(restored.error))
        if dialogue is self.shown:
            await self.show_dialogue(dialogue, name)
        self._give_back(dialogue, restored)
        if dialogue is self.shown and dialogue.editing is None:
            self.say(_("Nothing came: the answer before stays."))

    def _give_back(self, dialogue: Dialogue, restored: Restored) -> None:
        """Let an edited question that went unanswered stand in the prompt again."""
        if not restored.question:
            return
        if dialogue is self.shown and not self.prompt.text:
            self._edit_as(dialogue, restored.place, restored.question)
            return
        dialogue.draft = f"{restored.question}\n{dialogue.draft}" if dialogue.draft else restored.question
        if dialogue is self.shown and dialogue.editing is None:
            self.prompt.begin(dialogue.draft, dialogue.questions())

    def _edit_as(self, dialogue: Dialogue, place: int, text: str) -> None:
        self.save_draft()
        dialogue.editing = place
        self.prompt.begin(text, dialogue.questions())
        self.say(editing_line(len(dialogue.messages) - place - 1))
