"""The log one works in: its keys, choosing lines, marks, folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from widgets.log_choice import LogChoice
from widgets.log_keys import LOG_KEYS


class LogView(LogChoice):
    """A container's log; it is given lines and says what was asked of it."""

    BINDINGS: ClassVar[list[BindingType]] = list(LOG_KEYS)

    @dataclass
    class Status(Message):
        """What stands in the log's title may have changed."""

        view: LogView

        @property
        def control(self) -> LogView:
            """The log."""
            return self.view

    class FindAsked(Message):
        """The reader wants to type what to find."""

    class FilterAsked(Message):
        """The reader wants to type which lines to show."""

    class SaveAsked(Message):
        """The reader wants the log in a file."""

    def synced(self) -> None:
        """Tell that what stands in the title may have changed."""
        super().synced()
        self.post_message(self.Status(self))

    def looked(self) -> None:
        """Tell that the count may have changed."""
        self.post_message(self.Status(self))

    def watch_cursor(self) -> None:
        """Draw the choice."""
        super().watch_cursor()
        self.post_message(self.Status(self))

    @property
    def line_number(self) -> int:
        """The number of the chosen line, or of the last one in view."""
        seen = self._in_view() if self.cursor is None else [self.cursor]
        for index in reversed(seen):
            if self.store.first <= index < self.store.end and (number := self.store.at(index).number) is not None:
                return number
        return self.store.last_number

    # looking

    def action_fold(self) -> None:
        """Fold or unfold the chosen traceback, or all when none is chosen."""
        head = self.store.head_of(self.cursor) if self.cursor is not None else None
        if head is None:
            self.unfold_all(not self._unfolded)
            return
        self.index.toggle(head)
        self._found_in = None
        if self.cursor is not None and self.index.is_open(head) is False:
            self.cursor = head
        self.sync()

    def unfold_all(self, unfolded: bool) -> None:
        """Open all folds, or close them."""
        self._unfolded = unfolded
        self._found_in = None
        self.index.toggled.clear()
        self.sync()

    def action_wrap(self) -> None:
        """Wrap long lines, or let them go on to the right."""
        if self.wrap:
            self.measure()
        self.scroll_to(x=0, animate=False, force=True, immediate=True)
        self.wrap = not self.wrap

    def action_times(self) -> None:
        """Show the time of day, the date too, or no time."""
        self.times = (self.times + 1) % 3

    def action_heads(self) -> None:
        """Show lines as they were written, or without their heads."""
        self.heads = not self.heads

    def action_polls(self) -> None:
        """Show or hide polling lines."""
        self.polls = not self.polls

    def on_click(self, event: events.Click) -> None:
        """Fold or unfold the traceback under the mouse."""
        index = self._line_under(event)
        if event.chain == 1 and self.anchor_line is None and index in self.store.counts:
            self.action_fold()

    # finding

    def action_find(self) -> None:
        """Ask what to find."""
        self.post_message(self.FindAsked())

    def action_filter(self) -> None:
        """Ask which lines to show."""
        self.post_message(self.FilterAsked())

    def action_save(self) -> None:
        """Ask for the file."""
        self.post_message(self.SaveAsked())

    def action_seek(self, backward: bool) -> None:
        """Go to the next match, or the one before."""
        self.anchor_line = None
        self.seek(backward)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave esc to others when there is nothing to let go of."""
        if action == "clear":
            return any(held is not None for held in (self.cursor, self.wanted, self.only))
        if action == "seek":
            return self.wanted is not None
        if action == "next_mark":
            return bool(self.marks)
        return True
