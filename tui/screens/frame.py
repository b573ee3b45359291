"""What every screen has: the line at the top, the line at the bottom, help."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen

from tui.keys import here
from widgets.key_bar import KeyBar
from widgets.top_line import TopLine

PLACES = (TopLine.Place("1", _("Console"), "console"),)
"""The screens that exist."""


class FramedScreen(Screen[Any]):
    """A screen between the two lines."""

    MODE: ClassVar[str] = ""
    BINDINGS = [
        Binding(
            "f1", "help", _("Help"), show=False, id="frame.help", tooltip=_("Which keys work here and what they do")
        ),
        Binding(
            "question_mark,？",
            "help",
            _("Help"),
            show=False,
            id="frame.help.letter",
            tooltip=_("Which keys work here and what they do"),
        ),
    ]

    host_line: reactive[TopLine.HostLine] = reactive(TopLine.HostLine())
    """What the top says of the host, bound by the app."""
    badges: reactive[tuple[str, ...]] = reactive(())
    """READ ONLY and the like, bound by the app."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host

    def compose(self) -> ComposeResult:
        """Top, body, bottom."""
        top = TopLine(_("host")).data_bind(host=FramedScreen.host_line, badges=FramedScreen.badges)
        top.places, top.here = PLACES, self.MODE
        yield top
        yield from self.compose_body()
        bar = KeyBar()
        bar.pinned = (
            KeyBar.Key("ctrl+p", _("Commands"), "palette"),
            KeyBar.Key("F1", _("Help"), "frame.help"),
            KeyBar.Key("ctrl+q", _("Quit"), "app.quit"),
        )
        yield bar

    def compose_body(self) -> ComposeResult:
        """What the screen itself shows."""
        yield from ()

    def on_mount(self) -> None:
        """Keep the bottom line true."""
        self.bindings_updated_signal.subscribe(self, self._bindings_updated, immediate=True)
        self._bindings_updated(self)

    def action_help(self) -> None:
        """Show the keys that work here."""
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(here(self.active_bindings, hidden=True)))

    @on(KeyBar.Pressed)
    async def _pressed(self, event: KeyBar.Pressed) -> None:
        if event.id == "palette":
            self.app.action_command_palette()
        for row in here(self.active_bindings, hidden=True):
            if row.id == event.id:
                await self.app.run_action(row.action, row.node)

    def _bindings_updated(self, screen: Screen[object]) -> None:
        if screen is self and self.is_mounted:
            bar = self.query_one(KeyBar)
            bar.keys = tuple(KeyBar.Key(row.key, row.words, row.id) for row in here(self.active_bindings))
