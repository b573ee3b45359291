"""What every screen has: the line at the top, the line at the bottom, help."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.reactive import reactive

from widgets.keyed import KeyedScreen
from widgets.top_line import TopLine

PLACES = (TopLine.Place("1", _("Console"), "console"),)
"""The screens that exist."""


class FramedScreen(KeyedScreen[Any]):
    """A screen between the two lines."""

    MODE: ClassVar[str] = ""

    host_line: reactive[TopLine.HostLine] = reactive(TopLine.HostLine(), repaint=False)
    """What the top says of the host, bound by the app."""
    badges: reactive[tuple[str, ...]] = reactive((), repaint=False)
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
        yield self.key_bar()

    def compose_body(self) -> ComposeResult:
        """What the screen itself shows."""
        yield from ()
