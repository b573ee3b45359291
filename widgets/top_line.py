"""The line at the top: name, screens, the host in view."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

KEPT = (True, True, True), (False, True, True), (False, False, True), (False, False, False)
"""Whether engine, VRAM and the screens' names stand there, from the fullest line on."""
DIM = "$foreground 62%"


class TopLine(Widget):
    """One line; what matters least is dropped first when it gets narrow."""

    @dataclass(frozen=True, slots=True)
    class Place:
        """A screen that exists."""

        digit: str
        name: str
        mode: str
        """What `Asked` says when it is clicked."""

    @dataclass(frozen=True, slots=True)
    class HostLine:
        """The host in view."""

        name: str = ""
        kind: str = ""
        """WSL2, Linux, …"""
        engine: str = ""
        """docker 27.3"""
        answers: bool | None = None
        """None while nobody knows yet."""
        trouble: str = ""
        """In a few words, when it does not answer."""
        vram: tuple[str, str] = ("", "")
        """GiB of its GPUs' memory in use and there in all; empty where they are not known."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        width: 1fr;
        background: $surface;
        padding: 0 1;
    }
    """

    places: reactive[tuple[Place, ...]] = reactive(())
    """The screens, in the order of their digits."""
    here: reactive[str] = reactive("")
    """The mode of the screen in view."""
    host: reactive[HostLine] = reactive(HostLine())
    """What is known of the host."""
    badges: reactive[tuple[str, ...]] = reactive(())
    """READ ONLY, DEMO."""

    class Asked(Message):
        """A screen's name was clicked."""

        def __init__(self, mode: str) -> None:
            super().__init__()
            self.mode = mode

    def __init__(self, host_word: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._host_word = host_word

    def render(self) -> Content:
        """Draw the fullest line that fits."""
        width = self.content_size.width
        for kept in KEPT:
            line = self._line(*kept)
            if line.cell_length <= width:
                break
        return line

    def on_click(self, event: events.Click) -> None:
        """Go to the screen whose name was clicked."""
        start = len("llmtui   ")
        for place in self.places:
            end = start + len(place.name) + 4
            if start <= event.x - 1 < end:
                self.post_message(self.Asked(place.mode))
            start = end + 1

    def _line(self, engine: bool, vram: bool, names: bool) -> Content:
        parts = [Content.styled("llmtui", "bold $accent"), Content("   ")]
        parts += [self._place(place, names) for place in self.places]
        parts += [Content("  "), *self._host(engine)]
        parts += self._vram() if vram else []
        parts += [Content.styled(f" {badge} ", "bold $background on $warning") for badge in self.badges]
        return Content.assemble(*parts)

    def _place(self, place: Place, names: bool) -> Content:
        words = f" {place.digit} {place.name} " if names else f" {place.digit} "
        return Content.styled(words, "bold $background on $primary" if place.mode == self.here else DIM)

    def _vram(self) -> list[Content]:
        used, total = self.host.vram
        if not total:
            return []
        return [Content.assemble(("  VRAM ", DIM), (used, "bold"), (f"/{total} GiB ", DIM))]

    def _host(self, engine: bool) -> list[Content]:
        host = self.host
        if not host.name:
            return []
        dot = {True: ("●", "$success"), False: ("✖", "$error"), None: ("◐", "$warning")}[host.answers]
        parts = [
            Content.styled(f" {self._host_word} ", DIM),
            Content.styled(host.name, "bold"),
            Content(" "),
            Content.styled(dot[0], dot[1]),
        ]
        words = host.trouble if host.answers is False else " · ".join(word for word in (host.kind, host.engine) if word)
        if words and (engine or host.answers is False):
            parts.append(Content.styled(f" {words}", "$error" if host.answers is False else DIM))
        parts.append(Content(" "))
        return parts
