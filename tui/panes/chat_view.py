"""What the chat tab shows: the messages, a line for what stands in the way, the prompt."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.panes.chat_choice import Choice, ChoiceScreen
from tui.panes.chat_words import entry, settings_line, waiting_line
from tui.services.chat_dialogue import Dialogue
from tui.services.server import Server
from widgets.answer import Entry
from widgets.conversation import Conversation
from widgets.prompt import Prompt


class ChatView(Vertical):
    """Shows one dialogue at a time."""

    DEFAULT_CSS = """
    ChatView {
        height: 1fr;
        background: $background;
        & > .notice { color: $warning; height: auto; margin: 0 2; display: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Show nobody yet."""
        super().__init__(id=id)
        self.shown: Dialogue | None = None
        """The dialogue that stands on the screen; None while another one is being brought."""
        self.conversation = Conversation()
        self.prompt = Prompt()
        self._notice = Static(classes="notice")
        self._until: object = None
        self._said: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield self.conversation
        yield self._notice
        yield self.prompt

    def on_resize(self, event: events.Resize) -> None:
        """Leave the messages their room."""
        self.prompt.room(event.size.height)

    def say(self, words: str, until: object = None) -> None:
        """Say what stands in the way, above the prompt; nothing takes the line away.

        Args:
            words: The line.
            until: What takes it away when it `happened`: an event's name, or the key of the server whose answer ended.
        """
        self._until = until
        self._notice.update(Content(words))
        self._notice.display = bool(words)

    def waits_for(self, what: object) -> bool:
        """Whether a line stands there until this happens."""
        return self._notice.display and self._until == what

    def happened(self, what: object) -> None:
        """Take the line away if it was to stand until this."""
        if self._until == what:
            self.say("")

    def describe(self, server: Server | None, dialogue: Dialogue | None) -> None:
        """Say whom one writes to and how it answers."""
        if server is None or dialogue is None:
            self._entitle("", "", _("No server is chosen."))
            if self.prompt.has_focus:
                self.conversation.focus()
            self.prompt.display = False
            return
        self.prompt.display = True
        embeds = server.task == "embed"
        words = _("{name} does not write: it turns text into numbers. Send a text to see its vector.").format(
            name=server.name
        )
        how = _("embeds text") if embeds else settings_line(dialogue.settings)
        self._entitle(server.name, how, words if embeds else _("Nothing said yet."))

    def _entitle(self, *said: str) -> None:
        """Write at the edges of the prompt, and where there is no message: all of both is painted anew by that."""
        if said != self._said:
            self._said = said
            self.prompt.title(said[0])
            self.prompt.subtitle(said[1])
            self.conversation.say_when_empty(said[2])

    async def show_nobody(self) -> None:
        """Take everything away."""
        self.shown = None
        await self.conversation.show([])
        self.prompt.begin("", [])

    async def show_dialogue(self, dialogue: Dialogue, name: str) -> None:
        """Bring a dialogue onto the screen as it is now, its running answer included."""
        self.shown = None
        await self.conversation.show(self._entries(dialogue, name))
        self.prompt.earlier = dialogue.questions()
        self.shown = dialogue

    async def show_last(self, dialogue: Dialogue, name: str, waiting: str = "") -> None:
        """Bring the last message up to date if its dialogue is on the screen."""
        if dialogue is self.shown and dialogue.messages:
            await self.conversation.update_last(entry(dialogue.messages[-1], name, dialogue.running, waiting))

    async def show_waiting(self, server: Server | None) -> None:
        """Say what the server is busy with while it keeps us waiting."""
        dialogue = self.shown
        if server is None or dialogue is None or not dialogue.running or dialogue.messages[-1].figures.tokens:
            return
        await self.show_last(dialogue, server.name, waiting_line(server))

    async def add_last(self, dialogue: Dialogue, name: str) -> None:
        """Add the newest message."""
        if dialogue is self.shown:
            await self.conversation.add(self._entries(dialogue, name)[-1])

    def offer(self, title: str, choices: list[Choice], chosen: Callable[[Choice], None]) -> None:
        """Let the reader choose one of a few things."""
        self.app.push_screen(ChoiceScreen(title, choices), lambda choice: None if choice is None else chosen(choice))

    def _entries(self, dialogue: Dialogue, name: str) -> list[Entry]:
        last = len(dialogue.messages) - 1
        running = [
            dialogue.running and place == last and m.role == "assistant" for place, m in enumerate(dialogue.messages)
        ]
        return [entry(message, name, goes) for message, goes in zip(dialogue.messages, running, strict=True)]
