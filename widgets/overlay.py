"""What opens over a screen: a titled box, with a bottom line of its own."""

from __future__ import annotations

from gettext import gettext as _
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList

from widgets.form_editors import TextEditor
from widgets.keyed import KeyedScreen, Result


class OverlayLine(TextEditor):
    """A typed line of an overlay; enter takes what stands there."""

    BINDINGS = [
        Binding("enter", "submit", _("Take"), priority=True, id="overlay.enter", tooltip=_("Take what stands there"))
    ]


class OverlayList(OptionList):
    """A list of an overlay; enter takes the marked entry."""

    DEFAULT_CSS = """
    OverlayList, OverlayList:focus {
        height: auto;
        border: none;
        padding: 0;
        background: $surface;
        background-tint: transparent;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-color: $foreground 38%;
    }
    OverlayList > .option-list--option-highlighted, OverlayList:focus > .option-list--option-highlighted {
        background: $panel;
        color: $foreground;
        text-style: bold;
    }
    """

    BINDINGS = [
        Binding("enter", "select", _("Take"), priority=True, id="overlay.take", tooltip=_("Take the marked entry"))
    ]


class Overlay(KeyedScreen[Result], ModalScreen[Result]):
    """The frame of everything that opens over a screen: its title reversed on the accent border, its keys at the bottom.

    Args:
        title: What it asks or shows.
    """

    DEFAULT_CSS = """
    Overlay { align: center middle; background: $background 50%; }
    Overlay > Vertical {
        height: auto;
        max-width: 100%;
        max-height: 100%;
        background: $surface;
        border: round $accent;
        border-title-background: $accent;
        border-title-color: $background;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
    }
    """

    PINNED: ClassVar[tuple[str, ...]] = ("help", "quit")

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title

    def compose(self) -> ComposeResult:
        """The box, and the keys below."""
        with Vertical() as box:
            if self.heading:
                box.border_title = Content(f" {self.heading} ")
            yield from self.compose_box()
        yield self.key_bar()

    def compose_box(self) -> ComposeResult:
        """What stands in the box."""
        yield from ()
