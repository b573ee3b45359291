"""A log in its frame: the lines, the line for finding, and a title that says where one is."""

from __future__ import annotations

import time
from dataclasses import replace
from gettext import gettext as _
from gettext import ngettext

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from widgets.log_bar import LogBar, LogField, Purpose
from widgets.log_view import LogView

SELDOM = 10
"""Seconds between two counts of polling lines, while nothing else changes."""
WIDE = 90
"""Columns from which the frame also names some keys."""


class LogBox(Vertical):
    """The frame around a `LogView`."""

    DEFAULT_CSS = """
    LogBox {
        height: 1fr;
        border: round $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        background: $background;
        &:focus-within {
            border: round $accent;
            border-title-color: $background;
            border-title-background: $accent;
        }
    }
    """

    name_shown: reactive[str] = reactive("")
    """Whose log it is."""
    span_shown: reactive[str] = reactive("")
    """Which part of the log was read; empty for all of it."""
    trouble: reactive[str] = reactive("")
    """Lasting trouble, told in the title."""

    def __init__(self, *, limit: int = 256_000_000, save_as: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = LogView(limit=limit)
        """The log itself; held, for its lines go on coming while the app ends and the tree is taken down."""
        self.bar = LogBar()
        """The line for finding."""
        self._text = ""
        self._last_told: tuple[object, ...] = ()
        self.save_as = save_as
        """The path that is proposed for saving."""

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield self.view
        yield self.bar

    def on_mount(self) -> None:
        """Show the titles."""
        self._show_title()
        self._show_status()

    def watch_name_shown(self) -> None:
        """Show whose log it is."""
        self._show_title()

    def watch_span_shown(self) -> None:
        """Show which part of it was read."""
        self._show_title()

    def watch_trouble(self) -> None:
        """Show what is wrong."""
        self._show_title()

    @on(LogView.Status)
    def _status(self, event: LogView.Status) -> None:
        event.stop()
        self._show_status()
        if self.bar.has_class("-open") and self.bar.purpose is Purpose.FIND and self.view.wanted is not None:
            self.bar.say(self._matches())

    @on(LogView.FindAsked)
    def _find(self) -> None:
        wanted = self.view.wanted
        self.view.begin_search()
        self.bar.open(Purpose.FIND, wanted.text if wanted else "")

    @on(LogView.FilterAsked)
    def _filter(self) -> None:
        only = self.view.only
        self.bar.open(Purpose.FILTER, only.text if only else "")

    @on(LogView.SaveAsked)
    def _save(self) -> None:
        self.bar.open(Purpose.SAVE, self.save_as)

    @on(LogBar.Changed)
    def _changed(self, event: LogBar.Changed) -> None:
        event.stop()
        pattern = event.pattern and replace(event.pattern, whole=self.view.heads)
        if event.purpose is Purpose.FILTER:
            self.view.only = pattern
            return
        self.view.wanted = pattern
        self.view.seek_from_origin()

    @on(LogField.NextAsked)
    def _next(self, event: LogField.NextAsked) -> None:
        event.stop()
        self.view.seek(event.backward)

    @on(LogBar.Left)
    def _left(self, event: LogBar.Left) -> None:
        event.stop()
        if event.purpose is Purpose.FIND:
            self.view.wanted = None
        elif event.purpose is Purpose.FILTER:
            self.view.only = None
        self.view.focus()

    @on(LogBar.Submitted)
    def _submitted(self, event: LogBar.Submitted) -> None:
        self.view.focus()
        if event.purpose is not Purpose.SAVE:
            event.stop()

    def _show_title(self) -> None:
        text = _("Log") + (f" · {self.name_shown}" if self.name_shown else "")
        if self.span_shown:
            text += f" · {self.span_shown}"
        if self.trouble:
            text += f" · {self.trouble}"
        self.border_title = Content(text)

    def _show_status(self) -> None:
        parts = self._parts()
        if parts and self.size.width >= WIDE and len(parts) < 4:
            parts.append(_("/ find · f follow · w wrap · z fold"))
        text, now = " · ".join(parts), time.monotonic()
        told = (self._told(), now // SELDOM)
        # A new title draws the whole frame: polling lines alone, one a second, are told seldom.
        if text != self._text and (told != self._last_told or not self._text):
            self._text, self._last_told = text, told
            self.border_subtitle = Content(text)

    def _told(self) -> tuple[object, ...]:
        """What is told at once when it changes."""
        view = self.view
        return (
            view.store.last_number - view.store.polls,
            view.line_number if view.only is None else view.index.shown(),
            view.matches,
            view.wanted,
            view.wanted is not None and view.wanted.slow,
            view.only,
            view.only is not None and view.only.slow,
            view.polls,
            view.searched,
            view.new,
            view.chosen,
            self.size.width >= WIDE,
        )

    def _parts(self) -> list[str]:
        view = self.view
        last = view.store.last_number
        if not last:
            return []
        parts: list[str] = []
        if view.wanted is not None:
            parts.append(self._matches())
        if view.only is not None:
            parts.append(_("only “{text}”").format(text=view.only.text))
            if view.only.slow:
                parts.append(too_slow())
        if view.store.polls and not view.polls:
            hidden = ngettext("{count} polling line hidden", "{count} polling lines hidden", view.store.polls)
            parts.append(hidden.format(count=grouped(view.store.polls)))
        if view.chosen and view.anchor_line is not None:
            parts.append(
                ngettext("{count} line chosen", "{count} lines chosen", len(view.chosen)).format(
                    count=grouped(len(view.chosen))
                )
            )
        if view.new:
            parts.append(_("{count} new").format(count=grouped(view.new)))
        parts.append(self._place(last))
        return parts

    def _place(self, last: int) -> str:
        """Say where one is; among filtered lines, how many are left."""
        view = self.view
        if view.only is None:
            return _("line {line} of {last}").format(line=grouped(view.line_number), last=grouped(last))
        shown = view.index.shown()
        return ngettext("{shown} of {last} line shown", "{shown} of {last} lines shown", last).format(
            shown=grouped(shown), last=grouped(last)
        )

    def _matches(self) -> str:
        if self.view.wanted is not None and self.view.wanted.slow:
            return too_slow()
        place, count = self.view.matches
        so_far = "" if self.view.searched else "…"
        if not count and self.view.searched:
            return _("no match") if self.view.heads else _("no match; h looks in the lines' heads too")
        if place is None:
            return ngettext("{count} match", "{count} matches", count).format(count=grouped(count) + so_far)
        return _("{place} of {count}").format(place=grouped(place), count=grouped(count) + so_far)


def too_slow() -> str:
    """Say why an expression finds nothing."""
    return _("this expression takes too long: make it simpler")


def grouped(number: int) -> str:
    """Write a number with its thousands apart."""
    return f"{number:,}".replace(",", " ")
