"""The palette: a box in which one types a part of what is wanted, with its own keys at the bottom."""

from __future__ import annotations

from gettext import gettext as _
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.command import CommandInput, CommandPalette, ProviderSource
from textual.containers import Vertical
from textual.content import Content

from widgets.key_bar import KeyBar
from widgets.keyed import KeyedScreen


class Palette(CommandPalette, KeyedScreen[None]):
    """Textual's palette in our frame.

    Args:
        heading: What it offers.
        placeholder: What is typed.
        providers: Who offers; those of the app when None.
        id: The screen's id.
    """

    DEFAULT_CSS = """
    Palette { align: center top; background: $background 50%; }
    Palette #--container {
        visibility: visible;
        width: 84;
        max-width: 100%;
        height: auto;
        max-height: 80%;
        margin-top: 2;
        background: $surface;
        border: round $accent;
        border-title-background: $accent;
        border-title-color: $background;
        border-title-style: bold;
        &:dark { background: $surface; }
    }
    Palette #--input, Palette #--input.--list-visible { border: none; height: 1; background: $panel; }
    Palette SearchIcon { display: none; }
    Palette CommandInput, Palette CommandInput:focus { border: none; height: 1; padding: 0 1; }
    Palette #--results { overlay: none; }
    Palette CommandList, Palette CommandList:focus { border: none; max-height: 60vh; background: $surface; }
    Palette CommandList > .option-list--option { padding: 0 1; }
    Palette CommandList > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    Palette LoadingIndicator { display: none; }
    """

    BINDINGS = [
        Binding("enter", "run", _("Run"), priority=True, id="palette.run", tooltip=_("Do what is marked")),
        Binding("escape", "escape", _("Close"), id="palette.close", tooltip=_("Back to where you were")),
    ]

    PINNED: ClassVar[tuple[str, ...]] = ("help", "quit")

    def __init__(
        self, heading: str, placeholder: str, providers: ProviderSource | None = None, id: str | None = None
    ) -> None:
        super().__init__(providers, placeholder=placeholder, id=id)
        self.heading = heading

    def compose(self) -> ComposeResult:
        """The box, and the keys below."""
        yield from super().compose()
        yield self.key_bar()

    def on_mount(self) -> None:
        """Name the box."""
        self.query_one("#--container", Vertical).border_title = Content(f" {self.heading} ")

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The arrows move in the list, what is typed narrows it."""
        return (KeyBar.Key("↑↓", _("Choose"), ""), KeyBar.Key(_("letters"), _("Filter"), ""))

    async def action_run(self) -> None:
        """Do what is marked."""
        await self.query_one(CommandInput).action_submit()
