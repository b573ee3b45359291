"""The chat tab alone in an app, for its tests."""

from __future__ import annotations

from pathlib import Path

from textual.app import App, ComposeResult

from tui.messages import CopyAsked, ServiceFailed
from tui.panes.chat import ChatPane
from tui.services.chat import Chat
from tui.services.history import History


class Page(App[None]):
    """A chat tab and what it says upward."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.history = History(path)
        self.pane = ChatPane(Chat(), self.history)
        self.copied: list[str] = []
        self.failures: list[str] = []
        self.answering: list[tuple[str, bool]] = []
        self.unanswered: list[str] = []
        self.spoilt = False

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_copy_asked(self, message: CopyAsked) -> None:
        """Remember what was copied."""
        self.copied.append(message.text)

    def on_service_failed(self, message: ServiceFailed) -> None:
        """Remember what failed."""
        self.failures.append(str(message.error))

    def on_chat_pane_answering(self, message: ChatPane.Answering) -> None:
        """Remember who answers."""
        self.answering.append((message.server_key[1], message.answering))

    def on_chat_pane_unanswered(self, message: ChatPane.Unanswered) -> None:
        """Remember who keeps a question waiting."""
        self.unanswered.append(message.server_key[1])

    def on_unmount(self) -> None:
        """Close the file."""
        self.history.close()

    def action_spoil(self) -> None:
        """What a hostile link would call."""
        self.spoilt = True
