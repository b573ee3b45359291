"""A screen that says at its bottom which keys work now, and explains them on F1."""

from __future__ import annotations

from functools import cached_property
from gettext import gettext as _
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from widgets.gate import Gate
from widgets.key_bar import KeyBar
from widgets.keys import KeyRow, here

Result = TypeVar("Result")

PINNED = {
    "palette": (KeyBar.Key("ctrl+p", _("Commands"), "palette"), "app.command_palette"),
    "help": (KeyBar.Key("F1", _("Help"), "help"), "screen.help"),
    "quit": (KeyBar.Key("ctrl+q", _("Quit"), "quit"), "app.quit"),
}
"""The keys that work everywhere, and what a click on them does."""


class KeyedScreen(Screen[Result]):
    """Keeps its bottom line true, whatever has the focus."""

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

    PINNED: ClassVar[tuple[str, ...]] = tuple(PINNED)
    """Which of the keys that work everywhere stand at the right."""

    EARLY: ClassVar[tuple[str, ...]] = ()
    """The keys, by their ids, that must not fall off a narrow bottom line: they follow what the focus itself does first."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual's own, without a paint of the whole screen each time the focus moves: who has or had it paints itself."""

    heading = ""
    """What the help is about; nothing where the keys alone say it."""

    @cached_property
    def gate(self) -> Gate:
        """Closed while the focus is about to move: keys wait."""
        return Gate(self)

    def key_bar(self) -> KeyBar:
        """Make the bottom line."""
        bar = KeyBar()
        bar.pinned = tuple(PINNED[name][0] for name in self.PINNED)
        return bar

    def on_mount(self) -> None:
        """Keep the bottom line true."""
        self.bindings_updated_signal.subscribe(self, self._bindings_updated, immediate=True)
        self._say_keys()

    def on_screen_suspend(self) -> None:
        """What opens over it is what keys were meant for."""
        self.gate.open()

    def on_screen_resume(self) -> None:
        """A mark that went through what was closed may never come back: keys go on here."""
        self.post_message(Gate.Opened(False))

    def words(self, row: KeyRow) -> str:
        """Say what a key does now, where its own words are too general."""
        return row.words

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """Name keys that are no bindings of ours, for the bottom line."""
        return ()

    def urgent(self) -> tuple[KeyBar.Key, ...]:
        """Name the keys without which one does not get out of here: they stand right behind the first."""
        return ()

    def action_help(self) -> None:
        """Show the keys that work here."""
        from widgets.help import HelpScreen

        self.app.push_screen(HelpScreen(here(self.active_bindings, hidden=True), self.heading, self.hints()))

    @on(KeyBar.Pressed)
    async def _pressed(self, event: KeyBar.Pressed) -> None:
        if event.id in PINNED:
            await self.app.run_action(PINNED[event.id][1], self)
        for row in here(self.active_bindings):
            if row.id == event.id:
                await self.app.run_action(row.action, row.node)

    def _bindings_updated(self, screen: Screen[object]) -> None:
        if screen is self and self.is_mounted:
            self._say_keys()

    def _say_keys(self) -> None:
        rows = here(self.active_bindings)
        early = {id: place for place, id in enumerate(self.EARLY)}
        rows[1:] = sorted(rows[1:], key=lambda row: early.get(row.id, len(early)))
        keys = [KeyBar.Key(row.key, self.words(row), row.id) for row in rows]
        for bar in self.query(KeyBar):
            bar.keys = (*keys[:1], *self.urgent(), *keys[1:], *self.hints())
